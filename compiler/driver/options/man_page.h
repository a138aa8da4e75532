// The page for man(1), made from the options that are declared.
#pragma once
#include <string>

namespace CLI {
class App;
}

namespace cnnc {

// cnnc.1, in roff with the macros of man(7): the main command and a section for each subcommand.
std::string man_page(const CLI::App& app);

}  // namespace cnnc
