#include "describe/scopes/paths.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>

#include "describe/scopes/forks.h"
#include "ops/registry.h"

namespace cnnc {
namespace {

using Scope = std::vector<std::string>;

constexpr size_t kLongestName = 400;  // of a path; the language allows 1024 bytes
constexpr size_t kDeepest = 10;       // scopes: bodies may stand 64 deep, with joins and repeats among them

// A part of a name as the language allows it.
std::string allowed(std::string part) {
  if (is_number(part)) return part;
  for (char& c : part)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  if (std::isdigit(static_cast<unsigned char>(part[0]))) part.insert(0, "_");
  return part == "as" ? "as_" : part;
}

Scope parts_of(const std::string& name) {
  Scope parts;
  if (name[0] == '%' || name.size() > kLongestName) return parts;
  for (size_t begin = 0; begin <= name.size();) {
    const size_t dot = std::min(name.find('.', begin), name.size());
    if (dot > begin) parts.push_back(allowed(name.substr(begin, dot - begin)));
    begin = dot + 1;
  }
  // Numbers are given inside of groups only.
  if (!parts.empty() && is_number(parts[0])) parts.insert(parts.begin(), "model");
  while (parts.size() > kDeepest + 1) {
    const std::string last = parts.back();
    parts.pop_back();
    parts.back() += "_" + last;
    if (std::isdigit(static_cast<unsigned char>(parts.back()[0]))) parts.back().insert(0, "_");
  }
  return parts;
}

bool begins_with(const Scope& path, const Scope& prefix) {
  return prefix.size() <= path.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

Scope common(const Scope& a, const Scope& b) {
  const auto end = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
  return Scope(a.begin(), end);
}

// The number that a part is, or 0.
int64_t position(const std::string& part) {
  return is_number(part) && part.size() < 10 ? std::stoll(part) : 0;
}

// The state of placing.
struct Places {
  const Graph& graph;
  Forks forks;
  std::vector<Path> paths;
  std::vector<std::optional<Scope>> scopes;   // those that are certain
  std::vector<Scope> least;                   // a scope that a node lies in at least: of the join around it
  std::set<Scope> with_parameters = {};       // and all scopes around
  std::set<Scope> numbered = {};              // what they hold is called by numbers
  std::map<Scope, int64_t> gaps = {};         // statements that a numbered scope still lacks at its front
  std::map<Scope, int64_t> gaps_behind = {};  // and behind one of its scopes
};

void note_parameters(Places& p, NodeId id) {
  Scope full = p.paths[id].scope;
  full.push_back(p.paths[id].leaf);
  for (size_t depth = 0; depth < full.size(); ++depth) {
    const Scope scope(full.begin(), full.begin() + static_cast<std::ptrdiff_t>(depth));
    p.with_parameters.insert(scope);
    if (!is_number(full[depth])) continue;
    p.numbered.insert(scope);
    p.gaps.emplace(scope, position(full[depth]));
  }
}

// An input stands in no scope.
std::string input_name(const Scope& parts) {
  std::string name;
  for (const std::string& part : parts) name += (name.empty() ? "" : "_") + part;
  return name.empty() ? "x" : name;
}

void read_names(Places& p) {
  for (NodeId id = 0; id < static_cast<NodeId>(p.graph.nodes.size()); ++id) {
    const Node& node = p.graph.nodes[id];
    Scope parts = parts_of(node.name);
    if (is_input(node)) {
      p.paths[id].leaf = input_name(parts);
      p.scopes[id] = Scope();
    }
    if (parts.empty() || is_input(node)) continue;
    p.paths[id].leaf = parts.back();
    parts.pop_back();
    p.paths[id].scope = std::move(parts);
    if (is_named_by_weights(node)) note_parameters(p, id);
    if (!is_join(node)) p.scopes[id] = p.paths[id].scope;
  }
}

// Statements with names but without weights that stand in front of the first with weights fill gaps.
void fill_gaps(Places& p) {
  const std::map<Scope, int64_t> first = p.gaps;
  for (size_t id = 0; id < p.paths.size(); ++id) {
    const Path& path = p.paths[id];
    const auto number = first.find(path.scope);
    if (number == first.end() || !is_number(path.leaf) || path.leaf.size() > 9) continue;
    if (!is_named_by_weights(p.graph.nodes[id]) && std::stoll(path.leaf) < number->second)
      --p.gaps[path.scope];
  }
}

// The scope that holds all that a join's operands are made of since they parted.
std::optional<Scope> scope_of_body(const Places& p, NodeId join) {
  std::optional<Scope> body;
  for (NodeId operand : p.graph.nodes[join].inputs)
    for (NodeId n = operand; n != p.forks.above[join]; n = p.forks.above[n])
      if (p.scopes[n]) body = body ? common(*body, *p.scopes[n]) : *p.scopes[n];
  while (body && p.numbered.count(*body) > 0) body->pop_back();
  return body;
}

void place_join(Places& p, NodeId id) {
  const bool is_named = !p.paths[id].leaf.empty();
  Scope own = p.paths[id].scope;
  if (is_named) own.push_back(p.paths[id].leaf);
  if (is_named && p.with_parameters.count(own) > 0) {
    p.scopes[id] = own;
  } else {
    const auto body = scope_of_body(p, id);
    // DenseNet joins what a layer makes with what came before in the layer behind it, or behind all.
    const Node& node = p.graph.nodes[id];
    const bool grows = node.op == "concat" && p.graph.nodes[node.inputs[0]].op == "concat";
    const bool agrees = is_named && (!body || (!grows && begins_with(*body, p.paths[id].scope)));
    if (agrees)
      p.scopes[id] = p.paths[id].scope;
    else
      p.scopes[id] = body;
  }
}

// What is joined lies at least in the scope of the join.
void hold_together(Places& p) {
  for (NodeId id = static_cast<NodeId>(p.graph.nodes.size()); id-- > 0;) {
    if (!is_join(p.graph.nodes[id])) continue;
    const Scope scope = p.scopes[id].value_or(p.least[id]);
    for (NodeId operand : p.graph.nodes[id].inputs)
      for (NodeId n = operand; n != p.forks.above[id]; n = p.forks.above[n])
        if (!p.scopes[n] && p.least[n].size() < scope.size()) p.least[n] = scope;
  }
}

// Whether it belongs to what it follows.
bool is_appendage(const Node& node) {
  if (is_input(node) || node.inputs.size() != 1) return false;
  return facts_of(node).is_elementwise || node.op == "channel_shuffle";
}

// Joins, and activations without a name.
void place_forward(Places& p) {
  for (NodeId id = 0; id < static_cast<NodeId>(p.graph.nodes.size()); ++id) {
    const Node& node = p.graph.nodes[id];
    if (is_join(node)) {
      place_join(p, id);
    } else if (!p.scopes[id] && is_appendage(node)) {
      p.scopes[id] = p.scopes[node.inputs[0]];
    }
  }
}

// The scope of one that stands behind `before` and in front of `after`.
Scope between(Places& p, const Scope& before, const Scope& after, const Scope& least) {
  Scope place = common(before, after);
  if (place.size() < least.size()) place = least;
  for (size_t depth = place.size(); depth < after.size(); ++depth) {
    const Scope scope(after.begin(), after.begin() + static_cast<std::ptrdiff_t>(depth));
    const auto gap = p.gaps.find(scope);
    if (begins_with(before, scope) || gap == p.gaps.end() || gap->second <= 0) continue;
    --gap->second;
    return scope;
  }
  const bool is_between = before.size() > place.size() && after.size() > place.size() &&
                          begins_with(before, place) && begins_with(after, place);
  if (!is_between || p.numbered.count(place) == 0) return place;
  // Between statements 4 and 6 there is room for one; else it belongs to the one before.
  Scope inner = place;
  inner.push_back(before[place.size()]);
  const auto number = [&](const Scope& path) { return position(path[place.size()]); };
  const auto gap = p.gaps_behind.emplace(inner, number(after) - number(before) - 1).first;
  if (--gap->second < 0) return inner;
  return place;
}

// What is left, from the last to the first: by the path of a reader and the scope of what it reads.
void place_others(Places& p) {
  std::vector<Scope> before(p.graph.nodes.size());
  std::vector<std::optional<Scope>> after(p.graph.nodes.size());
  for (size_t id = 0; id < p.graph.nodes.size(); ++id) {
    const Node& node = p.graph.nodes[id];
    if (p.scopes[id])
      before[id] = *p.scopes[id];
    else if (!node.inputs.empty())
      before[id] = before[node.inputs[0]];
  }
  for (size_t id = p.graph.nodes.size(); id-- > 0;) {
    const Node& node = p.graph.nodes[id];
    if (!p.scopes[id]) p.scopes[id] = between(p, before[id], after[id].value_or(Scope()), p.least[id]);
    Scope own = *p.scopes[id];
    if (!p.paths[id].leaf.empty()) own.push_back(p.paths[id].leaf);
    for (const NodeId input : node.inputs) after[input] = own;
  }
}

}  // namespace

bool is_number(std::string_view part) {
  const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  return !part.empty() && std::all_of(part.begin(), part.end(), is_digit);
}

bool is_named_by_weights(const Node& node) {
  return !node.parameters.empty() && node.name[0] != '%';
}

bool is_join(const Node& node) {
  return !is_input(node) && operator_of(node).inputs == 0;
}

std::vector<Path> paths_of(const Graph& graph) {
  const size_t count = graph.nodes.size();
  Places p{graph, forks_of(graph), std::vector<Path>(count), std::vector<std::optional<Scope>>(count),
           std::vector<Scope>(count)};
  read_names(p);
  fill_gaps(p);
  place_forward(p);
  hold_together(p);
  place_others(p);
  for (size_t id = 0; id < count; ++id) p.paths[id].scope = *p.scopes[id];
  return p.paths;
}

}  // namespace cnnc
