// How random networks are compiled.
#pragma once
#include <cstdint>

#include "networks/fault.h"
#include "plan/plan.h"

namespace cnnc {

// By their seed: half of them with every kernel shared out among threads, two thirds as a batch, of which so
// many nodes are computed image by image, and a quarter for libraries of which AVX-512 is the best target.
inline PlanOptions options_of(uint64_t seed) {
  PlanOptions options = seed % 2 == 0 ? many_tasks() : PlanOptions();
  options.images = 1 + static_cast<int64_t>(seed / 6 % 3);
  options.cut = static_cast<int64_t>(seed / 3 % 11);
  if (seed / 5 % 4 == 0) options.sharing = Sharing{target_for(Isa::avx512), 48, nullptr};
  return options;
}

}  // namespace cnnc
