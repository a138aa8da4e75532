// The rows of each architecture, the best target first.
#pragma once
#include <vector>

#include "target/target.h"

namespace cnnc {

std::vector<Target> x86_64_targets();
std::vector<Target> aarch64_targets();
std::vector<Target> wasm32_targets();

}  // namespace cnnc
