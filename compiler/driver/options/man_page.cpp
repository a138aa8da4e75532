#include "driver/options/man_page.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <sstream>

#include "driver/options/help.h"
#include "driver/options/version.h"

namespace cnnc {
namespace {

// As roff prints it: a point or quote in front would be a request; a hyphen and an apostrophe would be
// typographic ones, which cannot be copied to a shell.
std::string roff(const std::string& text) {
  std::string out;
  bool begins_line = true;
  for (const char c : text) {
    if (begins_line && c == '.') out += "\\&";
    begins_line = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'') {
      out += "\\(aq";
    } else {
      out += c;
    }
  }
  return out;
}

std::string option_list(const CLI::App& app) {
  std::string text;
  for (const CLI::Option* option : options_in_order(app))
    text += fmt::format(".TP\n.B {}\n{}\n", roff(written(*option)), roff(option->get_description()));
  return text;
}

// The footer of a help: paragraphs, with empty lines between.
std::string paragraphs(const std::string& footer) {
  std::string text;
  std::istringstream lines(footer);
  for (std::string line; std::getline(lines, line);) text += line.empty() ? ".PP\n" : roff(line) + "\n";
  return text;
}

std::string synopsis(const CLI::App& app) {
  std::string text;
  std::istringstream lines(usage(app));
  for (std::string line; std::getline(lines, line);)
    text += (text.empty() ? "" : ".br\n") + roff(line.substr(std::string_view("usage: ").size())) + "\n";
  return text;
}

std::string command_section(const CLI::App& command) {
  return fmt::format(".SH cnnc {}\n{}.PP\n{}\n{}{}", command.get_name(), synopsis(command),
                     roff(command.get_description()), option_list(command), paragraphs(footer(command)));
}

}  // namespace

std::string man_page(const CLI::App& app) {
  std::string text = fmt::format(
      ".TH CNNC 1 \"\" \"cnnc {}\"\n.SH NAME\ncnnc \\- compiles a convolutional network to a static library\n"
      ".SH SYNOPSIS\n{}.SH DESCRIPTION\n{}\n.PP\nWithout a command, MODEL.dsl is compiled. The commands "
      "are:\n",
      roff(kVersion), synopsis(app), roff(app.get_description()));
  for (const CLI::App* command : app.get_subcommands(nullptr))
    text += fmt::format(".TP\n.B {}\n{}\n", roff(command->get_name()), roff(command->get_description()));
  text += ".SH OPTIONS\n" + option_list(app) + ".SH NOTES\n" + paragraphs(footer(app).substr(1));
  for (const CLI::App* command : app.get_subcommands(nullptr)) text += command_section(*command);
  return text;
}

}  // namespace cnnc
