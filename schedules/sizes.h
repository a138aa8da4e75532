// A size of a kernel, all of which fit, as Halide has sizes.
#pragma once
#include <cstdint>

namespace cnnc {

inline int size(int64_t n) {
  return static_cast<int>(n);
}

}  // namespace cnnc
