#include "passes/split_maxpools.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "ops/window/window.h"
#include "passes/edit/rewrite.h"

namespace cnnc {
namespace {

using Sizes = std::vector<int64_t>;

constexpr int64_t kLarge = 4;  // taps along both axes; of fewer the map between would be read for too little

bool is_large(const Window& window) {
  return window.height.filter >= kLarge && window.width.filter >= kLarge;
}

void set_window(Node& pool, const WindowAxis& height, const WindowAxis& width) {
  pool.attributes["filter"] = Sizes{height.filter, width.filter};
  pool.attributes["stride"] = Sizes{height.stride, width.stride};
  pool.attributes["dilation"] = Sizes{height.dilation, width.dilation};
  pool.attributes["pad"] = Sizes{height.pad_before, height.pad_after, width.pad_before, width.pad_after};
}

// Puts the maxpool along the rows behind the nodes; the one along the columns of its result.
Node split(Node pool, std::vector<Node>& nodes) {
  const Shape& input = nodes[pool.inputs[0]].shape;
  const Window window = window_of(pool.attributes, input);
  if (!is_large(window)) return pool;
  Node rows = pool;
  rows.name = fmt::format("rows for {}", pool.name);
  rows.covers.clear();
  rows.shape = {input.channels(), pool.shape.height(), input.width()};
  const WindowAxis single;
  set_window(rows, window.height, single);
  set_window(pool, single, window.width);
  nodes.push_back(std::move(rows));
  pool.inputs = {static_cast<NodeId>(nodes.size()) - 1};
  return pool;
}

}  // namespace

Graph split_maxpools(Graph graph) {
  return rewrite_nodes(std::move(graph), [](Node node, std::vector<Node>& before) {
    return node.op == "maxpool" && node.epilogue.empty() ? split(std::move(node), before) : std::move(node);
  });
}

}  // namespace cnnc
