// The two forms of hardsigmoid.
#pragma once
#include "graph/attributes.h"

namespace cnnc {

// Whether the slope is 1/6 and the offset 1/2: then it is computed as min(max(x + 3, 0), 6) / 6.
inline bool is_in_sixths(const Attributes& hardsigmoid) {
  return static_cast<float>(real(hardsigmoid, "slope")) == 1.0f / 6 && real(hardsigmoid, "offset") == 0.5;
}

}  // namespace cnnc
