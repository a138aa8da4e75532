// What is wrong with a command line that CLI11 refuses, or would take in a sense that nobody means: what was
// written, and what to write.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

namespace cnnc {

// The subcommand's app, or the main one.
const CLI::App* selected(const CLI::App& app);

// Messages for what CLI11 refuses: a word that no option and no position takes; an option without its value,
// or written twice.
std::string unexpected_word(const CLI::App& app);
std::string wrong_count(const CLI::ArgumentMismatch& error);

// These throw UsageError. Of a first word that looks like a misspelt command, not like a file; of options of
// the main command in front of a subcommand, which would be lost; of an option whose value is empty, or is
// another option.
void check_command_word(const CLI::App& app, const std::string& word);
void check_order(const CLI::App& app);
void check_not_empty(const CLI::App& command);
void check_no_option_as_value(const CLI::App& command);

}  // namespace cnnc
