#include "plan/layout/blocks.h"

#include <algorithm>

#include "ops/registry.h"
#include "ops/window/window.h"
#include "plan/tensors.h"
#include "support/checked.h"

namespace cnnc {

namespace {

double used_share(int64_t n, int64_t lanes) {
  return static_cast<double>(n) / round_up(n, lanes);
}

// Vectorised along the width, a vector may be half or a quarter of the target's: the tail then overlaps its
// neighbour.
double used_share_of_width(int64_t width, int64_t lanes) {
  while (lanes > 4 && width < lanes) lanes /= 2;
  return used_share(width, lanes);
}

bool prefers_planar(const Node& conv, const Graph& graph, const Layout& input, const Target& target) {
  const Shape& shape = graph.nodes[conv.inputs[0]].shape;
  const Window window = window_of(conv.attributes, shape);
  if (input.block != 1 || window.width.stride != 1 || integer(conv.attributes, "groups") != 1 ||
      conv.inputs.size() > 1)
    return false;
  return used_share_of_width(conv.shape.width(), target.lanes) >
         1.3 * used_share(conv.shape.channels(), target.lanes);
}

constexpr int64_t kManyWeights = 1 << 18;  // floats; more than stay in a core's caches
constexpr int64_t kEnoughTiles = 16;
constexpr int64_t kUnlimited = INT64_MAX;

bool has_many_weights(const Node& dense) {
  return find_parameter(dense, "weight")->shape.elements() >= kManyWeights;
}

// Of so many vectors the most that a tile may have, in equal tiles; of few the most of those that leave the
// least padding, which would be a large part; at least two, so that an input serves more than one.
int64_t tile_within(int64_t vectors, int64_t most, bool are_many) {
  const auto computed = [&](int64_t tile) { return ceil_div(vectors, tile) * tile; };
  if (are_many) return ceil_div(vectors, ceil_div(vectors, most));
  int64_t best = most;
  for (int64_t tile = most; tile > 1; --tile)
    if (computed(tile) < computed(best)) best = tile;
  return best;
}

// Outputs of a dense layer that a kernel computes together: as many whole vectors as stay in registers, in
// equal tiles. Its result is stored in blocks of them, so that the weights are read as one stream.
// Many weights are read from memory, which narrow tiles do as fast; there are enough of them then for several
// threads.
int64_t dense_tile(const Node& dense, int64_t images, const Target& target, int64_t most_floats) {
  const int64_t outputs = dense.shape.channels();
  // At batch 1 the weights' bytes are the time: half vectors where whole ones would pad much more.
  const int64_t half = target.lanes / 2;
  const bool pads_much = round_up(outputs, target.lanes) > 1.08 * round_up(outputs, half);
  const int64_t lanes = pads_much && outputs >= half ? half : target.lanes;
  const int64_t vectors = (outputs + lanes - 1) / lanes;
  // Of a batch the registers are shared among the images.
  int64_t most = images == 1 ? target.registers / 2 : target.registers >= 32 ? 3 : 2;
  if (has_many_weights(dense)) most = std::clamp<int64_t>(vectors / kEnoughTiles, vectors % 2 ? 1 : 2, most);
  if (most_floats / lanes < most)
    return tile_within(vectors, std::clamp<int64_t>(most_floats / lanes, 1, vectors),
                       has_many_weights(dense)) *
           lanes;
  const int64_t tiles = (vectors + most - 1) / most;
  return (vectors + tiles - 1) / tiles * lanes;
}

// Whether blocks would be three quarters padding, of a map whose rows fill vectors: those of a few more
// floats than one has take two, and blocks are no slower.
bool has_few_channels(const Shape& shape, const Target& target) {
  const bool fills_vectors = shape.width() == target.lanes || shape.width() >= 2 * target.lanes;
  return shape.is_map() && 4 * shape.channels() <= target.lanes && fills_vectors;
}

// Whether conv_few_outputs can store the result of a conv, or of the phases of an upconv, as planes.
bool stores_few_planes(const Node& node, const Surroundings& s) {
  return has_few_channels(node.shape, s.best()) && !s.is_read_in_blocks &&
         s.layouts[node.inputs[0]].block == s.best().lanes && integer(node.attributes, "groups") == 1;
}

int64_t block_of_conv(const Node& node, const Surroundings& s) {
  const bool is_planar =
      prefers_planar(node, s.graph, s.layouts[node.inputs[0]], s.best()) || stores_few_planes(node, s);
  return is_planar ? 1 : s.best().lanes;
}

int64_t block_of_integer_conv(const Node&, const Surroundings& s) {
  return s.best().lanes;
}

int64_t block_of_upconv(const Node& node, const Surroundings& s) {
  return stores_few_planes(node, s) ? 1 : s.best().lanes;
}

// Whether the channels of a tensor program's result are made of other channels of its inputs.
bool mixes_channels(const Node& node) {
  if (node.op == "permute") return sizes(node.attributes, "order")[0] != 0;
  return node.op == "matmul" || node.op == "dense";
}

// Sums of blocked maps are made in blocks.
bool is_planar_tensor(const Node& node, const Surroundings& s) {
  if (!is_of_tensors(s.graph, node)) return false;
  const bool is_reduction = node.op.rfind("reduce_", 0) == 0;
  return mixes_channels(node) || (s.is_output && !is_reduction);
}

// Of an operator that has no choice: mixed layouts meet in the blocked one, since only a few tensors near the
// input are planar; those with few channels in the planar one.
int64_t common_block(const Node& node, const Surroundings& s) {
  int64_t least = s.best().lanes, most = 1;
  bool keeps_channels = true;
  for (const NodeId input : node.inputs) {
    const Shape& shape = s.graph.nodes[input].shape;
    least = std::min(least, s.layouts[input].block);
    most = std::max(most, s.layouts[input].block);
    keeps_channels = keeps_channels && shape.is_map() && shape.channels() == node.shape.channels();
  }
  const bool is_planar = least == 1 || !keeps_channels;
  return is_planar && has_few_channels(node.shape, s.best()) ? 1 : most;
}

int64_t block_of_dense(const Node& node, const Surroundings& s) {
  if (!s.sharing) return dense_tile(node, s.images, s.target, kUnlimited);
  return dense_tile(node, s.images, s.best(), s.sharing->dense_tile);
}

// A dot product takes some channels of a pixel, which are next to each other; a picture has no more.
int64_t block_of_bytes(const Node& node, const Surroundings& s) {
  if (facts_of(node).keeps_type) return s.layouts[node.inputs[0]].block;
  return node.op == "quantize" && node.shape.channels() <= kDotBytes ? kDotBytes : s.best().lanes;
}

// Operators that choose the block of their result.
struct BlockRule {
  std::string_view op;
  int64_t (*block)(const Node&, const Surroundings&);
};

constexpr BlockRule kRules[] = {{"conv", block_of_conv},
                                {"dense", block_of_dense},
                                {"integer_conv", block_of_integer_conv},
                                {"bfloat16_conv", block_of_integer_conv},
                                {"integer_dense", block_of_dense},
                                {"upconv", block_of_upconv}};

}  // namespace

int64_t block_of(const Node& node, const Surroundings& s) {
  if (is_input(node)) return 1;
  if (facts_of(node).stores == ElementType::int32) return 1;  // an output, and in the caller's order at once
  if (!node.shape.is_map() && !node.shape.is_vector()) return 1;
  if (node.shape.is_map() && is_planar_tensor(node, s)) return 1;
  if (node.shape.is_map() && s.type == ElementType::uint8) return block_of_bytes(node, s);
  if (s.type == ElementType::bfloat16) return s.best().lanes;  // its products are of pairs of channels
  for (const BlockRule& rule : kRules)
    if (rule.op == node.op) return rule.block(node, s);
  if (!node.shape.is_map()) return facts_of(node).has_plain_vectors ? 1 : s.best().lanes;
  return common_block(node, s);
}

}  // namespace cnnc
