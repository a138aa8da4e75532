// Commands that messages say to type.
#pragma once
#include <string>

namespace cnnc {

// A word of a command as a POSIX shell takes it: in double quotes where it needs some, "a b;c.dsl".
std::string shell_word(const std::string& word);

}  // namespace cnnc
