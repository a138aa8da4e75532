#include "driver/options/completions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <vector>

#include "driver/options/help.h"
#include "driver/options/option_values.h"

namespace cnnc {
namespace {

// What stands behind an option.
enum class Value { none, path, words, other };

struct Choice {
  std::vector<std::string> names;  // "-h", "--help"
  std::string description, type;   // the type as the help has it
  Value value = Value::none;
  std::vector<std::string> words;
};

Value value_of(const CLI::Option& option, bool has_words) {
  if (option.get_expected_max() == 0) return Value::none;
  if (has_words) return Value::words;
  return option.get_type_name().compare(0, 4, "FILE") == 0 ? Value::path : Value::other;
}

// Of a command, without its positions.
std::vector<Choice> choices_of(const CLI::App& app) {
  std::vector<Choice> choices;
  for (const CLI::Option* option : options_in_order(app)) {
    if (!option->nonpositional()) continue;
    Choice choice;
    for (const std::string& name : option->get_snames()) choice.names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) choice.names.push_back("--" + name);
    choice.words = values_of(choice.names.back());
    choice.description = option->get_description();
    choice.type = option->get_type_name();
    choice.value = value_of(*option, !choice.words.empty());
    choices.push_back(choice);
  }
  return choices;
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// The main command, whose name is "" here, then the others.
std::vector<std::pair<std::string, const CLI::App*>> all_commands(const CLI::App& app) {
  std::vector<std::pair<std::string, const CLI::App*>> commands = {{"", &app}};
  for (const CLI::App* command : app.get_subcommands(nullptr))
    commands.emplace_back(command->get_name(), command);
  return commands;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  return names;
}

// The branches of a case by command and the option that stands before the word to complete.
std::string bash_values(const std::string& command, const std::vector<Choice>& choices) {
  std::string text;
  for (const Choice& choice : choices) {
    if (choice.value == Value::none) continue;
    const std::string act =
        choice.value == Value::path ? "mapfile -t COMPREPLY < <(compgen -f -- \"$current\")"
        : choice.value == Value::words
            ? fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$current\"))", fmt::join(choice.words, " "))
            : "COMPREPLY=()";
    for (const std::string& name : choice.names)
      text += fmt::format("    \"{} {}\") {}; return ;;\n", command, name, act);
  }
  return text;
}

std::string bash_options(const std::string& command, const std::vector<Choice>& choices) {
  std::vector<std::string> names;
  for (const Choice& choice : choices) names.insert(names.end(), choice.names.begin(), choice.names.end());
  return fmt::format("    \"{}\") options='{}' ;;\n", command, fmt::join(names, " "));
}

// What _arguments of zsh takes for an option: '(-h --help)'{-h,--help}'[print this text]'.
std::string zsh_spec(const Choice& choice) {
  std::string description;
  for (const char c : choice.description)
    description += c == '[' || c == ']' || c == ':' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  std::string value;
  if (choice.value == Value::path) value = ":file:_files";
  if (choice.value == Value::words) value = fmt::format(":word:({})", fmt::join(choice.words, " "));
  if (choice.value == Value::other) value = ":" + choice.type + ": ";
  const std::string rest = quoted("[" + description + "]" + value);
  if (choice.names.size() == 1) return choice.names[0] + rest;
  return fmt::format("'({})'{{{}}}{}", fmt::join(choice.names, " "), fmt::join(choice.names, ","), rest);
}

std::string zsh_arguments(const std::vector<Choice>& choices) {
  std::string text = "_arguments";
  for (const Choice& choice : choices) text += " \\\n        " + zsh_spec(choice);
  return text + " \\\n        '*:file:_files'";
}

std::string fish_option(const std::string& condition, const Choice& choice) {
  std::string text = "complete -c cnnc -n " + quoted(condition);
  for (const std::string& name : choice.names)
    text += name.compare(0, 2, "--") == 0 ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (choice.value == Value::path) text += " -r -F";
  if (choice.value == Value::words) text += fmt::format(" -x -a '{}'", fmt::join(choice.words, " "));
  if (choice.value == Value::other) text += " -x";
  return text + " -d " + quoted(choice.description) + "\n";
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
  std::string values, options;
  for (const auto& [name, command] : all_commands(app)) {
    values += bash_values(name, choices_of(*command));
    options += bash_options(name, choices_of(*command));
  }
  return fmt::format(
      "# Completion of cnnc for bash; generated.\n"
      "_cnnc() {{\n"
      "  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command='' "
      "options=''\n"
      "  COMPREPLY=()\n"
      "  if [[ $COMP_CWORD -gt 1 && ' {0} ' == *\" ${{COMP_WORDS[1]}} \"* ]]; then "
      "command=${{COMP_WORDS[1]}}; fi\n"
      "  case \"$command $previous\" in\n{1}  esac\n"
      "  case \"$command\" in\n{2}  esac\n"
      "  if [[ $current == -* ]]; then\n"
      "    COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
      "    return\n"
      "  fi\n"
      "  mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
      "  if [[ $COMP_CWORD -eq 1 ]]; then COMPREPLY+=($(compgen -W '{0}' -- \"$current\")); fi\n"
      "}}\n"
      "complete -o filenames -F _cnnc cnnc\n",
      fmt::join(command_names(app), " "), values, options);
}

std::string zsh_completion(const CLI::App& app) {
  std::string commands, cases;
  for (const auto& [name, command] : all_commands(app)) {
    if (name.empty()) continue;
    commands += "    " + quoted(name + ":" + command->get_description()) + "\n";
    cases += fmt::format("    {})\n      shift words\n      (( CURRENT-- ))\n      {}\n      ;;\n", name,
                         zsh_arguments(choices_of(*command)));
  }
  return fmt::format(
      "#compdef cnnc\n# Completion of cnnc for zsh; generated.\n"
      "_cnnc() {{\n"
      "  local -a commands=(\n{}  )\n"
      "  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
      "    _describe -t commands command commands\n"
      "    _files\n"
      "    return\n"
      "  fi\n"
      "  case $words[2] in\n{}"
      "    *)\n      {}\n      ;;\n"
      "  esac\n"
      "}}\n"
      "_cnnc \"$@\"\n",
      commands, cases, zsh_arguments(choices_of(app)));
}

std::string fish_completion(const CLI::App& app) {
  std::string text = "# Completion of cnnc for fish; generated.\n";
  const std::string names = fmt::format("{}", fmt::join(command_names(app), " "));
  for (const auto& [name, command] : all_commands(app)) {
    const std::string condition =
        name.empty() ? "not __fish_seen_subcommand_from " + names : "__fish_seen_subcommand_from " + name;
    if (!name.empty())
      text += fmt::format("complete -c cnnc -n __fish_use_subcommand -a {} -d {}\n", name,
                          quoted(command->get_description()));
    for (const Choice& choice : choices_of(*command)) text += fish_option(condition, choice);
  }
  return text;
}

}  // namespace cnnc
