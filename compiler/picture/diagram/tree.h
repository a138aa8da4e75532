// A network's layers in the scopes that its text has, those that repeat folded into one.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "picture/layers.h"
#include "syntax/ast.h"

namespace cnnc::picture {

// A layer, or a scope with what stands in it.
struct Item {
  std::optional<int> layer;
  std::string name;   // within the scope around it: "conv1", "0"
  std::string block;  // that wrote the scope
  int64_t times = 1;
  std::vector<Item> items;
  int begin = 0, end = 0;  // layers
};

struct Tree {
  std::vector<Item> items;
  // For each layer the one that is drawn for it: itself, or its like in the first of several equal scopes.
  std::vector<int> drawn_as;
};

// With `fold`, scopes of the same layers that follow each other, each reading the one before, are one.
Tree tree_of(const std::vector<Layer>& layers, const ast::File& file, bool fold);

// From which layer to which what is drawn has edges, each once.
std::vector<std::pair<int, int>> edges_of(const std::vector<Layer>& layers, const Tree& tree);

}  // namespace cnnc::picture
