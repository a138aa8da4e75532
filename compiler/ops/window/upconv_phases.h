// A transposed convolution as several plain ones: the elements of its result that lie a stride apart see the
// same taps of the filter, and are a convolution of stride 1 over the input with these taps alone.
#pragma once
#include <cstdint>
#include <vector>

#include "ops/window/window.h"

namespace cnnc {

// One axis. Elements first, first + stride, … of the result: number q of them is the sum over j < taps of
//   input[q - pad + j * dilation] * filter[first_tap + (taps - 1 - j) * tap_step].
struct UpconvPhase {
  int64_t first = 0, count = 0;
  int64_t taps = 0, first_tap = 0, tap_step = 1;
  int64_t dilation = 1;
  int64_t pad = 0;  // negative: the first elements of the input are not used
};

// The phases along one axis that see a tap (`axis` as in transposed_window.h), by their first tap. The
// others, where there are some, hold nothing but the bias.
std::vector<UpconvPhase> upconv_phases(const WindowAxis& axis);

// An upper bound of their number, for an axis that might have too many to list.
int64_t most_upconv_phases(const WindowAxis& axis);

// The border that they read around the input, in elements.
struct Border {
  int64_t before = 0, after = 0;
};
Border border_of(const WindowAxis& axis, const std::vector<UpconvPhase>& phases);

}  // namespace cnnc
