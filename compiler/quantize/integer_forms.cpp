#include "quantize/integer_forms.h"

#include <algorithm>

#include "ops/registry.h"
#include "ops/window/window.h"
#include "passes/fuse_epilogues.h"
#include "quantize/integer_weights.h"

namespace cnnc {
namespace {

bool is_map_or_vector(const Shape& shape) {
  return shape.is_map() || shape.is_vector();
}

std::vector<Shape> own_shapes(const Graph& graph, const Node& node) {
  std::vector<Shape> shapes;
  for (size_t i = 0; i < node.inputs.size(); ++i)
    if (!is_epilogue_operand(node, static_cast<int>(i))) shapes.push_back(graph.nodes[node.inputs[i]].shape);
  return shapes;
}

// Elements that are not the input's, such as a padding of zeros or means of neighbours, are no bytes of its
// scale.
bool moves_elements(const Node& node) {
  const auto mode = node.attributes.find("mode");
  const bool makes_others = mode != node.attributes.end() && (mode->second == AttributeValue("constant") ||
                                                              mode->second == AttributeValue("bilinear") ||
                                                              mode->second == AttributeValue("bicubic"));
  return facts_of(node).keeps_type && !makes_others;
}

// Whether each window has as many elements that count.
bool averages_alike(const Window& window, bool include_pad) {
  const auto is_alike = [&](const WindowAxis& axis) {
    return overhang(axis) == 0 && (include_pad || (axis.pad_before == 0 && axis.pad_after == 0));
  };
  return is_alike(window.height) && is_alike(window.width);
}

bool is_plain_average(const Graph& graph, const Node& node) {
  if (node.op == "global_avgpool") return true;
  return node.op == "avgpool" && averages_alike(window_of(node.attributes, graph.nodes[node.inputs[0]].shape),
                                                is_on(node.attributes, "include_pad"));
}

// A sum of tensors of one shape or an elementwise function of one, which becomes steps of an epilogue: those
// that it has, and behind them one that makes bytes.
bool is_elementwise_form(const Node& node, const std::vector<Shape>& inputs) {
  const bool is_sum = node.op == "add";
  const bool is_function = facts_of(node).is_elementwise && inputs.size() == 1 && node.parameters.empty();
  return (is_sum || is_function) && node.epilogue.size() + inputs.size() + 1 <= kMaxEpilogue &&
         std::all_of(inputs.begin(), inputs.end(), [&](const Shape& shape) { return shape == node.shape; });
}

bool is_contraction_form(const Node& node) {
  if (node.op != "conv" && node.op != "dense") return false;
  const Shape& weight = find_parameter(node, "weight")->shape;
  return sums_fit(weight.elements() / weight.sizes[0]);
}

}  // namespace

IntegerForm integer_form(const Graph& graph, const Node& node) {
  const std::vector<Shape> inputs = own_shapes(graph, node);
  if (is_input(node) || !is_map_or_vector(node.shape) ||
      !std::all_of(inputs.begin(), inputs.end(), is_map_or_vector))
    return IntegerForm::none;
  if (is_contraction_form(node)) return IntegerForm::contraction;
  if (is_plain_average(graph, node) && taps_of_average(graph, node) <= INT32_MAX / 255)
    return IntegerForm::average;
  if (moves_elements(node)) return IntegerForm::move;
  return is_elementwise_form(node, inputs) ? IntegerForm::elementwise : IntegerForm::none;
}

int64_t taps_of_average(const Graph& graph, const Node& node) {
  const Shape& input = graph.nodes[node.inputs[0]].shape;
  if (node.op == "global_avgpool") return input.height() * input.width();
  const Window window = window_of(node.attributes, input);
  return window.height.filter * window.width.filter;
}

bool keeps_scale(const Node& node) {
  return moves_elements(node) || (node.covers.empty() && node.op == "avgpool");
}

bool reads_bytes(const Node& node, size_t input) {
  for (const EpilogueStep& step : node.epilogue)
    if (step.operand == static_cast<int>(input)) return step.op == "add";
  return true;
}

}  // namespace cnnc
