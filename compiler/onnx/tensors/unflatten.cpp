#include "onnx/tensors/unflatten.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "onnx/tensors/arrange.h"
#include "onnx/tensors/selection.h"
#include "ops/registry.h"

namespace cnnc::onnx {
namespace {

cnnc::Node& node_at(Translation& t, NodeId id) {
  return t.graph.nodes[static_cast<size_t>(id)];
}

// The map that a flatten takes, as one pixel.
NodeId pixel_of_flatten(Translation& t, NodeId map) {
  const Shape shape = shape_of(t, map);
  if (shape.height() == 1 && shape.width() == 1) return map;
  View view = plain_view(t, map);
  Factors features = view.dims[1];
  features.insert(features.end(), view.dims[2].begin(), view.dims[2].end());
  features.insert(features.end(), view.dims[3].begin(), view.dims[3].end());
  view.dims = {view.dims[0], std::move(features), {}, {}};
  if (const auto pixel = arranged(t, view)) return *pixel;
  return gathered_to_pixel(t, map);
}

std::vector<Weights> weights_of(const cnnc::Node& node) {
  std::vector<Weights> weights;
  for (const Parameter& p : node.parameters) weights.push_back({p.name, p.values});
  return weights;
}

// A dense layer's weight is a conv's whose filter covers the map: features x channels x rows x columns.
NodeId conv_of_dense(Translation& t, const cnnc::Node& dense) {
  const cnnc::Node& input = node_at(t, dense.inputs[0]);
  const NodeId map = input.op == "flatten" ? input.inputs[0] : t.unflattened.at(dense.inputs[0]);
  const Shape shape = shape_of(t, map);
  return add_node(t, "", "conv",
                  {{"channels", cnnc::integer(dense.attributes, "features")},
                   {"filter", std::vector<int64_t>{shape.height(), shape.width()}},
                   {"bias", is_on(dense.attributes, "bias")}},
                  {map}, weights_of(dense));
}

// An input of the network becomes one of F x 1 x 1: the same floats.
NodeId pixel_of_input(Translation& t, NodeId vector) {
  cnnc::Node input = node_at(t, vector);
  input.shape = Shape{input.shape.channels(), 1, 1};
  const auto id = static_cast<NodeId>(t.graph.nodes.size());
  std::replace(t.graph.inputs.begin(), t.graph.inputs.end(), vector, id);
  t.graph.nodes.push_back(std::move(input));
  return id;
}

// Whether the vector's operator works on maps of one pixel as well; what makes it of tensors of any rank does
// not.
bool works_on_pixels(const cnnc::Node& node) {
  return node.op != "reshape" && (is_input(node) || !facts_of(node).is_of_any_rank);
}

// The same operator on the pixels of its inputs, which there are.
NodeId on_pixels(Translation& t, NodeId vector) {
  const cnnc::Node node = node_at(t, vector);
  if (!works_on_pixels(node))
    return add_node(t, "", "reshape", {{"shape", std::vector<int64_t>{node.shape.elements(), 1, 1}}},
                    {vector});
  if (node.op == "input") return pixel_of_input(t, vector);
  if (node.op == "flatten") return pixel_of_flatten(t, node.inputs[0]);
  if (node.op == "dense") return conv_of_dense(t, node);
  std::vector<NodeId> inputs;
  for (const NodeId input : node.inputs) inputs.push_back(t.unflattened.at(input));
  return add_node(t, "", node.op, node.attributes, inputs, weights_of(node));
}

// The vector is a flatten of the pixel from now on, and the pixel has its name; unless it was made of the
// vector.
void replace(Translation& t, NodeId vector, NodeId pixel) {
  cnnc::Node& old = node_at(t, vector);
  if (old.op != "flatten" && works_on_pixels(old)) {
    cnnc::Node& made = node_at(t, pixel);
    if (old.name[0] != '%') made.name = std::exchange(old.name, fmt::format("%{}", vector));
    made.covers = std::move(old.covers);
    old = {old.name, "flatten", {}, {pixel}, old.shape, {}, {}, {}, {}};
    t.flattened[pixel] = vector;
  }
  t.unflattened[vector] = pixel;
  if (const auto found = t.tensors.find(vector); found != t.tensors.end())
    t.tensors.emplace(pixel, found->second);
}

// The vectors that must be pixels before this one can.
std::vector<NodeId> missing(const Translation& t, NodeId vector) {
  const cnnc::Node& node = t.graph.nodes[static_cast<size_t>(vector)];
  std::vector<NodeId> result;
  if (node.op == "flatten" || !works_on_pixels(node)) return result;
  for (const NodeId input : node.inputs) {
    const bool is_flat_map = node.op == "dense" && t.graph.nodes[static_cast<size_t>(input)].op == "flatten";
    if (!is_flat_map && t.unflattened.count(input) == 0) result.push_back(input);
  }
  return result;
}

}  // namespace

NodeId as_pixel(Translation& t, NodeId vector) {
  std::vector<NodeId> stack = {vector};
  while (!stack.empty()) {
    const NodeId id = stack.back();
    const std::vector<NodeId> first = missing(t, id);
    for (const NodeId input : first) stack.push_back(input);
    if (!first.empty()) continue;
    stack.pop_back();
    if (t.unflattened.count(id) == 0) replace(t, id, on_pixels(t, id));
  }
  return t.unflattened.at(vector);
}

}  // namespace cnnc::onnx
