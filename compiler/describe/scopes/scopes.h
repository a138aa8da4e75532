// Scopes as bodies: each a list of nodes and scopes that can stand in one place of a text.
#pragma once
#include <string>
#include <vector>

#include "describe/scopes/paths.h"
#include "graph/graph.h"

namespace cnnc {

// A node, or a scope by its number.
struct Item {
  NodeId node = -1;
  int scope = -1;
};

struct Scope {
  std::string name;
  std::vector<Item> items;   // in an order in which they can be computed
  bool is_numbered = false;  // weights inside are called by numbers
};

struct ScopeTree {
  std::vector<Scope> scopes;        // the first is the network itself
  std::vector<std::string> leaves;  // the nodes' names in their scopes; "": none
};

// A scope holds weights, or takes a number among those that do. Where one cannot stand in one place, because
// what it holds needs what itself needs others of it, the nodes between are taken in, or the scope is given
// up: its name goes in front of the names that it held, with a '_', whichever changes fewer names of weights.
ScopeTree scopes_of(const Graph& graph, std::vector<Path> paths);

}  // namespace cnnc
