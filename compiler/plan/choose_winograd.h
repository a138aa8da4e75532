// Whether a conv is computed by Winograd's transform of its columns.
#pragma once
#include <cstdint>

#include "graph/shape.h"
#include "ops/window.h"
#include "plan/layout.h"
#include "plan/target.h"

namespace cnnc {

// F(outputs, filter height) in bands of `outputs` rows at equal distances, the last ending at the last row;
// outputs 0: not by Winograd.
struct WinogradChoice {
  int64_t outputs = 0, bands = 0;
};

// For a conv of one group: the transform with the least estimated time, if it is well below the direct conv's
// and the transformed band of the input is small enough for the stack.
WinogradChoice choose_winograd(const Window& window, const Layout& input, const Shape& result,
                               const Target& target);

}  // namespace cnnc
