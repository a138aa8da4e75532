// Joins, parts and orders of channels: axis 1 of every tensor.
#include <fmt/format.h>

#include "onnx/export/expression.h"

namespace cnnc::onnx {
namespace {

// Whether the node is a part of the same tensor, divided in the same way.
bool is_part_too(const cnnc::Node& node, const cnnc::Node& of) {
  return node.op == "split" && node.inputs == of.inputs &&
         integer(node.attributes, "parts") == integer(of.attributes, "parts");
}

// The values of all parts, and in `first` the first node that is one: nodes of the same division share one
// Split.
std::vector<std::string> parts_of(const Layer& layer, NodeId& first) {
  const cnnc::Node& node = node_of(layer);
  require_moderate(integer(node.attributes, "parts"));
  std::vector<std::string> values(static_cast<size_t>(integer(node.attributes, "parts")));
  first = layer.id;
  for (size_t id = layer.graph.nodes.size(); id-- > 0;) {
    const cnnc::Node& other = layer.graph.nodes[id];
    if (!is_part_too(other, node)) continue;
    values[static_cast<size_t>(integer(other.attributes, "part"))] = layer.values[id];
    first = static_cast<NodeId>(id);
  }
  for (size_t i = 0; i < values.size(); ++i)
    if (values[i].empty())
      values[i] = fmt::format("{}/part{}", layer.graph.nodes[static_cast<size_t>(first)].name, i);
  return values;
}

}  // namespace

void express_flatten(const Layer& layer) {
  finish(layer, "Flatten", {input(layer)}, {{"axis", int64_t{1}}});
}

void express_add(const Layer& layer) {
  finish(layer, inputs(layer).size() == 2 ? "Add" : "Sum", inputs_of_one_rank(layer));
}

void express_multiply(const Layer& layer) {
  const std::vector<std::string> factors = inputs_of_one_rank(layer);
  std::string product = factors[0];
  for (size_t i = 1; i + 1 < factors.size(); ++i)
    product = step(layer, fmt::format("product{}", i), "Mul", {product, factors[i]});
  finish(layer, "Mul", {product, factors.back()});
}

void express_concat(const Layer& layer) {
  finish(layer, "Concat", inputs(layer), {{"axis", int64_t{1}}});
}

void express_slice(const Layer& layer) {
  finish(layer, "Slice",
         {input(layer), list(layer, "begin", {integer(attributes_of(layer), "begin")}),
          list(layer, "end", {integer(attributes_of(layer), "end")}), list(layer, "axis", {1})});
}

void express_split(const Layer& layer) {
  NodeId first = 0;
  const std::vector<std::string> parts = parts_of(layer, first);
  const std::string& own = parts[static_cast<size_t>(integer(attributes_of(layer), "part"))];
  if (first == layer.id) {
    finish(layer, "Split", {input(layer)}, {{"axis", int64_t{1}}});
    layer.model.nodes.back().outputs = parts;
  } else if (own != layer.values[static_cast<size_t>(layer.id)]) {
    finish(layer, "Identity", {own});
  }
}

// Groups x channels of one, exchanged. The 0 stands for the images.
void express_channel_shuffle(const Layer& layer) {
  const Shape& shape = input_shape(layer);
  const int64_t groups = integer(attributes_of(layer), "groups");
  std::vector<int64_t> split = {0, groups, shape.channels() / groups}, order = {0, 2, 1}, joined = {0};
  joined.insert(joined.end(), shape.sizes.begin(), shape.sizes.end());
  if (shape.is_map()) {
    split.insert(split.end(), {shape.height(), shape.width()});
    order.insert(order.end(), {3, 4});
  }
  const std::string x = step(layer, "split", "Reshape", {input(layer), list(layer, "groups", split)});
  const std::string dealt = step(layer, "dealt", "Transpose", {x}, {{"perm", order}});
  finish(layer, "Reshape", {dealt, list(layer, "dims", joined)});
}

}  // namespace cnnc::onnx
