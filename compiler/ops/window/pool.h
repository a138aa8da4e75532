// What the pools have in common.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ops/operator.h"
#include "ops/window/window.h"

namespace cnnc {

// filter (positional); stride, the filter's size by default; pad, dilation, ceil.
std::vector<AttributeRule> pool_attributes();

// The shape rule of maxpool and avgpool. Every window must hold at least one element of the input; errors
// otherwise name the padding.
OperatorResult<Shape> infer_pool(std::string_view op, const Attributes& attributes, const Shape& input);

// Their formula.
std::string pool_formula(const Attributes& attributes, const std::vector<Shape>& inputs, const Shape& output);

// The shape rule of the global pools: channels x 1 x 1.
OperatorResult<Shape> infer_global_pool(std::string_view op, const Shape& input);

// The greatest element of each window, padding aside.
Reference evaluate_max(const Window& window, const Shape& shape, const Reference& input);

// The sum of each window over the number of its taps on the input or, with `include_pad`, on the padding too,
// as zeros (PyTorch's count_include_pad). What is beyond the padding never counts.
Reference evaluate_average(const Window& window, bool include_pad, const Shape& shape,
                           const Reference& input);

}  // namespace cnnc
