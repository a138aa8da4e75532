#include "describe/drafts/structure.h"

#include <algorithm>
#include <optional>

#include "describe/graphs/hashes.h"

namespace cnnc {
namespace {

using Kind = Draft::Kind;

// A body is at most so long, and a join stands in at most so many others; else tensors are joined by name.
// One that makes a map smaller and then larger again, as the inside of a U-Net does, or the other way round,
// as a feature pyramid's, is soon too long.
constexpr int kLongestBody = 120, kLongestHourglass = 8, kLongestAroundSkip = 2, kHighest = 7;
constexpr size_t kMostStatements = 200;  // that are looked at for a body

struct Writer {
  const Graph& graph;
  const ScopeTree& tree;
  const std::vector<uint64_t>& hashes;
  bool in_numbers = false;  // the scope being written calls its statements by numbers
};

// Of a tensor that is no map: one.
int64_t pixels(const Graph& graph, NodeId node) {
  const Shape& shape = graph.nodes[node].shape;
  return shape.is_map() ? shape.height() * shape.width() : 1;
}

// What holds for a statement because it does for those in it.
void sum_up(Draft& d, const Graph& graph) {
  d.layers = d.node == Draft::kNone ? 0 : 1;
  d.least_pixels = d.most_pixels = pixels(graph, d.exit);
  for (const Drafts& body : d.bodies) {
    NodeId current = d.entry;
    for (const Draft& inner : body) {
      d.has_names |= inner.has_names;
      d.reads_by_name |= inner.reads_by_name || inner.entry != current;
      d.layers += inner.layers;
      d.height = std::max(d.height, inner.height + 1);
      d.most_pixels = std::max(d.most_pixels, inner.most_pixels);
      if (d.kind != Kind::gate) d.least_pixels = std::min(d.least_pixels, inner.least_pixels);
      current = inner.exit;
    }
  }
  if (d.kind == Kind::scope) {
    for (const Draft& inner : d.bodies[0])
      d.has_open_join |= inner.kind != Kind::scope && inner.has_open_join;
    d.has_names = true;
  } else if (!d.bodies.empty()) {
    d.has_open_join = d.has_names;
  }
}

// Statements [begin, end) at the end of those written, which lead from the fork to the operand.
struct Branch {
  size_t begin = 0, end = 0;
  size_t operand = 0;
};

// A join whose operands are all the fork itself or come from it.
struct Fork {
  NodeId tensor = Draft::kNone;
  std::vector<Branch> branches;  // in the order of the operands
};

// How far back a branch reaches that ends with statement `end`: to `fork` or, while that is not known, to
// another operand, or to where the statements do not follow from each other.
std::optional<size_t> begin_of(const Drafts& list, size_t end, NodeId fork,
                               const std::vector<NodeId>& operands) {
  for (size_t begin = end; begin-- > 0 && end - begin <= kMostStatements;) {
    const NodeId entry = list[begin].entry;
    if (entry == Draft::kNone) return std::nullopt;
    if (fork != Draft::kNone ? entry == fork
                             : std::find(operands.begin(), operands.end(), entry) != operands.end())
      return begin;
    if (begin > 0 && list[begin - 1].exit == entry) continue;
    if (fork != Draft::kNone) return std::nullopt;
    return begin;
  }
  return std::nullopt;
}

std::optional<Fork> find_fork(const Drafts& list, const std::vector<NodeId>& operands) {
  Fork fork;
  std::vector<bool> found(operands.size());
  for (size_t end = list.size(); end > 0;) {
    const auto operand = std::find(operands.begin(), operands.end(), list[end - 1].exit);
    const size_t index = static_cast<size_t>(operand - operands.begin());
    if (operand == operands.end() || *operand == fork.tensor || found[index]) break;
    const auto begin = begin_of(list, end, fork.tensor, operands);
    if (!begin) return std::nullopt;
    fork.tensor = list[*begin].entry;
    fork.branches.push_back({*begin, end, index});
    found[index] = true;
    end = *begin;
  }
  if (fork.branches.empty()) fork.tensor = operands[0];
  for (size_t i = 0; i < operands.size(); ++i)
    if (!found[i] && operands[i] != fork.tensor) return std::nullopt;
  const auto by_operand = [](const Branch& a, const Branch& b) { return a.operand < b.operand; };
  std::sort(fork.branches.begin(), fork.branches.end(), by_operand);
  return fork;
}

Drafts body_of(const Drafts& list, const Branch& branch) {
  const auto at = [&](size_t i) { return list.begin() + static_cast<std::ptrdiff_t>(i); };
  return Drafts(at(branch.begin), at(branch.end));
}

// Whether statements can stand as a body: not too long, and where it is numbered, without names.
bool suits(const Writer& w, const Drafts& list, const Fork& fork, NodeId join, bool is_gate) {
  bool in_order = true, reads_by_name = false;
  const bool has_empty_branch = fork.branches.size() < w.graph.nodes[join].inputs.size();
  for (size_t b = 0; b < fork.branches.size(); ++b) {
    const Branch& branch = fork.branches[b];
    if (b > 0 && branch.begin < fork.branches[b - 1].begin) in_order = false;
    int layers = 0;
    int64_t least = pixels(w.graph, join), most = least;
    for (size_t i = branch.begin; i < branch.end; ++i) {
      const Draft& d = list[i];
      layers += d.layers;
      least = std::min(least, d.least_pixels);
      most = std::max(most, d.most_pixels);
      reads_by_name |= d.reads_by_name || (i > branch.begin && list[i - 1].exit != d.entry);
      if (d.height >= kHighest || (w.in_numbers && d.has_names)) return false;
    }
    const bool changes_size = least < pixels(w.graph, join) || most > pixels(w.graph, join);
    const bool is_hourglass = !is_gate && changes_size;
    const bool is_skip = w.graph.nodes[join].op == "concat" && has_empty_branch;
    const int longest = !is_hourglass ? kLongestBody : is_skip ? kLongestAroundSkip : kLongestHourglass;
    if (layers > longest) return false;
  }
  return in_order || !reads_by_name;
}

bool may_swap(const Writer& w, const Node& node) {
  return is_commutative(node) && w.hashes[node.inputs[0]] != w.hashes[node.inputs[1]];
}

bool reads_by_name(const Drafts& body) {
  for (size_t i = 0; i < body.size(); ++i)
    if (body[i].reads_by_name || (i > 0 && body[i].entry != body[i - 1].exit)) return true;
  return false;
}

int layers_of(const Drafts& body) {
  int count = 0;
  for (const Draft& d : body) count += d.layers;
  return count;
}

// Whether the branch can be a shortcut, which is a numbered scope: it is one scope, or has no names.
bool may_be_shortcut(const Drafts& body) {
  if (body.size() == 1 && body[0].kind == Kind::scope) return !body[0].has_open_join;
  return std::none_of(body.begin(), body.end(), [](const Draft& d) { return d.has_names; });
}

void make_shortcut(Draft& residual, Drafts body) {
  if (body.size() == 1 && body[0].kind == Kind::scope) {
    residual.shortcut_name = body[0].name;
    Drafts inner = std::move(body[0].bodies[0]);
    body = std::move(inner);
  }
  residual.bodies.push_back(std::move(body));
}

std::optional<Draft> residual_of(const Writer& w, const Drafts& list, const Fork& fork, const Node& node) {
  if (node.inputs.size() != 2 || fork.branches.empty()) return std::nullopt;
  if (w.graph.nodes[node.inputs[0]].shape != w.graph.nodes[node.inputs[1]].shape) return std::nullopt;
  Draft residual;
  residual.kind = Kind::residual;
  const bool is_second = fork.branches[0].operand == 1;  // with one branch: the input is added in front
  if (fork.branches.size() == 1) {
    if (is_second && !may_swap(w, node)) return std::nullopt;
    residual.bodies = {body_of(list, fork.branches[0])};
    return residual;
  }
  Drafts first = body_of(list, fork.branches[0]), second = body_of(list, fork.branches[1]);
  // The shorter branch is the shortcut, if it can be. What is read by name may be the other branch's.
  const bool can_swap =
      may_be_shortcut(first) && may_swap(w, node) && !reads_by_name(first) && !reads_by_name(second);
  if (can_swap && (!may_be_shortcut(second) || layers_of(first) < layers_of(second))) {
    std::swap(first, second);
  } else if (!may_be_shortcut(second)) {
    return std::nullopt;
  }
  residual.bodies = {std::move(first)};
  make_shortcut(residual, std::move(second));
  return residual;
}

std::optional<Draft> gate_of(const Writer& w, const Drafts& list, const Fork& fork, const Node& node) {
  if (node.inputs.size() != 2 || fork.branches.size() > 1) return std::nullopt;
  Draft gate;
  gate.kind = Kind::gate;
  gate.bodies.emplace_back();
  if (fork.branches.empty()) return gate;  // a square
  if (fork.branches[0].operand == 0 && !may_swap(w, node)) return std::nullopt;
  const Shape &scaled = w.graph.nodes[fork.tensor].shape,
              &factor = w.graph.nodes[node.inputs[fork.branches[0].operand]].shape;
  const bool is_pixel = scaled.is_map() && factor == Shape{scaled.channels(), 1, 1};
  if (factor != scaled && !is_pixel) return std::nullopt;
  gate.bodies[0] = body_of(list, fork.branches[0]);
  return gate;
}

Draft concat_of(const Drafts& list, const Fork& fork, const Node& node) {
  Draft concat;
  concat.kind = Kind::concat;
  concat.bodies.resize(node.inputs.size());
  for (const Branch& branch : fork.branches) concat.bodies[branch.operand] = body_of(list, branch);
  return concat;
}

// The join as a statement with bodies, which takes the place of the statements that lead to it.
bool write_with_bodies(const Writer& w, Drafts& list, NodeId id) {
  const Node& node = w.graph.nodes[id];
  if (node.op != "add" && node.op != "multiply" && node.op != "concat")
    return false;  // others have names alone
  const auto fork = find_fork(list, node.inputs);
  if (!fork || !suits(w, list, *fork, id, node.op == "multiply")) return false;
  auto draft = node.op == "add"        ? residual_of(w, list, *fork, node)
               : node.op == "multiply" ? gate_of(w, list, *fork, node)
                                       : concat_of(list, *fork, node);
  if (!draft) return false;
  draft->node = draft->exit = id;
  draft->entry = fork->tensor;
  sum_up(*draft, w.graph);
  size_t begin = list.size();
  for (const Branch& branch : fork->branches) begin = std::min(begin, branch.begin);
  list.resize(begin);
  list.push_back(std::move(*draft));
  return true;
}

// The join with tensors by name; first the current one.
void write_with_names(const Writer& w, Drafts& list, NodeId id) {
  const Node& node = w.graph.nodes[id];
  Draft join;
  join.kind = Kind::join;
  join.node = join.exit = id;
  join.others = node.inputs;
  if (!list.empty() && list.back().exit == node.inputs[1] && may_swap(w, node))
    std::swap(join.others[0], join.others[1]);
  join.entry = join.others[0];
  join.others.erase(join.others.begin());
  join.reads_by_name = true;
  sum_up(join, w.graph);
  list.push_back(std::move(join));
}

void write_layer(const Writer& w, Drafts& list, NodeId id) {
  const Node& node = w.graph.nodes[id];
  Draft layer;
  layer.node = layer.exit = id;
  layer.entry = node.inputs[0];
  layer.has_names = is_named_by_weights(node);
  if (layer.has_names) layer.name = w.tree.leaves[id];
  sum_up(layer, w.graph);
  list.push_back(std::move(layer));
}

Draft input(const ScopeTree& tree, NodeId id) {
  Draft input;
  input.kind = Kind::input;
  input.node = input.exit = id;
  input.name = tree.leaves[id];
  return input;
}

Drafts write_scope(Writer w, int scope) {
  const Scope& s = w.tree.scopes[scope];
  w.in_numbers = s.is_numbered;
  Drafts list;
  for (const Item& item : s.items) {
    if (item.scope >= 0) {
      Draft inner;
      inner.kind = Kind::scope;
      inner.name = w.tree.scopes[item.scope].name;
      inner.must_be_numbered = w.tree.scopes[item.scope].is_numbered;
      inner.bodies = {write_scope(w, item.scope)};
      inner.entry = inner.bodies[0].front().entry;
      inner.exit = inner.bodies[0].back().exit;
      sum_up(inner, w.graph);
      list.push_back(std::move(inner));
    } else if (is_input(w.graph.nodes[item.node])) {
      continue;  // stands in front of all others
    } else if (!is_join(w.graph.nodes[item.node])) {
      write_layer(w, list, item.node);
    } else if (!write_with_bodies(w, list, item.node)) {
      write_with_names(w, list, item.node);
    }
  }
  return list;
}

}  // namespace

Drafts structure_of(const Graph& graph, const ScopeTree& tree, const std::vector<uint64_t>& hashes) {
  Drafts drafts;
  for (const NodeId id : graph.inputs) drafts.push_back(input(tree, id));
  for (Draft& d : write_scope({graph, tree, hashes}, 0)) drafts.push_back(std::move(d));
  return drafts;
}

}  // namespace cnnc
