// The cases in cases/, each a test of its own, so that they run side by side: the build writes one for each
// file that it finds there.
#pragma once
#include <string>

namespace cnnc {

// Fails unless the command does what the case at that path shows.
void check_case(const std::string& path);

}  // namespace cnnc
