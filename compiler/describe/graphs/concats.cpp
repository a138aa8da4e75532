#include "describe/graphs/concats.h"

#include <unordered_map>

namespace cnnc {
namespace {

// Of the first `count` inputs.
uint64_t hash_of(const std::vector<NodeId>& inputs, size_t count) {
  uint64_t hash = count;
  for (size_t i = 0; i < count; ++i) hash = (hash ^ static_cast<uint64_t>(inputs[i])) * 0x9E3779B97F4A7C15;
  return hash;
}

bool is_all_but_last(const std::vector<NodeId>& fewer, const std::vector<NodeId>& inputs) {
  return fewer.size() + 1 == inputs.size() && std::equal(fewer.begin(), fewer.end(), inputs.begin());
}

}  // namespace

Graph nest_concats(Graph graph) {
  std::unordered_map<uint64_t, NodeId> concats;  // by their original inputs
  std::vector<std::pair<NodeId, NodeId>> nested;
  for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id) {
    const Node& node = graph.nodes[id];
    if (node.op != "concat") continue;
    const size_t count = node.inputs.size();
    const auto found = concats.find(hash_of(node.inputs, count - 1));
    if (count > 2 && found != concats.end() &&
        is_all_but_last(graph.nodes[found->second].inputs, node.inputs))
      nested.emplace_back(id, found->second);
    concats.emplace(hash_of(node.inputs, count), id);
  }
  for (const auto& [id, inner] : nested) graph.nodes[id].inputs = {inner, graph.nodes[id].inputs.back()};
  return graph;
}

}  // namespace cnnc
