// What upsample and resize have in common: a map of another height and width, by the rules of coordinates
// that PyTorch (torch.nn.functional.interpolate) and ONNX (Resize) have.
#pragma once
#include <array>
#include <vector>

#include "ops/operator.h"

namespace cnnc {

// mode, align_corners, places, rounding, cubic_coefficient, exclude_outside.
std::vector<AttributeRule> resample_attributes();

// The shape rule for a result of this height and width; `attribute` is the one that they come from.
OperatorResult<Shape> infer_resample(std::string_view op, const Attributes& attributes, const Shape& input,
                                     std::string_view attribute, int64_t height, int64_t width);

// What an axis of `input` elements has times a scale: ONNX rounds the product of floats down, or, where sizes
// keep their ratio, to the nearest.
bool is_scaled_size(int64_t input, int64_t output, double scale);

// The rule of coordinates of one axis, as exact fractions: output o lies at the input's coordinate
//   (scale o + offset) / divisor
// of nearest rounded already: the element is floor of that, but not less than 0 nor more than the last.
// Sizes are below 2^31; a float that is the axis's scale is a fraction, too.
struct ResampleAxis {
  int64_t input = 1, output = 1;
  int64_t scale = 1, offset = 0, divisor = 1;
};
ResampleAxis resample_rows(const Attributes& attributes, int64_t input, int64_t output);
ResampleAxis resample_columns(const Attributes& attributes, int64_t input, int64_t output);

// An element of the result along one axis: the sum of those elements of the input, one (nearest), two
// (bilinear) or four (bicubic), times their weights. At the edges some of them are the same.
struct ResampleTaps {
  size_t count = 1;
  std::array<int64_t, 4> elements{};
  std::array<double, 4> weights{1};
};
std::vector<ResampleTaps> resample_taps(const Attributes& attributes, const ResampleAxis& axis);

Reference evaluate_resample(const Node& node, const Shape& input, const Reference& x);

}  // namespace cnnc
