// The geometry of a transposed convolution.
#pragma once
#include <string>

#include "ops/operator.h"
#include "ops/window/window.h"

namespace cnnc {

// The attributes "filter", "stride", "dilation", "pad" and "output_pad" of an upconv against its input. It is
// the transpose of a convolution from its result to its input, whose window this is: `input` of an axis is
// the size of upconv's result,
//   (size - 1) * stride - pad_before - pad_after + dilation * (filter - 1) + output_pad + 1,
// and `output` the size of upconv's input. The element i of upconv's input adds to the result at
//   i * stride - pad_before + k * dilation
// for each tap k. Errors: a value out of its range; padding that leaves no result; more output padding than a
// stride or dilation could leave over.
OperatorResult<Window> resolve_transposed_window(const Attributes& attributes, const Shape& input);

// As resolve_transposed_window, where the shape rule has accepted the attributes; throws std::logic_error if
// it would not.
Window transposed_window_of(const Attributes& attributes, const Shape& input);

// "(28 - 1) * 2 + 2 = 56", "(28 - 1) * 2 - 1 - 1 + 3 + 1 = 57".
std::string transposed_window_formula(const Attributes& attributes, const Window& window);

// The most taps that add to one element of the result.
int64_t most_taps(const WindowAxis& axis);

}  // namespace cnnc
