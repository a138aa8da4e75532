// Scripts by which shells complete a command line, made from the options that are declared.
#pragma once
#include <string>

namespace CLI {
class App;
}

namespace cnnc {

// Each is read by its shell and completes commands, options, the words that an option takes, and paths.
std::string bash_completion(const CLI::App& app);
std::string zsh_completion(const CLI::App& app);
std::string fish_completion(const CLI::App& app);

}  // namespace cnnc
