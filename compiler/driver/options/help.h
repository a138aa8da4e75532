// The text of --help, made from the options that are declared.
#pragma once
#include <string>

namespace CLI {
class App;
}

namespace cnnc {

// Of the main command, or of a subcommand.
std::string help_text(const CLI::App& app);

}  // namespace cnnc
