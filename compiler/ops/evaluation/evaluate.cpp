#include "ops/evaluation/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>

#include "ops/registry.h"
#include "ops/volume/parts.h"

namespace cnnc {
namespace {

Reference exact(const Graph& graph, const Node& node, NodeId id,
                const std::vector<std::vector<float>>& inputs) {
  const size_t place = std::find(graph.inputs.begin(), graph.inputs.end(), id) - graph.inputs.begin();
  const std::vector<float>& values = inputs.at(place);
  if (static_cast<int64_t>(values.size()) != node.shape.elements())
    throw std::logic_error(fmt::format("input '{}' has {} elements; found {} values", node.name,
                                       node.shape.elements(), values.size()));
  return {{values.begin(), values.end()}, std::vector<double>(values.size())};
}

// What layers make of an infinity is not promised, unless they say so themselves: where they cannot say how
// far off a result may be, it may be anything. So it is behind what may itself be anything.
void open_behind_infinities(const std::vector<const Reference*>& inputs, Reference& value) {
  const auto has_infinity = [](const Reference* input) {
    const auto is_infinite = [](double v) { return std::isinf(v); };
    return std::any_of(input->values.begin(), input->values.end(), is_infinite) ||
           std::any_of(input->bounds.begin(), input->bounds.end(), is_infinite);
  };
  if (std::none_of(inputs.begin(), inputs.end(), has_infinity)) return;
  for (double& bound : value.bounds)
    if (std::isnan(bound)) bound = std::numeric_limits<double>::infinity();
}

// One step of the epilogue, by the reference evaluation of the operator it came from.
Reference apply(const EpilogueStep& step, const Node& node, const Reference& value,
                const std::vector<Reference>& results) {
  Node alone;
  alone.name = node.name;
  alone.op = step.op;
  alone.attributes = step.attributes;
  alone.shape = node.shape;
  std::vector<const Reference*> inputs = {&value};
  if (step.operand >= 0) inputs.push_back(&results.at(node.inputs.at(step.operand)));
  Reference result =
      operator_of(alone).evaluate(alone, inputs, std::vector<Shape>(inputs.size(), node.shape));
  open_behind_infinities(inputs, result);
  return result;
}

Reference compute(const Graph& graph, const Node& node, const std::vector<Reference>& results,
                  const WinogradTransform* transform);

// Adds what rounding adds to the transform. A layer of volumes is made of layers on maps, of which a conv is
// by the transform.
void add_winograd_bounds_of(const WinogradTransform& transform, const Node& node, const Shape& shape,
                            const Reference& input, Reference& value) {
  if (!is_of_volumes(node)) return add_bounds_of(transform, node, shape, input, value);
  const Graph part = parts_of_volume(node, shape);
  std::vector<Reference> results = {input};
  for (size_t id = 1; id < part.nodes.size(); ++id) {
    const bool is_conv = part.nodes[id].op == "conv";
    results.push_back(compute(part, part.nodes[id], results, is_conv ? &transform : nullptr));
  }
  for (size_t i = 0; i < value.bounds.size(); ++i)
    value.bounds[i] = std::max(value.bounds[i], results.back().bounds.at(i));
}

// The operator, by the transform if there is one, on those of the node's inputs that are no operands of its
// epilogue, then the epilogue.
Reference compute(const Graph& graph, const Node& node, const std::vector<Reference>& results,
                  const WinogradTransform* transform) {
  std::vector<const Reference*> inputs;
  std::vector<Shape> shapes;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (is_epilogue_operand(node, static_cast<int>(i))) continue;
    inputs.push_back(&results.at(node.inputs[i]));
    shapes.push_back(graph.nodes[node.inputs[i]].shape);
  }
  Reference value = operator_of(node).evaluate(node, inputs, shapes);
  open_behind_infinities(inputs, value);
  if (transform) add_winograd_bounds_of(*transform, node, shapes.at(0), *inputs.at(0), value);
  for (const EpilogueStep& step : node.epilogue) value = apply(step, node, value, results);
  return value;
}

Reference evaluate_node(const Graph& graph, NodeId id, const std::vector<std::vector<float>>& inputs,
                        const std::vector<Reference>& results, const WinogradConvs& by_winograd) {
  const Node& node = graph.nodes[id];
  if (is_input(node)) return exact(graph, node, id, inputs);
  const auto found = by_winograd.find(id);
  return compute(graph, node, results, found == by_winograd.end() ? nullptr : &found->second);
}

// The last node that reads each node's value; none: the node itself.
std::vector<NodeId> last_readers(const Graph& graph) {
  std::vector<NodeId> last(graph.nodes.size());
  for (NodeId id = 0; id < static_cast<NodeId>(last.size()); ++id) {
    last[id] = id;
    for (const NodeId input : graph.nodes[id].inputs) last[input] = id;
  }
  return last;
}

// The wanted nodes' values; `change` is called with each node's as soon as it is there.
std::vector<Reference> evaluate_wanted(const Graph& graph, const std::vector<std::vector<float>>& inputs,
                                       const std::vector<NodeId>& wanted, const WinogradConvs& by_winograd,
                                       const std::function<void(NodeId, Reference&)>& change) {
  std::vector<NodeId> last = last_readers(graph);
  for (const NodeId id : wanted) last[id] = static_cast<NodeId>(graph.nodes.size());
  std::vector<Reference> results(graph.nodes.size());
  for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id) {
    results[id] = evaluate_node(graph, id, inputs, results, by_winograd);
    change(id, results[id]);
    for (const NodeId input : graph.nodes[id].inputs)
      if (last[input] == id) results[input] = {};
    if (last[id] == id) results[id] = {};
  }
  std::vector<Reference> chosen;
  for (const NodeId id : wanted) chosen.push_back(results[id]);
  return chosen;
}

}  // namespace

std::vector<Reference> evaluate(const Graph& graph, const std::vector<std::vector<float>>& inputs) {
  std::vector<Reference> results;
  results.reserve(graph.nodes.size());
  for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id)
    results.push_back(evaluate_node(graph, id, inputs, results, {}));
  return results;
}

std::vector<Reference> evaluate_nodes(const Graph& graph, const std::vector<std::vector<float>>& inputs,
                                      const std::vector<NodeId>& wanted, const WinogradConvs& by_winograd) {
  return evaluate_wanted(graph, inputs, wanted, by_winograd, [](NodeId, Reference&) {});
}

std::vector<std::vector<double>> evaluate_with_errors(const Graph& graph,
                                                      const std::vector<std::vector<float>>& inputs,
                                                      const std::vector<NodeId>& wanted,
                                                      const std::map<NodeId, std::vector<double>>& errors) {
  const auto err = [&](NodeId id, Reference& result) {
    const auto error = errors.find(id);
    for (size_t i = 0; error != errors.end() && i < result.values.size(); ++i)
      result.values[i] += error->second.at(i);
  };
  std::vector<std::vector<double>> values;
  for (Reference& result : evaluate_wanted(graph, inputs, wanted, {}, err))
    values.push_back(std::move(result.values));
  return values;
}

}  // namespace cnnc
