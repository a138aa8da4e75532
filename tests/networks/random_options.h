// How random networks are compiled.
#pragma once
#include <cstdint>

#include "networks/fault.h"
#include "plan/plan.h"

namespace cnnc {

// By their seed: half of them with every kernel shared out among threads, two thirds as a batch, of which so
// many nodes are computed image by image, a half with weights of dense layers in 8 or 16 bits, and a quarter
// for libraries of which AVX-512 is the best target.
inline PlanOptions options_of(uint64_t seed) {
  PlanOptions options = seed % 2 == 0 ? many_tasks() : PlanOptions();
  options.images = 1 + static_cast<int64_t>(seed / 6 % 3);
  options.cut = static_cast<int64_t>(seed / 3 % 11);
  constexpr ElementType kWeights[] = {ElementType::float32,  ElementType::float16, ElementType::float32,
                                      ElementType::bfloat16, ElementType::float32, ElementType::int8};
  options.weights_type = kWeights[seed / 4 % 6];
  if (seed / 5 % 4 == 0) options.sharing = Sharing{target_for(Isa::avx512), 48, nullptr};
  return options;
}

}  // namespace cnnc
