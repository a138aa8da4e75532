// What the caller's tensors are stored as.
#pragma once
#include "plan/plan.h"

namespace cnnc {

// Of input number so-and-so: floats, or bytes (of either sign; see ops/quantized/flip_sign_bit.cpp).
inline ElementType type_of_input(const Plan& plan, size_t input) {
  for (const Buffer& buffer : plan.buffers)
    if (buffer.place == Buffer::Place::input && buffer.index == static_cast<int>(input))
      return buffer.layout.type;
  return ElementType::float32;
}

}  // namespace cnnc
