#include "plan/tensors.h"

#include <algorithm>

#include "ops/registry.h"
#include "support/checked.h"

namespace cnnc {

namespace {

// A longer chain becomes several kernels: the code of one is as long as its terms.
constexpr int kMostTerms = 24;

bool is_map_or_vector(const Shape& shape) {
  return shape.is_map() || shape.is_vector();
}

// Of the node's own inputs.
std::vector<Shape> shapes_of(const Graph& graph, const Node& node) {
  std::vector<Shape> shapes;
  for (size_t i = 0; i < node.inputs.size(); ++i)
    if (!is_epilogue_operand(node, static_cast<int>(i))) shapes.push_back(graph.nodes[node.inputs[i]].shape);
  return shapes;
}

// One shape, or of a map one pixel.
bool joins_as_maps(const Shape& result, const std::vector<Shape>& inputs) {
  return std::all_of(inputs.begin(), inputs.end(), [&](const Shape& input) {
    return input == result || (result.is_map() && input == Shape{result.channels(), 1, 1});
  });
}

bool is_of_single_elements(const Node& node) {
  const OperatorFacts facts = facts_of(node);
  return facts.is_elementwise || facts.is_of_single_elements;
}

}  // namespace

NodeId source_of_alias(const Graph& graph, NodeId id) {
  while (facts_of(graph.nodes[id]).is_alias) id = graph.nodes[id].inputs[0];
  return id;
}

bool is_of_tensors(const Graph& graph, const Node& node) {
  const OperatorFacts facts = facts_of(node);
  if (facts.is_of_any_rank) return true;
  if (is_input(node) || facts.is_alias) return false;
  if (!is_map_or_vector(node.shape)) return true;
  if (node.attributes.count("along") > 0) return integer(node.attributes, "along") != 0;
  return facts.is_elementwise && !joins_as_maps(node.shape, shapes_of(graph, node));
}

ProductTile product_tile(int64_t rows, int64_t columns, bool is_padded, const Target& target) {
  ProductTile tile;
  tile.lanes = is_padded ? target.lanes : largest_vector(target, columns);
  const int64_t vectors = is_padded ? ceil_div(columns, tile.lanes) : columns / tile.lanes;
  const int64_t most = std::min<int64_t>(target.registers >= 32 ? 4 : 2, vectors);
  tile.vectors = most;
  while (tile.vectors > 1 && vectors % tile.vectors != 0) --tile.vectors;
  if (tile.vectors == 1) tile.vectors = most;  // the last tile is padded, or overlaps the one before
  tile.rows = std::clamp<int64_t>(accumulators(target) / tile.vectors - 1, 1, std::min<int64_t>(rows, 8));
  return tile;
}

namespace {

// What a node's tensor is read by, through aliases.
struct Readers {
  std::vector<NodeId> nodes;
  bool is_stored = false;  // an output reads it
};

std::vector<Readers> readers_of(const Graph& graph) {
  std::vector<Readers> readers(graph.nodes.size());
  for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id)
    if (!facts_of(graph.nodes[id]).is_alias)
      for (const NodeId input : graph.nodes[id].inputs)
        readers[static_cast<size_t>(source_of_alias(graph, input))].nodes.push_back(id);
  for (const GraphOutput& output : graph.outputs)
    readers[static_cast<size_t>(source_of_alias(graph, output.node))].is_stored = true;
  return readers;
}

// One instruction on what is stored, or none: cheaper to repeat than to read.
bool is_next_to_nothing(const Graph& graph, const Node& node, const std::vector<bool>& inlined) {
  return facts_of(node).is_cheap && node.parameters.empty() && node.epilogue.empty() &&
         std::none_of(node.inputs.begin(), node.inputs.end(), [&](NodeId input) {
           return inlined[static_cast<size_t>(source_of_alias(graph, input))];
         });
}

}  // namespace

std::vector<bool> choose_inlined(const Graph& graph, NodeId cut) {
  const std::vector<Readers> readers = readers_of(graph);
  std::vector<bool> inlined(graph.nodes.size());
  std::vector<int> terms(graph.nodes.size(), 1);  // that the kernel of the node has by now
  for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id) {
    const Node& node = graph.nodes[id];
    const Readers& read = readers[static_cast<size_t>(id)];
    for (const NodeId input : node.inputs)
      if (const auto source = static_cast<size_t>(source_of_alias(graph, input)); inlined[source])
        terms[static_cast<size_t>(id)] += terms[source];
    if (!is_of_tensors(graph, node) || !is_of_single_elements(node) || read.is_stored || read.nodes.empty())
      continue;
    if (read.nodes.size() > 1 && !is_next_to_nothing(graph, node, inlined)) continue;
    inlined[static_cast<size_t>(id)] =
        terms[static_cast<size_t>(id)] < kMostTerms / 2 &&
        std::all_of(read.nodes.begin(), read.nodes.end(), [&](NodeId reader) {
          const Node& to = graph.nodes[static_cast<size_t>(reader)];
          const bool is_cut = id < cut && reader >= cut;
          const bool is_repeated = is_of_single_elements(to) && node.shape.elements() < to.shape.elements();
          return !is_cut && !is_repeated && is_of_tensors(graph, to) && !facts_of(to).reads_again;
        });
  }
  return inlined;
}

}  // namespace cnnc
