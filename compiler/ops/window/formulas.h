// The formula of one axis of a window: how the size of the result follows from that of the input.
#pragma once
#include <cstdint>
#include <string>

#include "ops/window/window.h"

namespace cnnc {

// See window_formula in ops/window/window.h.
std::string axis_formula(const WindowAxis& axis, bool ceil);

// See transposed_window_formula in ops/window/transposed_window.h.
std::string transposed_axis_formula(const WindowAxis& axis, int64_t output_pad);

}  // namespace cnnc
