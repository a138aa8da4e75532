#include "describe/hashes.h"

#include <algorithm>

namespace cnnc {
namespace {

uint64_t mixed(uint64_t hash, uint64_t value) {
  hash ^= value + 0x9E3779B97F4A7C15 + (hash << 6) + (hash >> 2);
  hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;  // splitmix64's finaliser
  hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
  return hash ^ (hash >> 31);
}

uint64_t mixed(uint64_t hash, std::string_view text) {
  uint64_t fnv = 0xCBF29CE484222325;
  for (const unsigned char byte : text) fnv = (fnv ^ byte) * 0x100000001B3;
  return mixed(hash, fnv);
}

uint64_t own_hash(const Node& node) {
  uint64_t hash = mixed(0, node.op);
  for (const auto& [name, value] : canonical_attributes(node))
    hash = mixed(mixed(hash, name), to_string(value));
  return mixed(hash, to_string(node.shape));
}

}  // namespace

bool is_commutative(const Node& node) {
  return node.op == "add" || node.op == "multiply";
}

Attributes canonical_attributes(const Node& node) {
  Attributes attributes = node.attributes;
  const auto stride = attributes.find("stride");
  if (stride != attributes.end() && stride->second == AttributeValue(std::vector<int64_t>{}))
    stride->second = attributes.at("filter");
  for (auto& [name, value] : attributes)
    if (double* real = std::get_if<double>(&value)) *real = static_cast<float>(*real);
  return attributes;
}

std::vector<uint64_t> hashes_of(const Graph& graph) {
  std::vector<uint64_t> hashes;
  for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id) {
    const Node& node = graph.nodes[id];
    uint64_t hash = own_hash(node);
    if (node.op == "input") {
      const auto place = std::find(graph.inputs.begin(), graph.inputs.end(), id);
      hash = mixed(hash, static_cast<uint64_t>(place - graph.inputs.begin()));
    }
    std::vector<uint64_t> inputs;
    for (const NodeId input : node.inputs) inputs.push_back(hashes[input]);
    if (is_commutative(node)) std::sort(inputs.begin(), inputs.begin() + 2);
    for (const uint64_t input : inputs) hash = mixed(hash, input);
    hashes.push_back(hash);
  }
  return hashes;
}

}  // namespace cnnc
