// Operators on tensors of any rank. Axis i of ours is i + 1 of ONNX's: the images stand in front.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "onnx/export/expression.h"
#include "ops/tensor/padding.h"

namespace cnnc::onnx {
namespace {

// The images, and the sizes behind them. The 0 is as many as there were.
std::vector<int64_t> with_images(const std::vector<int64_t>& sizes) {
  std::vector<int64_t> dims = {0};
  dims.insert(dims.end(), sizes.begin(), sizes.end());
  return dims;
}

std::vector<int64_t> behind_images(std::vector<int64_t> axes) {
  for (int64_t& axis : axes) ++axis;
  return axes;
}

// An input with sizes of 1 between the images and its own, so that it has that many.
std::string with_rank(const Layer& layer, size_t index, size_t rank) {
  const cnnc::Node& from = layer.graph.nodes[static_cast<size_t>(node_of(layer).inputs.at(index))];
  const std::string value = inputs(layer).at(index);
  if (from.shape.rank() >= rank) return value;
  std::vector<int64_t> sizes = from.shape.sizes;
  sizes.insert(sizes.begin(), rank - sizes.size(), 1);
  return step(layer, fmt::format("input{}", index), "Reshape",
              {value, list(layer, fmt::format("dims{}", index), with_images(sizes))});
}

const std::vector<int64_t>& axes_of(const Layer& layer) {
  return sizes(attributes_of(layer), "axes");
}

void express_with_constant(const Layer& layer, std::string_view op) {
  finish(layer, op, {with_rank(layer, 0, node_of(layer).shape.rank()), parameter(layer, "value")});
}

// ONNX's places are integers.
void express_place(const Layer& layer, std::string_view op) {
  const int64_t axis = integer(attributes_of(layer), "axis") + 1;
  finish(layer, "Cast", {step(layer, "place", op, {input(layer)}, {{"axis", axis}})}, {{"to", int64_t{1}}});
}

void express_reduction(const Layer& layer, std::string_view op) {
  finish(layer, op, {input(layer)}, {{"axes", behind_images(axes_of(layer))}});
}

// A comparison gives bools in ONNX, which become floats.
void express_comparison(const Layer& layer, std::string_view op, const std::vector<std::string>& values) {
  finish(layer, "Cast", {step(layer, "holds", op, values)}, {{"to", int64_t{1}}});
}

// Opset 19 has the mode; before, the places are told one by one.
void express_wrap(const Layer& layer, const AxisPadding& p) {
  const int64_t axis = integer(attributes_of(layer), "axis");
  const int64_t size = node_of(layer).shape.sizes[static_cast<size_t>(axis)];
  require_moderate(size);
  std::vector<int64_t> places;
  for (int64_t i = 0; i < size; ++i) places.push_back(source_of(p, "wrap", i));
  finish(layer, "Gather", {input(layer), list(layer, "places", std::move(places))}, {{"axis", axis + 1}});
}

}  // namespace

std::vector<std::string> inputs_of_one_rank(const Layer& layer) {
  std::vector<std::string> values;
  for (size_t i = 0; i < node_of(layer).inputs.size(); ++i)
    values.push_back(with_rank(layer, i, node_of(layer).shape.rank()));
  return values;
}

void express_subtract(const Layer& layer) {
  finish(layer, "Sub", inputs_of_one_rank(layer));
}

void express_divide(const Layer& layer) {
  finish(layer, "Div", inputs_of_one_rank(layer));
}

void express_maximum(const Layer& layer) {
  finish(layer, "Max", inputs_of_one_rank(layer));
}

void express_minimum(const Layer& layer) {
  finish(layer, "Min", inputs_of_one_rank(layer));
}

void express_equal(const Layer& layer) {
  express_comparison(layer, "Equal", inputs_of_one_rank(layer));
}

void express_equal_constant(const Layer& layer) {
  express_comparison(layer, "Equal",
                     {with_rank(layer, 0, node_of(layer).shape.rank()), parameter(layer, "value")});
}

void express_greater(const Layer& layer) {
  express_comparison(layer, "Greater", inputs_of_one_rank(layer));
}

void express_greater_constant(const Layer& layer) {
  express_comparison(layer, "Greater",
                     {with_rank(layer, 0, node_of(layer).shape.rank()), parameter(layer, "value")});
}

void express_greater_equal(const Layer& layer) {
  express_comparison(layer, "GreaterOrEqual", inputs_of_one_rank(layer));
}

void express_greater_equal_constant(const Layer& layer) {
  express_comparison(layer, "GreaterOrEqual",
                     {with_rank(layer, 0, node_of(layer).shape.rank()), parameter(layer, "value")});
}

void express_less(const Layer& layer) {
  express_comparison(layer, "Less", inputs_of_one_rank(layer));
}

void express_less_constant(const Layer& layer) {
  express_comparison(layer, "Less",
                     {with_rank(layer, 0, node_of(layer).shape.rank()), parameter(layer, "value")});
}

void express_less_equal(const Layer& layer) {
  express_comparison(layer, "LessOrEqual", inputs_of_one_rank(layer));
}

void express_less_equal_constant(const Layer& layer) {
  express_comparison(layer, "LessOrEqual",
                     {with_rank(layer, 0, node_of(layer).shape.rank()), parameter(layer, "value")});
}

void express_where(const Layer& layer) {
  std::vector<std::string> values = inputs_of_one_rank(layer);
  values[0] = step(layer, "condition", "Cast", {values[0]}, {{"to", int64_t{9}}});
  finish(layer, "Where", values);
}

void express_matmul(const Layer& layer) {
  finish(layer, "MatMul", inputs_of_one_rank(layer));
}

void express_add_constant(const Layer& layer) {
  express_with_constant(layer, "Add");
}

void express_subtract_constant(const Layer& layer) {
  express_with_constant(layer, "Sub");
}

void express_multiply_constant(const Layer& layer) {
  express_with_constant(layer, "Mul");
}

void express_divide_constant(const Layer& layer) {
  express_with_constant(layer, "Div");
}

void express_maximum_constant(const Layer& layer) {
  express_with_constant(layer, "Max");
}

void express_minimum_constant(const Layer& layer) {
  express_with_constant(layer, "Min");
}

// factor x + offset
void express_affine(const Layer& layer) {
  const double factor = real(attributes_of(layer), "factor"), offset = real(attributes_of(layer), "offset");
  const std::string multiple = scalar(layer, "factor", factor);
  if (offset == 0) return finish(layer, "Mul", {input(layer), multiple});
  finish(layer, "Add",
         {step(layer, "multiple", "Mul", {input(layer), multiple}), scalar(layer, "offset", offset)});
}

void express_concat_along(const Layer& layer) {
  finish(layer, "Concat", inputs(layer), {{"axis", integer(attributes_of(layer), "along") + 1}});
}

void express_pad_along(const Layer& layer) {
  const AxisPadding p = padding_along(attributes_of(layer), input_shape(layer));
  const std::string& mode = word(attributes_of(layer), "mode");
  if (mode == "wrap") return express_wrap(layer, p);
  const auto axis = static_cast<size_t>(integer(attributes_of(layer), "axis")) + 1;
  std::vector<int64_t> pads(2 * input_shape(layer).rank() + 2);
  pads[axis] = p.before;
  pads[pads.size() / 2 + axis] = p.after;
  std::vector<std::string> inputs = {input(layer), list(layer, "pads", pads)};
  if (mode == "constant") inputs.push_back(scalar(layer, "value", real(attributes_of(layer), "value")));
  finish(layer, "Pad", std::move(inputs), {{"mode", mode == "replicate" ? "edge" : mode}});
}

void express_crop(const Layer& layer) {
  const auto number = [&](const char* name) {
    return std::vector<int64_t>{integer(attributes_of(layer), name)};
  };
  finish(layer, "Slice",
         {input(layer), list(layer, "begin", number("begin")), list(layer, "end", number("end")),
          list(layer, "axis", behind_images(number("axis"))), list(layer, "step", number("step"))});
}

// From the last place to before the first, which is counted from the end and so has no number of its own.
void express_flip(const Layer& layer) {
  const size_t count = axes_of(layer).size();
  const auto all = [&](int64_t number) { return std::vector<int64_t>(count, number); };
  finish(layer, "Slice",
         {input(layer), list(layer, "begin", all(-1)),
          list(layer, "end", all(-std::numeric_limits<int64_t>::max())),
          list(layer, "axes", behind_images(axes_of(layer))), list(layer, "step", all(-1))});
}

void express_tile(const Layer& layer) {
  std::vector<int64_t> repeats = with_images(sizes(attributes_of(layer), "repeats"));
  repeats[0] = 1;
  finish(layer, "Tile", {input(layer), list(layer, "repeats", repeats)});
}

// As many images as there are: a 1 is repeated to what is there.
void express_expand(const Layer& layer) {
  std::vector<int64_t> dims = with_images(node_of(layer).shape.sizes);
  dims[0] = 1;
  finish(layer, "Expand", {with_rank(layer, 0, dims.size() - 1), list(layer, "dims", dims)});
}

void express_permute(const Layer& layer) {
  finish(layer, "Transpose", {input(layer)},
         {{"perm", with_images(behind_images(sizes(attributes_of(layer), "order")))}});
}

void express_reshape(const Layer& layer) {
  finish(layer, "Reshape", {input(layer), list(layer, "dims", with_images(node_of(layer).shape.sizes))});
}

void express_argmax(const Layer& layer) {
  express_place(layer, "ArgMax");
}

void express_argmin(const Layer& layer) {
  express_place(layer, "ArgMin");
}

void express_int32(const Layer& layer) {
  finish(layer, "Cast", {input(layer)}, {{"to", int64_t{6}}});
}

void express_reduce_max(const Layer& layer) {
  express_reduction(layer, "ReduceMax");
}

void express_reduce_mean(const Layer& layer) {
  express_reduction(layer, "ReduceMean");
}

void express_reduce_min(const Layer& layer) {
  express_reduction(layer, "ReduceMin");
}

void express_reduce_product(const Layer& layer) {
  express_reduction(layer, "ReduceProd");
}

// The axes are an input since opset 13, of sums alone.
void express_reduce_sum(const Layer& layer) {
  finish(layer, "ReduceSum", {input(layer), list(layer, "axes", behind_images(axes_of(layer)))});
}

}  // namespace cnnc::onnx
