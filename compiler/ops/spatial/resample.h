// What upsample and resize have in common: a map of another height and width, by PyTorch's rules of
// coordinates (torch.nn.functional.interpolate).
#pragma once
#include <vector>

#include "ops/operator.h"

namespace cnnc {

// mode, align_corners.
std::vector<AttributeRule> resample_attributes();

// The shape rule for a result of this height and width; `attribute` is the one that they come from.
OperatorResult<Shape> infer_resample(std::string_view op, const Attributes& attributes, const Shape& input,
                                     std::string_view attribute, int64_t height, int64_t width);

// The rule of coordinates of one axis, as exact fractions: output o lies at the input's coordinate
//   nearest                    floor(o input / output)
//   bilinear                   max((2 o + 1) input - output, 0) / (2 output)
//   bilinear, align_corners    o (input - 1) / (output - 1), or 0 if there is one output
// and so at (scale o + offset) / divisor. Sizes below 2^31.
struct ResampleAxis {
  int64_t input = 1, output = 1;
  int64_t scale = 1, offset = 0, divisor = 1;
};
ResampleAxis resample_axis(const Attributes& attributes, int64_t input, int64_t output);

Reference evaluate_resample(const Node& node, const Shape& input, const Reference& x);

}  // namespace cnnc
