// The text of --help, made from the options that are declared.
#pragma once
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace cnnc {

// Of the main command, or of a subcommand.
std::string help_text(const CLI::App& app);

// Its parts, for the man page and the completions: the lines on how the command is called; its options and
// positions, in the order of the help; how one is written, as in "-o FILE"; what stands below the options, or
// "".
std::string usage(const CLI::App& app);
std::vector<const CLI::Option*> options_in_order(const CLI::App& app);
std::string written(const CLI::Option& option);
std::string footer(const CLI::App& app);

}  // namespace cnnc
