#pragma once
#include <cstdint>
#include <vector>

#include "plan/plan.h"

namespace cnnc {

// Which outputs of a network are of whole numbers. A library stores them as int32_t; who runs one here reads
// floats.
class IntegerOutputs {
 public:
  explicit IntegerOutputs(const Plan& plan);
  // Of outputs as a run has left them.
  void make_floats(const std::vector<float*>& outputs) const;

 private:
  std::vector<int64_t> elements_;  // of each output; 0: it is of floats
};

}  // namespace cnnc
