#include "passes/common_subexpressions.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <set>
#include <tuple>

#include "passes/edit/rewrite.h"

namespace cnnc {
namespace {

// The order of two things: less than 0 if `a` comes first, 0 if they are equal.
template <class T>
int order(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

int order(const Parameter& a, const Parameter& b) {
  if (const int by_name = order(std::tie(a.name, a.shape.sizes), std::tie(b.name, b.shape.sizes)))
    return by_name;
  if (a.values == b.values) return 0;
  return std::memcmp(a.values->data(), b.values->data(), a.values->size() * sizeof(float));
}

int order(const EpilogueStep& a, const EpilogueStep& b) {
  return order(std::tie(a.op, a.attributes, a.operand), std::tie(b.op, b.attributes, b.operand));
}

template <class T>
int order_all(const std::vector<T>& a, const std::vector<T>& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (const int by_element = order(a[i], b[i])) return by_element;
  return order(a.size(), b.size());
}

// An order of nodes, in which those are equal that compute one value. Values of parameters are looked at
// last: they are long.
int order(const Node& a, const Node& b) {
  if (const int by_node =
          order(std::tie(a.op, a.attributes, a.inputs), std::tie(b.op, b.attributes, b.inputs)))
    return by_node;
  if (const int by_epilogue = order_all(a.epilogue, b.epilogue)) return by_epilogue;
  return order_all(a.parameters, b.parameters);
}

bool is_comparable(const Node& node) {
  const auto has_values = [](const Parameter& parameter) { return parameter.values != nullptr; };
  return !is_input(node) && std::all_of(node.parameters.begin(), node.parameters.end(), has_values);
}

}  // namespace

Graph common_subexpressions(Graph graph) {
  std::vector<NodeId> stands_for(graph.nodes.size());
  std::iota(stands_for.begin(), stands_for.end(), 0);
  const auto comes_first = [&](NodeId a, NodeId b) { return order(graph.nodes[a], graph.nodes[b]) < 0; };
  std::set<NodeId, decltype(comes_first)> distinct(comes_first);
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    Node& node = graph.nodes[id];
    for (NodeId& input : node.inputs) input = stands_for[input];
    if (is_comparable(node)) stands_for[id] = *distinct.insert(static_cast<NodeId>(id)).first;
  }
  return replace_nodes(std::move(graph), stands_for);
}

}  // namespace cnnc
