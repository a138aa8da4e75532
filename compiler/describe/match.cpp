#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <stdexcept>

#include "describe/describe.h"
#include "describe/graphs/concats.h"
#include "describe/graphs/hashes.h"
#include "describe/graphs/padding.h"

namespace cnnc {
namespace {

constexpr NodeId kNone = -1;

// Two networks and how far their nodes are paired.
struct Pairing {
  const Graph &a, &b;
  std::vector<uint64_t> a_hashes, b_hashes;
  std::vector<NodeId> b_of, a_of;  // of each node of the other; kNone: not yet
  std::vector<std::pair<NodeId, NodeId>> open = {};
};

[[noreturn]] void differ(std::string_view what) {
  throw std::logic_error(fmt::format("two networks that should be the same differ: {}", what));
}

bool is_same_operation(const Node& a, const Node& b) {
  if (a.op != b.op || a.shape != b.shape || a.inputs.size() != b.inputs.size()) return false;
  if (a.parameters.size() != b.parameters.size() || !a.epilogue.empty() || !b.epilogue.empty()) return false;
  if (!(a.pixels == b.pixels)) return false;
  return canonical_attributes(a) == canonical_attributes(b);
}

bool may_pair(const Pairing& p, NodeId a, NodeId b) {
  if (p.b_of[a] != kNone || p.a_of[b] != kNone) return p.b_of[a] == b;
  return p.a_hashes[a] == p.b_hashes[b];
}

// The inputs of b in the order of a's.
std::vector<NodeId> aligned_inputs(const Pairing& p, const Node& a, const Node& b) {
  std::vector<NodeId> inputs = b.inputs;
  const auto pairs = [&](size_t i, size_t j) { return may_pair(p, a.inputs[i], b.inputs[j]); };
  if (is_commutative(a) && !(pairs(0, 0) && pairs(1, 1)) && pairs(0, 1) && pairs(1, 0))
    std::swap(inputs[0], inputs[1]);
  return inputs;
}

// Pairs two nodes and all that they are computed from.
void pair(Pairing& p, NodeId first_a, NodeId first_b) {
  p.open.emplace_back(first_a, first_b);
  while (!p.open.empty()) {
    const auto [a, b] = p.open.back();
    p.open.pop_back();
    if (p.b_of[a] == b) continue;
    const Node &left = p.a.nodes[a], &right = p.b.nodes[b];
    if (!may_pair(p, a, b) || !is_same_operation(left, right))
      differ(fmt::format("'{}' and '{}'", left.name, right.name));
    p.b_of[a] = b;
    p.a_of[b] = a;
    const std::vector<NodeId> inputs = aligned_inputs(p, left, right);
    for (size_t i = inputs.size(); i-- > 0;) p.open.emplace_back(left.inputs[i], inputs[i]);
  }
}

std::vector<NodeId> sinks(const Graph& graph) {
  std::vector<bool> is_read(graph.nodes.size());
  for (const Node& node : graph.nodes)
    for (const NodeId input : node.inputs) is_read[input] = true;
  std::vector<NodeId> result;
  for (size_t id = 0; id < is_read.size(); ++id)
    if (!is_read[id]) result.push_back(static_cast<NodeId>(id));
  return result;
}

// Whether pairing the two contradicts no pair that there is of their inputs.
bool suit(const Pairing& p, NodeId a, NodeId b) {
  const Node &left = p.a.nodes[a], &right = p.b.nodes[b];
  if (!may_pair(p, a, b) || left.inputs.size() != right.inputs.size()) return false;
  const std::vector<NodeId> inputs = aligned_inputs(p, left, right);
  return std::equal(inputs.begin(), inputs.end(), left.inputs.begin(),
                    [&](NodeId to, NodeId from) { return may_pair(p, from, to); });
}

// What no output needs.
void pair_dead_nodes(Pairing& p) {
  std::map<uint64_t, std::deque<NodeId>> candidates;
  for (const NodeId b : sinks(p.b))
    if (p.a_of[b] == kNone) candidates[p.b_hashes[b]].push_back(b);
  for (const NodeId a : sinks(p.a)) {
    if (p.b_of[a] != kNone) continue;
    auto& alike = candidates[p.a_hashes[a]];
    const auto found = std::find_if(alike.begin(), alike.end(), [&](NodeId b) { return suit(p, a, b); });
    if (found == alike.end()) differ(fmt::format("'{}' has no counterpart", p.a.nodes[a].name));
    pair(p, a, *found);
    alike.erase(found);
  }
}

}  // namespace

std::vector<NodeId> match(const Graph& graph, const Graph& of_text) {
  const Graph nested = with_same_padding(nest_concats(graph)), elaborated = with_same_padding(of_text);
  Pairing p{nested,
            elaborated,
            place_hashes_of(nested),
            place_hashes_of(elaborated),
            std::vector<NodeId>(nested.nodes.size(), kNone),
            std::vector<NodeId>(elaborated.nodes.size(), kNone)};
  if (nested.nodes.size() != elaborated.nodes.size() || nested.inputs.size() != elaborated.inputs.size() ||
      nested.outputs.size() != elaborated.outputs.size())
    differ("they have different numbers of nodes, inputs or outputs");
  for (size_t i = 0; i < nested.inputs.size(); ++i) pair(p, nested.inputs[i], elaborated.inputs[i]);
  for (size_t i = 0; i < nested.outputs.size(); ++i) {
    if (nested.outputs[i].name != elaborated.outputs[i].name)
      differ(fmt::format("outputs '{}' and '{}'", nested.outputs[i].name, elaborated.outputs[i].name));
    pair(p, nested.outputs[i].node, elaborated.outputs[i].node);
  }
  pair_dead_nodes(p);
  return p.b_of;
}

Graph with_weights_of(Graph elaborated, const Graph& graph) {
  const std::vector<NodeId> counterparts = match(graph, elaborated);
  for (size_t id = 0; id < counterparts.size(); ++id) {
    const std::vector<Parameter>& from = graph.nodes[id].parameters;
    std::vector<Parameter>& to = elaborated.nodes[counterparts[id]].parameters;
    for (size_t i = 0; i < from.size(); ++i) {
      if (from[i].name != to[i].name || from[i].shape != to[i].shape)
        differ(fmt::format("the parameters of '{}'", graph.nodes[id].name));
      to[i].values = from[i].values;
    }
  }
  return elaborated;
}

}  // namespace cnnc
