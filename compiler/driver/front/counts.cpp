#include "driver/front/counts.h"

#include "ops/registry.h"
#include "support/checked.h"

namespace cnnc {
namespace {

void add(std::optional<int64_t>& sum, std::optional<int64_t> number) {
  sum = sum && number ? checked_add(*sum, *number) : std::nullopt;
}

}  // namespace

ParameterCount count_parameters(const Node& node) {
  ParameterCount count;
  for (const Parameter& p : node.parameters)
    add(p.name.rfind("running_", 0) == 0 ? count.statistics : count.learnable, p.shape.checked_elements());
  return count;
}

ParameterCount count_parameters(const Graph& graph) {
  ParameterCount count;
  for (const Node& node : graph.nodes) {
    add(count.learnable, count_parameters(node).learnable);
    add(count.statistics, count_parameters(node).statistics);
  }
  return count;
}

std::vector<Shape> input_shapes(const Graph& graph, const Node& node) {
  std::vector<Shape> shapes;
  for (const NodeId input : node.inputs) shapes.push_back(graph.nodes[input].shape);
  return shapes;
}

int64_t macs(const Graph& graph, const Node& node) {
  const Operator* op = find_operator(node.op);
  return op && op->macs ? op->macs(node.attributes, input_shapes(graph, node), node.shape) : 0;
}

std::optional<int64_t> macs(const Graph& graph) {
  std::optional<int64_t> sum = 0;
  for (const Node& node : graph.nodes) add(sum, macs(graph, node));
  return sum;
}

}  // namespace cnnc
