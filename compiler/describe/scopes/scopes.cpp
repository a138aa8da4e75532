#include "describe/scopes/scopes.h"

#include <algorithm>
#include <map>
#include <set>

namespace cnnc {
namespace {

constexpr int kRoot = 0;
constexpr int kRepairs = 48;  // one scope at a time; then all at once

// The scopes while it is not yet certain that each can stand in one place.
struct Plan {
  const Graph& graph;
  std::vector<Path> paths;
  std::vector<Scope> scopes = {};
  std::vector<int> parents = {}, places = {};     // of each scope: where it stands, as which item
  std::vector<int> depths = {}, weights = {};     // nodes with named weights inside
  std::vector<int> scope_of = {}, place_of = {};  // of each node
  std::map<std::pair<int, std::string>, int> children = {};
  std::vector<std::vector<std::vector<int>>> needs = {};  // scope, item: the items that it needs
};

int add_scope(Plan& d, int parent, const std::string& name) {
  const int scope = static_cast<int>(d.scopes.size());
  d.scopes.push_back({name, {}, false});
  d.parents.push_back(parent);
  d.places.push_back(-1);
  d.depths.push_back(parent < 0 ? 0 : d.depths[parent] + 1);
  d.weights.push_back(0);
  if (parent < 0) return scope;
  d.places[scope] = static_cast<int>(d.scopes[parent].items.size());
  d.scopes[parent].items.push_back({-1, scope});
  return scope;
}

void list_items(Plan& d) {
  d.scopes.clear();
  d.parents.clear();
  d.places.clear();
  d.depths.clear();
  d.weights.clear();
  d.scope_of.assign(d.paths.size(), kRoot);
  d.place_of.assign(d.paths.size(), 0);
  d.children.clear();
  add_scope(d, -1, "");
  for (size_t id = 0; id < d.paths.size(); ++id) {
    const bool is_named = is_named_by_weights(d.graph.nodes[id]);
    int scope = kRoot;
    for (const std::string& name : d.paths[id].scope) {
      const auto [found, is_new] = d.children.emplace(std::pair(scope, name), 0);
      if (is_new) found->second = add_scope(d, scope, name);
      if (is_named && is_number(name)) d.scopes[scope].is_numbered = true;
      scope = found->second;
      d.weights[scope] += is_named;
    }
    if (is_named && is_number(d.paths[id].leaf)) d.scopes[scope].is_numbered = true;
    d.scope_of[id] = scope;
    d.place_of[id] = static_cast<int>(d.scopes[scope].items.size());
    d.scopes[scope].items.push_back({static_cast<NodeId>(id), -1});
  }
}

// Scopes without weights are none, but those that stand for a number and hold several statements.
bool drop_empty_scopes(Plan& d) {
  bool dropped = false;
  for (Path& path : d.paths) {
    int scope = kRoot;
    for (size_t depth = 0; depth < path.scope.size(); ++depth) {
      const int parent = scope;
      scope = d.children.at({parent, path.scope[depth]});
      const bool counts =
          d.scopes[parent].is_numbered && is_number(path.scope[depth]) && d.scopes[scope].items.size() > 1;
      if (d.weights[scope] > 0 || counts) continue;
      path.scope.resize(depth);
      dropped = true;
      break;
    }
  }
  return dropped;
}

// The items of the innermost scope around both that hold the two nodes.
void note_edge(Plan& d, NodeId from, NodeId to) {
  int a = d.scope_of[from], b = d.scope_of[to], a_place = d.place_of[from], b_place = d.place_of[to];
  const auto leave = [&](int& scope, int& place) {
    place = d.places[scope];
    scope = d.parents[scope];
  };
  while (a != b) d.depths[a] >= d.depths[b] ? leave(a, a_place) : leave(b, b_place);
  std::vector<int>& needs = d.needs[a][b_place];
  if (a_place != b_place && (needs.empty() || needs.back() != a_place)) needs.push_back(a_place);
}

void note_edges(Plan& d) {
  d.needs.assign(d.scopes.size(), {});
  for (size_t scope = 0; scope < d.scopes.size(); ++scope)
    d.needs[scope].resize(d.scopes[scope].items.size());
  for (size_t id = 0; id < d.paths.size(); ++id)
    for (const NodeId input : d.graph.nodes[id].inputs) note_edge(d, input, static_cast<NodeId>(id));
}

// Takes away whatever needs nothing that is left; the items that are left over.
std::set<int> left_over(const std::vector<std::vector<int>>& needs, std::set<int> items) {
  std::map<int, int> count;
  std::map<int, std::vector<int>> readers;
  for (const int item : items)
    for (const int need : needs[item]) {
      if (items.count(need) == 0) continue;
      ++count[item];
      readers[need].push_back(item);
    }
  std::vector<int> free;
  for (const int item : items)
    if (count[item] == 0) free.push_back(item);
  while (!free.empty()) {
    const int item = free.back();
    free.pop_back();
    items.erase(item);
    for (const int reader : readers[item])
      if (--count[reader] == 0) free.push_back(reader);
  }
  return items;
}

// The items that need each other, and what stands between such.
std::set<int> tangled(const std::vector<std::vector<int>>& needs) {
  std::set<int> items;
  for (size_t i = 0; i < needs.size(); ++i) items.insert(items.end(), static_cast<int>(i));
  items = left_over(needs, items);
  if (items.empty()) return items;
  std::vector<std::vector<int>> readers(needs.size());
  for (const int item : items)
    for (const int need : needs[item]) readers[need].push_back(item);
  return left_over(readers, items);
}

std::vector<std::string> path_of(const Plan& d, int scope) {
  std::vector<std::string> path;
  for (; scope != kRoot; scope = d.parents[scope]) path.insert(path.begin(), d.scopes[scope].name);
  return path;
}

std::string joined(const std::string& name, const std::string& rest) {
  return rest.empty() ? rest : (is_number(name) ? "_" + name : name) + "_" + rest;
}

// The scope's name becomes a part of the names that it held.
void give_up(Plan& d, int scope) {
  const std::vector<std::string> path = path_of(d, scope);
  for (Path& p : d.paths) {
    if (p.scope.size() < path.size() || !std::equal(path.begin(), path.end(), p.scope.begin())) continue;
    const auto place = p.scope.begin() + static_cast<std::ptrdiff_t>(path.size()) - 1;
    std::string& next = p.scope.size() > path.size() ? *(place + 1) : p.leaf;
    next = joined(path.back(), next);
    p.scope.erase(place);
  }
}

void take_in(Plan& d, int scope, const std::vector<NodeId>& nodes) {
  for (const NodeId node : nodes) d.paths[node].scope = path_of(d, scope);
}

// Changes paths so that fewer items of the scope need each other.
void untangle(Plan& d, int parent, const std::set<int>& items, bool all_at_once) {
  std::vector<int> scopes;
  std::vector<NodeId> nodes;
  int weights = 0;
  for (const int i : items) {
    const Item& item = d.scopes[parent].items[i];
    if (item.scope >= 0) scopes.push_back(item.scope);
    if (item.node < 0) continue;
    nodes.push_back(item.node);
    weights += is_named_by_weights(d.graph.nodes[item.node]);
  }
  const auto fewer = [&](int a, int b) { return d.weights[a] < d.weights[b]; };
  if (all_at_once) {
    for (const int scope : scopes) give_up(d, scope);
  } else if (scopes.size() == 1 && weights < d.weights[scopes[0]]) {
    take_in(d, scopes[0], nodes);
  } else {
    give_up(d, *std::min_element(scopes.begin(), scopes.end(), fewer));
  }
}

bool untangle(Plan& d, bool all_at_once) {
  std::vector<std::pair<int, std::set<int>>> tangles;
  int outermost = 0;
  for (size_t scope = 0; scope < d.scopes.size(); ++scope) {
    const std::set<int> items = tangled(d.needs[scope]);
    if (items.empty()) continue;
    if (tangles.empty() || d.depths[scope] < outermost) outermost = d.depths[scope];
    tangles.emplace_back(static_cast<int>(scope), items);
  }
  // Scopes inside of others are looked at again: their paths change with those.
  for (const auto& [scope, items] : tangles)
    if (d.depths[scope] == outermost) untangle(d, scope, items, all_at_once);
  return !tangles.empty();
}

// How many items stand above each at least.
std::vector<int> heights_of(const std::vector<std::vector<int>>& needs) {
  std::vector<int> heights(needs.size(), -1), open;
  for (size_t root = 0; root < needs.size(); ++root) {
    open.push_back(static_cast<int>(root));
    while (!open.empty()) {
      const int item = open.back();
      int height = 0;
      bool is_ready = true;
      for (const int need : needs[item]) {
        if (heights[need] < 0) {
          open.push_back(need);
          is_ready = false;
        }
        height = std::max(height, heights[need] + 1);
      }
      if (!is_ready) continue;
      heights[item] = height;
      open.pop_back();
    }
  }
  return heights;
}

// What is needed right before what needs it, the longest way first: the order in which one writes. Of ways of
// one length the first comes last, so that the first operand of a join is the current tensor.
std::vector<Item> ordered(const std::vector<Item>& items, std::vector<std::vector<int>> needs) {
  const std::vector<int> heights = heights_of(needs);
  std::vector<bool> is_needed(items.size()), is_done(items.size());
  for (std::vector<int>& list : needs) {
    std::reverse(list.begin(), list.end());
    std::stable_sort(list.begin(), list.end(), [&](int a, int b) { return heights[a] > heights[b]; });
    for (const int need : list) is_needed[need] = true;
  }
  std::vector<Item> result;
  std::vector<std::pair<int, size_t>> open;  // an item, and how many of its needs are done
  for (size_t root = 0; root < items.size(); ++root) {
    if (is_needed[root]) continue;
    open.emplace_back(static_cast<int>(root), 0);
    while (!open.empty()) {
      auto& [item, next] = open.back();
      if (next < needs[item].size()) {
        const int need = needs[item][next++];
        if (!is_done[need]) open.emplace_back(need, 0);
        continue;
      }
      if (!is_done[item]) result.push_back(items[item]);
      is_done[item] = true;
      open.pop_back();
    }
  }
  return result;
}

}  // namespace

ScopeTree scopes_of(const Graph& graph, std::vector<Path> paths) {
  Plan d{graph, std::move(paths)};
  for (int repairs = 0;; ++repairs) {
    list_items(d);
    while (drop_empty_scopes(d)) list_items(d);
    note_edges(d);
    if (!untangle(d, repairs >= kRepairs)) break;
  }
  ScopeTree tree{std::move(d.scopes), {}};
  for (size_t scope = 0; scope < tree.scopes.size(); ++scope)
    tree.scopes[scope].items = ordered(tree.scopes[scope].items, std::move(d.needs[scope]));
  for (Path& path : d.paths) tree.leaves.push_back(std::move(path.leaf));
  return tree;
}

}  // namespace cnnc
