// The geometry of sliding windows: filter, stride, dilation and padding of conv and the pools against an
// input.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ops/operator.h"

namespace cnnc {

// One axis, in elements. Output number o meets the input at its tap k in place
//   o * stride - pad_before + k * dilation,
// which is padding where it is not in [0, input).
struct WindowAxis {
  int64_t input = 1;       // without padding
  int64_t filter = 1;      // taps of a window
  int64_t stride = 1;      // from a window to the next
  int64_t dilation = 1;    // from a tap to the next
  int64_t pad_before = 0;  // above, left
  int64_t pad_after = 0;   // below, right; the last window need not reach its end
  int64_t output = 1;      // floor((input + pad_before + pad_after - span) / stride) + 1, or see `ceil`
};

struct Window {
  WindowAxis height, width;
};

// The elements from a window's first tap to its last: dilation * (filter - 1) + 1.
inline int64_t span(const WindowAxis& axis) {
  return axis.dilation * (axis.filter - 1) + 1;
}

// The outputs [begin, end) whose tap `tap` lies on the input rather than on padding. `offset` is that tap's
// place for output 0, so for output o it is o * stride + offset.
struct Tap {
  int64_t begin, end, offset;
};
Tap tap_of(const WindowAxis& axis, int64_t tap);
std::vector<Tap> taps_of(const WindowAxis& axis);

// How many taps of an output's window lie in [begin, end) of the input's coordinates.
int64_t taps_within(const WindowAxis& axis, int64_t output, int64_t begin, int64_t end);

// The elements by which the last window reaches beyond the padded input; with `ceil` only.
int64_t overhang(const WindowAxis& axis);

// The attributes "filter", "stride" (sizes {}: as the filter), "dilation" and "pad" (four sizes, or "same":
// ONNX's SAME_UPPER, output = ceil(input / stride), the odd element of padding goes after) against a map.
// With "ceil" on, the number of windows is rounded up: the last may reach beyond the padded input but begins
// on the input or the padding before it (PyTorch's ceil_mode). All values of the result are below 2^32.
// Errors: a value out of its range; a filter larger than the padded input.
OperatorResult<Window> resolve_window(const Attributes& attributes, const Shape& input);

// As resolve_window, where the shape rule has accepted the attributes; throws std::logic_error if it would
// not.
Window window_of(const Attributes& attributes, const Shape& input);

// One window over the whole of each channel: the global pools.
Window global_window(const Shape& input);

// {channels, output height, output width}
Shape window_result(int64_t channels, const Window& window);

// "(28 + 2 + 2 - 5) / 1 + 1 = 28", a division that leaves a rest as "floor(… / …)"; where height and width
// differ, both:
// "(5 - 3) / 1 + 1 = 3, (7 - 3) / 1 + 1 = 5". What `ceil` adds is "ceil(… / …)"; a window that would begin
// behind the input is taken away again: "ceil(…) + 1 - 1".
std::string window_formula(const Window& window, bool ceil = false);

// The formulas of height and width; one where they are equal.
std::string formula_of_both(const std::string& height, const std::string& width);

// The rules of the attributes that conv and the pools share: stride, pad, dilation.
std::vector<AttributeRule> window_attributes(std::vector<int64_t> default_stride);

}  // namespace cnnc
