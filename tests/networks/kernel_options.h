// How tests compile kernels that they run.
#pragma once
#include "emit/kernels/kernel_objects.h"

namespace cnnc {

// One after the other, since tests are many processes at a time; from a folder that all of them fill, which a
// build empties when it changes what makes kernels.
inline KernelOptions kernel_options() {
  return {1, KernelCache{CNNC_TEST_CACHE, KernelCache::kUnlimited}};
}

}  // namespace cnnc
