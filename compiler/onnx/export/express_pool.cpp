// Pools: https://github.com/onnx/onnx/blob/v1.12.0/docs/Operators.md#AveragePool
#include <algorithm>

#include "onnx/export/expression.h"
#include "ops/window/adaptive_pool.h"

namespace cnnc::onnx {
namespace {

Window window_of(const Layer& layer) {
  return cnnc::window_of(attributes_of(layer), input_shape(layer));
}

// The windows of ONNX's ceil_mode: it lacks PyTorch's rule that a window begins on the input or before it.
int64_t rounded_up(const WindowAxis& axis) {
  return (axis.input + axis.pad_before + axis.pad_after - span(axis) + axis.stride - 1) / axis.stride + 1;
}

// So much padding behind the input that all windows lie on it.
int64_t covering_pad(const WindowAxis& axis) {
  return std::max(axis.pad_after,
                  (axis.output - 1) * axis.stride + span(axis) - axis.input - axis.pad_before);
}

// With ceil_mode where it gives these windows; else with padding that does.
NodeAttributes pool_attributes(const Layer& layer, Window w) {
  const bool ceil = is_on(attributes_of(layer), "ceil") && rounded_up(w.height) == w.height.output &&
                    rounded_up(w.width) == w.width.output;
  if (!ceil)
    for (WindowAxis* axis : {&w.height, &w.width}) axis->pad_after = covering_pad(*axis);
  NodeAttributes attributes = attributes_of(w);
  attributes["ceil_mode"] = int64_t{ceil};
  return attributes;
}

bool is_padded(const Window& w) {
  const std::vector<int64_t> pads = pads_of(w);
  return std::any_of(pads.begin(), pads.end(), [](int64_t pad) { return pad > 0; });
}

bool overhangs(const Window& w) {
  return overhang(w.height) > 0 || overhang(w.width) > 0;
}

// ONNX's average has no dilation before opset 19: a filter of equal weights for each channel.
void express_dilated_mean(const Layer& layer, const Window& w, bool include_pad) {
  if (overhangs(w) || (is_padded(w) && !include_pad))
    throw Unwritable{
        "its average has no dilation before opset 19, and a convolution in its place would count padding",
        "leave the dilation out, or write 'include_pad on ceil off'"};
  const int64_t channels = input_shape(layer).channels(), taps = w.height.filter * w.width.filter;
  require_moderate(channels);
  require_moderate(taps);
  require_moderate(channels * taps);
  std::vector<float> weights(static_cast<size_t>(channels * taps), 1 / static_cast<float>(taps));
  NodeAttributes attributes = attributes_of(w);
  attributes["group"] = channels;
  const std::vector<int64_t> dims = {channels, 1, w.height.filter, w.width.filter};
  finish(layer, "Conv", {input(layer), tensor(layer, "weight", dims, std::move(weights))},
         std::move(attributes));
}

// The padding as a step of its own, with zeros: then it counts, and what is beyond it does not.
std::string pad_first(const Layer& layer, Window& w) {
  const std::vector<int64_t> p = pads_of(w);
  for (WindowAxis* axis : {&w.height, &w.width}) {
    axis->input += axis->pad_before + axis->pad_after;
    axis->pad_before = axis->pad_after = 0;
  }
  return step(layer, "padded", "Pad",
              {input(layer), list(layer, "pads", {0, 0, p[0], p[1], 0, 0, p[2], p[3]})},
              {{"mode", std::string("constant")}});
}

bool has_equal_parts(const Shape& from, const Shape& to) {
  return from.height() % to.height() == 0 && from.width() % to.width() == 0;
}

// Windows that do not overlap.
void express_equal_parts(const Layer& layer, std::string_view op) {
  const Shape &from = input_shape(layer), &to = node_of(layer).shape;
  const std::vector<int64_t> part = {from.height() / to.height(), from.width() / to.width()};
  finish(layer, op, {input(layer)}, {{"kernel_shape", part}, {"strides", part}});
}

// Column o holds 1 / n at the n rows of part o: a map times it is the mean of each part.
std::vector<float> mean_matrix(const AdaptiveAxis& axis) {
  require_moderate(axis.input);
  require_moderate(axis.output);
  require_moderate(axis.input * axis.output);
  std::vector<float> matrix(static_cast<size_t>(axis.input * axis.output));
  for (int64_t o = 0; o < axis.output; ++o)
    for (int64_t i = axis.begin(o); i < axis.end(o); ++i)
      matrix[static_cast<size_t>(i * axis.output + o)] = 1 / static_cast<float>(axis.end(o) - axis.begin(o));
  return matrix;
}

std::vector<float> transposed(const std::vector<float>& matrix, int64_t rows, int64_t columns) {
  std::vector<float> result(matrix.size());
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j)
      result[static_cast<size_t>(j * rows + i)] = matrix[static_cast<size_t>(i * columns + j)];
  return result;
}

// The rows of each part, all parts as long as the longest: a shorter one has its last row twice.
Constant rows_of_parts(const AdaptiveAxis& axis) {
  require_moderate(axis.output);
  int64_t longest = 0;
  for (int64_t o = 0; o < axis.output; ++o) longest = std::max(longest, axis.end(o) - axis.begin(o));
  require_moderate(axis.output * longest);
  std::vector<int64_t> rows;
  for (int64_t o = 0; o < axis.output; ++o)
    for (int64_t i = 0; i < longest; ++i) rows.push_back(std::min(axis.begin(o) + i, axis.end(o) - 1));
  return {"int64",
          {axis.output, longest},
          nullptr,
          std::make_shared<const std::vector<int64_t>>(std::move(rows))};
}

}  // namespace

void express_maxpool(const Layer& layer) {
  finish(layer, "MaxPool", {input(layer)}, pool_attributes(layer, window_of(layer)));
}

void express_avgpool(const Layer& layer) {
  Window w = window_of(layer);
  bool include_pad = is_on(attributes_of(layer), "include_pad");
  if (w.height.dilation > 1 || w.width.dilation > 1) return express_dilated_mean(layer, w, include_pad);
  std::string x = input(layer);
  if (overhangs(w)) {
    if (include_pad && is_padded(w)) x = pad_first(layer, w);
    include_pad = false;
  }
  NodeAttributes attributes = pool_attributes(layer, w);
  attributes.erase("dilations");
  attributes["count_include_pad"] = int64_t{include_pad};
  finish(layer, "AveragePool", {x}, std::move(attributes));
}

void express_adaptive_maxpool(const Layer& layer) {
  const Shape &from = input_shape(layer), &to = node_of(layer).shape;
  if (has_equal_parts(from, to)) return express_equal_parts(layer, "MaxPool");
  const std::string rows = node_of(layer).name + "/rows", columns = node_of(layer).name + "/columns";
  layer.model.constants.emplace(rows, rows_of_parts({from.height(), to.height()}));
  layer.model.constants.emplace(columns, rows_of_parts({from.width(), to.width()}));
  const std::vector<int64_t> axis_of_rows = {3}, axis_of_columns = {4};
  std::string x = step(layer, "parts_of_rows", "Gather", {input(layer), rows}, {{"axis", int64_t{2}}});
  x = step(layer, "greatest_rows", "ReduceMax", {x}, {{"axes", axis_of_rows}, {"keepdims", int64_t{0}}});
  x = step(layer, "parts_of_columns", "Gather", {x, columns}, {{"axis", int64_t{3}}});
  finish(layer, "ReduceMax", {x}, {{"axes", axis_of_columns}, {"keepdims", int64_t{0}}});
}

void express_adaptive_avgpool(const Layer& layer) {
  const Shape &from = input_shape(layer), &to = node_of(layer).shape;
  if (has_equal_parts(from, to)) return express_equal_parts(layer, "AveragePool");
  const std::string columns =
      tensor(layer, "columns", {from.width(), to.width()}, mean_matrix({from.width(), to.width()}));
  const std::string rows =
      tensor(layer, "rows", {to.height(), from.height()},
             transposed(mean_matrix({from.height(), to.height()}), from.height(), to.height()));
  finish(layer, "MatMul", {rows, step(layer, "means_of_columns", "MatMul", {input(layer), columns})});
}

}  // namespace cnnc::onnx
