#include "picture/diagram/tree.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "picture/blocks.h"
#include "picture/runs.h"

namespace cnnc::picture {
namespace {

std::string name_below(const Layer& layer, size_t depth) {
  size_t begin = 0;
  for (size_t i = 0; i < depth; ++i) begin += layer.scope[i].size() + 1;
  return begin < layer.name.size() ? layer.name.substr(begin) : layer.scope.back();
}

// Of the layer's inputs one from inside of the run is as far away as the other's is, one from outside the run
// before's result.
bool same_input(int a, int b, const Run& first, const Run& second) {
  return b >= second.begin ? a - first.begin == b - second.begin : a < first.begin && b == first.end - 1;
}

bool same_layer(const Layer& a, const Layer& b, const Run& first, const Run& second, size_t depth) {
  if (a.what != b.what || a.shape != b.shape || a.inputs.size() != b.inputs.size()) return false;
  if (!std::equal(a.scope.begin() + static_cast<long>(depth) + 1, a.scope.end(),
                  b.scope.begin() + static_cast<long>(depth) + 1, b.scope.end()))
    return false;
  for (size_t i = 0; i < a.inputs.size(); ++i)
    if (!same_input(a.inputs[i], b.inputs[i], first, second)) return false;
  return true;
}

// Whether the second run is the first once more, on its result.
bool repeats(const std::vector<Layer>& layers, const Run& first, const Run& second, size_t depth) {
  if (!first.is_scope || !second.is_scope || first.end - first.begin == 1 ||
      first.end - first.begin != second.end - second.begin)
    return false;
  for (const Run& run : {first, second})
    if (!is_left_by_its_last_layer_alone(layers, run)) return false;
  if (layers[first.end - 1].is_output) return false;
  for (int i = 0; i < first.end - first.begin; ++i)
    if (!same_layer(layers[first.begin + i], layers[second.begin + i], first, second, depth)) return false;
  return true;
}

struct Builder {
  const std::vector<Layer>& layers;
  const ast::File& file;
  bool fold;
  std::vector<int> drawn_as;
};

// `around` is the block that wrote the scope around them.
std::vector<Item> items_of(Builder& builder, int begin, int end, size_t depth, const std::string& around);

Item item_of(Builder& builder, const Run& run, size_t depth, const std::string& around) {
  const std::vector<Layer>& layers = builder.layers;
  Item item;
  item.begin = run.begin;
  item.end = run.end;
  if (run.end - run.begin == 1) {
    item.layer = run.begin;
    item.name = name_below(layers[run.begin], depth);
    return item;
  }
  item.name = layers[run.begin].scope[depth];
  const std::string block = block_of(layers, run, depth, builder.file);
  item.block = block == around ? "" : block;  // no block calls itself: this is a part of it
  item.items = items_of(builder, run.begin, run.end, depth + 1, block.empty() ? around : block);
  return item;
}

std::vector<Item> items_of(Builder& builder, int begin, int end, size_t depth, const std::string& around) {
  std::vector<Item> items;
  Run before;
  for (const Run& run : runs_of(builder.layers, begin, end, depth)) {
    if (builder.fold && !items.empty() && repeats(builder.layers, before, run, depth)) {
      ++items.back().times;
      for (int i = 0; i < run.end - run.begin; ++i)
        builder.drawn_as[run.begin + i] = builder.drawn_as[before.begin + i];
    } else {
      items.push_back(item_of(builder, run, depth, around));
    }
    before = run;
  }
  return items;
}

}  // namespace

Tree tree_of(const std::vector<Layer>& layers, const ast::File& file, bool fold) {
  Builder builder{layers, file, fold, std::vector<int>(layers.size())};
  std::iota(builder.drawn_as.begin(), builder.drawn_as.end(), 0);
  Tree tree;
  tree.items = items_of(builder, 0, static_cast<int>(layers.size()), 0, "");
  for (int& layer : builder.drawn_as) layer = builder.drawn_as[layer];  // inner folds of what was folded
  tree.drawn_as = builder.drawn_as;
  return tree;
}

std::vector<std::pair<int, int>> edges_of(const std::vector<Layer>& layers, const Tree& tree) {
  std::vector<std::pair<int, int>> edges;
  std::set<std::pair<int, int>> known;
  for (size_t i = 0; i < layers.size(); ++i)
    for (const int input : layers[i].inputs) {
      const std::pair<int, int> edge = {tree.drawn_as[input], tree.drawn_as[i]};
      if (edge.first < edge.second && known.insert(edge).second) edges.push_back(edge);
    }
  return edges;
}

}  // namespace cnnc::picture
