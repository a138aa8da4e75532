#include "onnx/walk/order.h"

#include <utility>

namespace cnnc::onnx {
namespace {

// The nodes' indices, each after its inputs: a walk in depth without recursion.
std::vector<NodeId> order_of(const Graph& graph) {
  enum class State { untouched, waiting, placed };
  std::vector<State> states(graph.nodes.size(), State::untouched);
  std::vector<NodeId> order, stack;
  for (size_t root = 0; root < graph.nodes.size(); ++root) {
    stack.push_back(static_cast<NodeId>(root));
    while (!stack.empty()) {
      const auto id = static_cast<size_t>(stack.back());
      const bool is_ready = states[id] == State::waiting;
      if (states[id] == State::untouched) {
        states[id] = State::waiting;
        const std::vector<NodeId>& inputs = graph.nodes[id].inputs;
        for (auto input = inputs.rbegin(); input != inputs.rend(); ++input)
          if (states[static_cast<size_t>(*input)] == State::untouched) stack.push_back(*input);
        continue;
      }
      stack.pop_back();
      if (is_ready) {
        states[id] = State::placed;
        order.push_back(static_cast<NodeId>(id));
      }
    }
  }
  return order;
}

}  // namespace

Graph in_topological_order(Graph graph) {
  const std::vector<NodeId> order = order_of(graph);
  std::vector<NodeId> places(order.size());
  for (size_t i = 0; i < order.size(); ++i) places[static_cast<size_t>(order[i])] = static_cast<NodeId>(i);
  const auto move_to_place = [&](NodeId& id) { id = places[static_cast<size_t>(id)]; };
  std::vector<cnnc::Node> nodes;
  for (const NodeId id : order) {
    nodes.push_back(std::move(graph.nodes[static_cast<size_t>(id)]));
    for (NodeId& input : nodes.back().inputs) move_to_place(input);
  }
  graph.nodes = std::move(nodes);
  for (NodeId& input : graph.inputs) move_to_place(input);
  for (GraphOutput& output : graph.outputs) move_to_place(output.node);
  return graph;
}

}  // namespace cnnc::onnx
