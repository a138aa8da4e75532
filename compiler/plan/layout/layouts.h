// Chooses how each tensor of a graph lies in memory.
#pragma once
#include <optional>
#include <vector>

#include "graph/graph.h"
#include "plan/layout.h"
#include "plan/plan.h"
#include "target/target.h"

namespace cnnc {

// One layout a node. Rules:
//  - a graph input is plain, as the caller has it, and so is the softmax of a vector;
//  - a vector is padded to whole vectors of the target, the result of a dense layer to whole tiles;
//  - a conv's result is blocked by the target's lanes, or planar where that wastes less of the vectors: few
//    channels on a planar input, stride 1 along the width;
//  - a map with so few channels that a block would be three quarters padding is planar, unless a depthwise
//    conv makes or reads it;
//  - a pool, an activation, an add and the like keep their input's block;
//  - what is of other channels than its inputs (permute, matmul) is planar, and so is the result of a tensor
//    program that is an output, but for sums: it is written there directly;
//  - reshape shares its input's memory; lowering takes its layout from there;
//  - a tensor has a halo as wide as its convolutions pad;
//  - before the node `cut` (plan/layout/batch.h) it has one image, from there on `images`.
// With `sharing` all are as the best target's, and tiles of dense layers fit all targets' registers.
std::vector<Layout> choose_layouts(const Graph& graph, const Target& target, int64_t images, NodeId cut,
                                   const std::optional<Sharing>& sharing = std::nullopt);

// The halo that a node reads around its first input: only its fields for that count.
Layout halo_of(const Node& node, const Shape& input);

// Whether a conv or an upconv is a depthwise one: one input and one output channel a group, and several
// groups.
bool is_depthwise(const Node& conv);

}  // namespace cnnc
