#include "passes/split_concats.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "passes/edit/rewrite.h"
#include "support/limits.h"

namespace cnnc {
namespace {

// The inputs from `begin` to before `end` of a concat, as one of their own.
Node part_of(const Node& concat, const std::vector<Node>& nodes, size_t begin, size_t end, size_t number) {
  Node part = concat;
  part.name = fmt::format("part {} of {}", number, concat.name);
  part.covers.clear();
  part.inputs.assign(concat.inputs.begin() + static_cast<std::ptrdiff_t>(begin),
                     concat.inputs.begin() + static_cast<std::ptrdiff_t>(end));
  part.shape.sizes[0] = 0;
  for (const NodeId input : part.inputs) part.shape.sizes[0] += nodes[input].shape.channels();
  return part;
}

// Puts parts of the concat behind the nodes until these are few enough to be its inputs.
Node with_few_inputs(Node concat, std::vector<Node>& nodes) {
  constexpr auto kMost = static_cast<size_t>(limits::kOperands);
  size_t number = 0;
  while (concat.inputs.size() > kMost) {
    std::vector<NodeId> parts;
    for (size_t begin = 0; begin < concat.inputs.size(); begin += kMost) {
      const size_t end = std::min(begin + kMost, concat.inputs.size());
      if (end - begin == 1) {  // a concat joins several
        parts.push_back(concat.inputs[begin]);
        continue;
      }
      nodes.push_back(part_of(concat, nodes, begin, end, ++number));
      parts.push_back(static_cast<NodeId>(nodes.size()) - 1);
    }
    concat.inputs = std::move(parts);
  }
  return concat;
}

}  // namespace

Graph split_concats(Graph graph) {
  return rewrite_nodes(std::move(graph), [](Node node, std::vector<Node>& before) {
    return node.op == "concat" ? with_few_inputs(std::move(node), before) : std::move(node);
  });
}

}  // namespace cnnc
