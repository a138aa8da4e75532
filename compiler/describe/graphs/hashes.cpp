#include "describe/graphs/hashes.h"

#include <algorithm>

#include "ops/registry.h"

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

// Each node's own hash with those of its inputs, and theirs.
std::vector<uint64_t> with_inputs(const Graph& graph, const std::vector<uint64_t>& own) {
  std::vector<uint64_t> hashes;
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    std::vector<uint64_t> inputs;
    for (const NodeId input : graph.nodes[id].inputs) inputs.push_back(hashes[input]);
    if (is_commutative(graph.nodes[id])) std::sort(inputs.begin(), inputs.begin() + 2);
    uint64_t hash = own[id];
    for (const uint64_t input : inputs) hash = mixed(hash, input);
    hashes.push_back(hash);
  }
  return hashes;
}

// Each node's own hash with those of the nodes that read it, and theirs, whatever their order.
std::vector<uint64_t> with_readers(const Graph& graph, const std::vector<uint64_t>& own) {
  std::vector<uint64_t> hashes = own;
  for (const GraphOutput& output : graph.outputs) hashes[output.node] += mixed(1, output.name);
  for (size_t id = graph.nodes.size(); id-- > 0;) {
    const Node& node = graph.nodes[id];
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const size_t place = is_commutative(node) && i < 2 ? 0 : i;
      hashes[node.inputs[i]] += mixed(hashes[id], place);
    }
  }
  return hashes;
}

}  // namespace

bool is_commutative(const Node& node) {
  return facts_of(node).is_commutative;
}

Attributes canonical_attributes(const Node& node) {
  Attributes attributes = node.attributes;
  const auto include_pad = attributes.find("include_pad");
  if (include_pad != attributes.end() && attributes.at("pad") == AttributeValue(std::vector<int64_t>(4)))
    include_pad->second = true;
  const auto stride = attributes.find("stride");
  if (stride != attributes.end() && stride->second == AttributeValue(std::vector<int64_t>{}))
    stride->second = attributes.at("filter");
  for (auto& [name, value] : attributes)
    if (double* real = std::get_if<double>(&value)) *real = static_cast<float>(*real);
  return attributes;
}

std::vector<uint64_t> hashes_of(const Graph& graph) {
  std::vector<uint64_t> own;
  for (const Node& node : graph.nodes) own.push_back(own_hash(node));
  for (size_t i = 0; i < graph.inputs.size(); ++i) own[graph.inputs[i]] = mixed(own[graph.inputs[i]], i);
  return with_inputs(graph, own);
}

std::vector<uint64_t> place_hashes_of(const Graph& graph) {
  std::vector<uint64_t> hashes = hashes_of(graph);
  for (int round = 0; round < 2; ++round) hashes = with_inputs(graph, with_readers(graph, hashes));
  return hashes;
}

}  // namespace cnnc
