// Which processor this is.
#pragma once
#include <string>

namespace cnnc {

// As it calls itself: "AMD EPYC 9R14"; "" if it does not.
std::string processor_name();

}  // namespace cnnc
