#include "driver/explain/definition.h"

#include <fmt/format.h>

#include "driver/console/numbers.h"
#include "driver/console/table.h"
#include "ops/registry.h"
#include "ops/window/window.h"

namespace cnnc {
namespace {

const Shape& shape_of_input(const Graph& graph, const Node& node) {
  return graph.nodes[node.inputs[0]].shape;
}

// "2 * y + i - 3": where tap i of output y is in the input.
std::string place(const WindowAxis& axis, const std::string& element, const std::string& tap) {
  std::string text = axis.stride == 1 ? element : fmt::format("{} * {}", axis.stride, element);
  text += axis.dilation == 1 ? " + " + tap : fmt::format(" + {} * {}", axis.dilation, tap);
  return axis.pad_before == 0
             ? text
             : fmt::format("{} {} {}", text, axis.pad_before > 0 ? "-" : "+", std::abs(axis.pad_before));
}

std::string bias_of(const Node& node) {
  return find_parameter(node, "bias") ? "bias[k] + " : "";
}

std::string of_conv(const Graph& graph, const Node& node) {
  const Shape& input = shape_of_input(graph, node);
  const Window window = window_of(node.attributes, input);
  const int64_t groups = integer(node.attributes, "groups"), channels = input.channels() / groups;
  const std::string rows = place(window.height, "y", "i"), columns = place(window.width, "x", "j");
  const std::string limits = fmt::format("i < {}, j < {}", window.height.filter, window.width.filter);
  if (groups > 1 && channels == 1 && node.shape.channels() == groups)
    return fmt::format(
        "out[k, y, x] = {}sum of in[k, {}, {}] * weight[k, i, j] over {}: each channel by itself",
        bias_of(node), rows, columns, limits);
  return fmt::format(
      "out[k, y, x] = {}sum of in[{}, {}, {}] * weight[k, c, i, j] over c < {}, {}", bias_of(node),
      groups == 1 ? "c" : fmt::format("{} * (k / {}) + c", channels, node.shape.channels() / groups), rows,
      columns, channels, limits);
}

std::string of_pool(const Graph& graph, const Node& node) {
  const Shape& input = shape_of_input(graph, node);
  const bool is_global = node.op.rfind("global", 0) == 0, is_max = node.op.find("max") != std::string::npos;
  const Window window = is_global ? global_window(input) : window_of(node.attributes, input);
  return fmt::format("out[c, y, x] = {} of in[c, {}, {}] over i < {}, j < {}",
                     is_max ? "the greatest" : "the mean", is_global ? "i" : place(window.height, "y", "i"),
                     is_global ? "j" : place(window.width, "x", "j"), window.height.filter,
                     window.width.filter);
}

bool is_vector_layer(const Graph& graph, const Node& node) {
  return node.op == "dense" && shape_of_input(graph, node).is_vector();
}

std::string products_of(const Node& node, int64_t macs) {
  const int64_t elements = node.shape.elements();
  return macs % elements == 0 ? fmt::format("{} elements x {} products = {}", with_commas(elements),
                                            with_commas(macs / elements), with_commas(macs))
                              : with_commas(macs);
}

std::string parameters_of(const Node& node, const LayerFacts& facts) {
  std::string text;
  for (const Parameter& parameter : node.parameters)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", parameter.name, to_string(parameter.shape));
  return fmt::format("{}: {}", with_commas(facts.parameters), text);
}

std::string line(const std::string& what, const std::string& how_much) {
  return how_much.empty() ? "" : indented(2, fmt::format("{:<13} ", what), how_much);
}

}  // namespace

std::string definition_of(const Graph& graph, const Node& node) {
  static const std::vector<std::string> pools = {"maxpool", "avgpool", "global_avgpool", "global_maxpool"};
  if (node.op == "conv") return of_conv(graph, node);
  if (std::find(pools.begin(), pools.end(), node.op) != pools.end()) return of_pool(graph, node);
  if (is_vector_layer(graph, node))
    return fmt::format("out[k] = {}sum of in[c] * weight[k, c] over c < {}", bias_of(node),
                       shape_of_input(graph, node).sizes[0]);
  if (node.op == "batchnorm")
    return "out[c, y, x] = (in[c, y, x] - mean[c]) / sqrt(variance[c] + eps) * weight[c] + bias[c]";
  if (node.op == "relu") return "each element: max(0, in)";
  if (node.op == "add") return "each element: the sum of those of the inputs";
  if (node.op == "multiply") return "each element: the product of those of the inputs";
  const Operator* op = find_operator(node.op);
  return op ? std::string(op->summary) : "";
}

std::string what_it_computes(const Graph& graph, const Node& node, const LayerFacts& facts) {
  std::string reads;
  for (const NodeId input : node.inputs)
    reads += fmt::format("{}{} ({})", reads.empty() ? "" : ", ", graph.nodes[input].name,
                         to_string(graph.nodes[input].shape));
  std::string macs = facts.macs > 0 ? products_of(node, facts.macs) : "";
  if (facts.macs_share && facts.macs > 0)
    macs += fmt::format(", {:.1f} % of the network's", 100 * *facts.macs_share);
  const bool sees = facts.field && !is_input(node);
  return "What it computes\n" + line("reads", reads) + line("result", to_string(node.shape)) +
         line("definition", is_input(node) ? "what the caller gives" : definition_of(graph, node)) +
         line("size", facts.formula) + line("multiply-adds", macs) +
         line("parameters", node.parameters.empty() ? "" : parameters_of(node, facts)) +
         line("sees",
              sees ? fmt::format("{} rows and columns of the input", picture::size_text(*facts.field)) : "");
}

}  // namespace cnnc
