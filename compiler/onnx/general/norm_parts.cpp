#include "onnx/general/norm_parts.h"

#include <algorithm>

#include "onnx/mappings/elementwise.h"
#include "ops/norm/arithmetic.h"
#include "ops/window/window.h"
#include "passes/edit/rewrite.h"

namespace cnnc::onnx {
namespace {

// A pool whose only window along rows, or along columns, is all of them.
std::optional<Mean> mean_of_rows_or_columns(const Reading& r, NodeId id) {
  const Window window = window_of(r.at(id).attributes, r.at(r.input(id)).shape);
  const auto is_whole = [](const WindowAxis& axis) {
    return axis.filter == axis.input && axis.pad_before == 0 && axis.pad_after == 0;
  };
  const auto is_single = [](const WindowAxis& axis) {
    return axis.filter == 1 && axis.stride == 1 && axis.pad_before == 0 && axis.pad_after == 0;
  };
  if (is_whole(window.height) && is_single(window.width)) return Mean{r.input(id), {1}};
  if (is_single(window.height) && is_whole(window.width)) return Mean{r.input(id), {2}};
  return std::nullopt;
}

const std::vector<float>& values_of(const cnnc::Node& node, std::string_view parameter) {
  return *find_parameter(node, parameter)->values;
}

// x + offset
struct Moved {
  NodeId x = -1;
  double offset = 0;
};

Moved moved_at(const Reading& r, NodeId id) {
  const cnnc::Node& node = r.at(id);
  if (node.op == "affine" && real(node.attributes, "factor") == 1)
    return {r.input(id), real(node.attributes, "offset")};
  if (is_scale_and_shift(node) && are_all(values_of(node, "weight"), 1))
    if (const std::vector<float>& bias = values_of(node, "bias"); are_all(bias, bias[0]))
      return {r.input(id), decimal(bias[0])};
  return {id, 0};
}

// Of the operator, or of its opposite where one input is inverted for it alone.
std::optional<Operands> operands_at(const Reading& r, NodeId id, std::string_view op,
                                    std::string_view opposite, std::string_view inverse) {
  if (r.is(id, op)) return Operands{r.input(id), r.input(id, 1)};
  if (!r.is(id, opposite) || r.at(id).inputs.size() != 2) return std::nullopt;
  for (const size_t i : {1, 0})
    if (const NodeId inverted = r.input(id, i); r.is(inverted, inverse) && r.is_read(inverted, 1))
      return Operands{r.input(id, 1 - i), r.input(inverted)};
  return std::nullopt;
}

}  // namespace

Reading::Reading(const Graph& graph)
    : graph_(graph), uses_(count_uses(graph)), reader_(graph.nodes.size(), -1) {
  for (size_t id = 0; id < graph.nodes.size(); ++id)
    for (const NodeId input : graph.nodes[id].inputs)
      reader_[static_cast<size_t>(input)] = static_cast<NodeId>(id);
}

std::optional<Mean> mean_at(const Reading& r, NodeId id) {
  if (r.is(id, "reduce_mean")) return Mean{r.input(id), sizes(r.at(id).attributes, "axes")};
  if (r.is(id, "global_avgpool")) return Mean{r.input(id), {1, 2}};
  if (r.is(id, "avgpool")) return mean_of_rows_or_columns(r, id);
  return std::nullopt;
}

bool are_all(const std::vector<float>& values, float value) {
  return std::all_of(values.begin(), values.end(), [=](float v) { return v == value; });
}

bool is_scale_and_shift(const cnnc::Node& node) {
  return node.op == "batchnorm" && real(node.attributes, "eps") == 0 &&
         are_all(values_of(node, "running_mean"), 0) && are_all(values_of(node, "running_var"), 1);
}

std::optional<Operands> difference_at(const Reading& r, NodeId id) {
  return operands_at(r, id, "subtract", "add", "neg");
}

std::optional<Operands> quotient_at(const Reading& r, NodeId id) {
  return operands_at(r, id, "divide", "multiply", "reciprocal");
}

std::optional<Root> root_at(const Reading& r, NodeId id) {
  if (!r.is(id, "sqrt") || !r.is_read(id, 1) || !r.is_read(r.input(id), 1)) return std::nullopt;
  const Moved moved = moved_at(r, r.input(id));
  const auto mean = mean_at(r, moved.x);
  if (!mean || !r.is_read(moved.x, 1) || moved.offset < kLeastEps || moved.offset > 1) return std::nullopt;
  const NodeId squares = mean->of;
  const bool is_product = r.is(squares, "multiply") && r.at(squares).inputs.size() == 2 &&
                          r.input(squares) == r.input(squares, 1);
  if ((!r.is(squares, "square") && !is_product) || !r.is_read(squares, 1)) return std::nullopt;
  return Root{r.input(squares), is_product ? 2 : 1, mean->axes, moved.offset};
}

}  // namespace cnnc::onnx
