#include "onnx/import/computed_constants.h"

#include <fmt/format.h>

#include "onnx/fold/fold.h"
#include "onnx/import/inputs.h"
#include "onnx/import/outputs.h"
#include "ops/evaluation/evaluate.h"
#include "ops/registry.h"
#include "support/checked.h"
#include "support/limits.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

// A network of the node alone.
Translation alone(const Translation& t, const Node& node) {
  Translation inner;
  inner.opset = t.opset;
  inner.allowance = t.allowance;
  inner.folding_left = t.folding_left;
  for (size_t i = 1; i < node.inputs.size(); ++i)
    if (const Constant* c = constant_input(t, node, i)) inner.values.emplace(node.inputs[i], *c);
  const Constant& first = need_floats(t, node, 0, "its input 0");
  const bool has_batch = first.dims.size() > 1 && first.dims[0] == 1;
  std::vector<int64_t> sizes = first.dims;
  if (!has_batch) sizes.insert(sizes.begin(), sizes.empty() ? 2 : 1, 1);
  if (sizes.size() > limits::kRank + 1 || elements(sizes) < 1 || elements(sizes) > limits::kElements)
    throw Unmapped{
        fmt::format("its input {} is a constant of {}", quote(node.inputs[0]), to_string(first.dims)), ""};
  View view = add_input(inner, "constant", sizes);
  if (!has_batch)
    view.dims.erase(view.dims.begin(), view.dims.end() - static_cast<int64_t>(first.dims.size()));
  inner.values.insert_or_assign(node.inputs[0], std::move(view));
  return inner;
}

// Elements that are computed, a product as one.
void spend_all(Translation& t, const Graph& graph) {
  for (const cnnc::Node& node : graph.nodes) {
    std::vector<Shape> shapes;
    for (const NodeId input : node.inputs) shapes.push_back(graph.nodes[input].shape);
    const Operator* op = find_operator(node.op);
    const int64_t products = op && op->macs ? op->macs(node.attributes, shapes, node.shape) : 0;
    spend_folding(t.folding_left, checked_add(products, node.shape.elements()).value_or(INT64_MAX));
  }
}

Constant constant_of(const Reference& reference, std::vector<int64_t> dims) {
  return {"float", std::move(dims),
          std::make_shared<const std::vector<float>>(reference.values.begin(), reference.values.end()),
          nullptr};
}

}  // namespace

void compute_constants(Translation& t, const Node& node, void (*map)(Translation&, const Node&)) {
  Translation inner = alone(t, node);
  map(inner, node);
  std::vector<View> views;
  std::vector<NodeId> wanted;
  std::vector<size_t> places;
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    const auto found = inner.values.find(node.outputs[i]);
    if (node.outputs[i].empty() || found == inner.values.end()) continue;
    views.push_back(std::get<View>(found->second));
    wanted.push_back(tensor_of(inner, views.back()));
    places.push_back(i);
  }
  spend_all(t, inner.graph);
  const Constant& first = need_floats(t, node, 0, "its input 0");
  const std::vector<Reference> results = evaluate_nodes(inner.graph, {*first.floats}, wanted);
  for (size_t i = 0; i < results.size(); ++i)
    set_output(t, node, constant_of(results[i], dims_of(views[i])), places[i]);
}

}  // namespace cnnc::onnx
