#pragma once
#include <cstdint>
#include <vector>

#include "plan/plan.h"

namespace cnnc {

// Which inputs and outputs of a network are of whole numbers. A library reads bytes, and stores these or
// int32_t; who runs one here has floats of them.
class IntegerTensors {
 public:
  using Bytes = std::vector<std::vector<uint8_t>>;

  explicit IntegerTensors(const Plan& plan);
  // The inputs as the library reads them; `bytes` holds those that are none of the given ones.
  std::vector<const void*> stored(const std::vector<const float*>& inputs, Bytes& bytes) const;
  // Of outputs as a run has left them.
  void make_floats(const std::vector<float*>& outputs) const;

 private:
  struct Tensor {
    ElementType type = ElementType::float32;
    int64_t elements = 0;
  };
  std::vector<Tensor> inputs_, outputs_;
};

}  // namespace cnnc
