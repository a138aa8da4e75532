// In which blocks of channels the result of a node lies.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "graph/graph.h"
#include "plan/layout.h"
#include "plan/plan.h"
#include "target/target.h"

namespace cnnc {

// What the block of a node's result is chosen by.
struct Surroundings {
  const Graph& graph;
  const std::vector<Layout>& layouts;  // of the nodes before it
  const Target& target;
  int64_t images;
  const std::optional<Sharing>& sharing;
  bool is_read_in_blocks;  // by a depthwise conv
  bool is_output;
  ElementType type;  // of the result
  // By which layouts are chosen.
  const Target& best() const { return sharing ? sharing->best : target; }
};

// Channels of a block; 1: it is planar.
int64_t block_of(const Node& node, const Surroundings& s);

}  // namespace cnnc
