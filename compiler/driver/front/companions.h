// Small files about a library, for those who build with it.
#pragma once
#include <string>
#include <vector>

#include "driver/front/outputs.h"

namespace cnnc {

// A rule of make(1), as Ninja and CMake read it, too: the library depends on the files that were read.
// Special characters in their names are escaped.
std::string depfile_text(const std::string& library, const std::vector<std::string>& read);

// What pkg-config says of the library, from outputs.pkg_config, or "" where that is empty: paths are relative
// to it, so that the files can be moved together.
std::string pkg_config_text(const Outputs& outputs, const std::string& network, const System& system);

}  // namespace cnnc
