// Names that become names in C and C++: those of networks, inputs and outputs.
#pragma once
#include <string>

namespace cnnc::elaboration {

// Whether it is a keyword of C or C++, or means something to compilers or in the generated library.
bool is_reserved(const std::string& name);

// In small letters. Names of inputs and outputs differ in more than capital letters: the header's constants
// have them in capitals.
std::string lower(std::string text);

// The name of a network in a file without one: "some/folder/my-net.dsl" → "my_net".
std::string identifier_of_path(const std::string& path);

}  // namespace cnnc::elaboration
