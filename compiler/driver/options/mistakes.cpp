#include "driver/options/mistakes.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "driver/options/options.h"
#include "support/suggest.h"

namespace cnnc {

const CLI::App* selected(const CLI::App& app) {
  return app.get_subcommands().empty() ? &app : app.get_subcommands().front();
}

std::string unexpected_word(const CLI::App& app) {
  const CLI::App* command = selected(app);
  const std::string name = command == &app ? "cnnc" : "cnnc " + command->get_name();
  const std::string word = app.remaining(true).at(0);
  if (word[0] != '-') return fmt::format("'{}' is one argument too many for '{}'", word, name);
  const std::string option = word.substr(0, word.find('='));
  std::vector<std::string> options;
  for (const CLI::Option* o : command->get_options([](const CLI::Option* o) { return o->nonpositional(); }))
    options.push_back(o->get_lnames().empty() ? "-" + o->get_snames().at(0) : "--" + o->get_lnames()[0]);
  return fmt::format("'{}' has no option '{}'{}", name, option, did_you_mean(option, options));
}

// CLI11 says "--jobs: At Most 1 required but received 2".
std::string wrong_count(const CLI::ArgumentMismatch& error) {
  const std::string text = error.what(), option = text.substr(0, text.find(':'));
  const bool is_missing = text.find("missing") != std::string::npos;
  return fmt::format(is_missing ? "'{}' wants a value behind it" : "'{}' is written more than once", option);
}

void check_not_empty(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options())
    for (const std::string& value : option->results())
      if (value.empty() && option->nonpositional())
        throw UsageError{
            fmt::format("'{}' wants a {}; found ''", option->get_name(), option->get_type_name())};
}

void check_no_option_as_value(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options())
    for (const std::string& value : option->results())
      if (option->nonpositional() && value[0] == '-' && command.get_option_no_throw(value) != nullptr)
        throw UsageError{
            fmt::format("'{}' wants a value behind it; found the option '{}'", option->get_name(), value)};
}

void check_command_word(const CLI::App& app, const std::string& word) {
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands(nullptr)) commands.push_back(command->get_name());
  const bool is_command = std::find(commands.begin(), commands.end(), word) != commands.end();
  std::error_code error;
  if (is_command || word.find_first_of("-./") != std::string::npos || std::filesystem::exists(word, error))
    return;
  throw UsageError{fmt::format("'{}' is neither a command nor a file{}", word, did_you_mean(word, commands))};
}

void check_order(const CLI::App& app) {
  if (app.get_subcommands().empty()) return;
  for (const CLI::Option* option : app.get_options())
    if (option->count() > 0)
      throw UsageError{fmt::format(
          "the command comes first, and its options behind it: write 'cnnc {} MODEL.dsl [options]'",
          selected(app)->get_name())};
}

}  // namespace cnnc
