#include "passes/convolve_blocks.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ops/window/window.h"
#include "passes/edit/remove_dead_nodes.h"
#include "passes/edit/rewrite.h"

namespace cnnc {
namespace {

// The places first, first + step, ... of an axis.
struct Every {
  int64_t first = 0, step = 1;
};

// What a channel of a tensor holds: these pixels of a channel of a node's map.
struct Pixels {
  NodeId map = -1;
  int64_t channel = 0;
  Every rows, columns;
};

// A place of the cropped axis as one of the axis before.
Every through(const Every& every, int64_t begin, int64_t step) {
  return {begin + step * every.first, step * every.step};
}

// The input of a concat that the channel is in, and which of its channels it is.
std::pair<NodeId, int64_t> joined_input(const Graph& graph, const Node& concat, int64_t channel) {
  for (const NodeId input : concat.inputs) {
    const int64_t channels = graph.nodes[input].shape.channels();
    if (channel < channels) return {input, channel};
    channel -= channels;
  }
  return {-1, 0};
}

// Where the pixels come from, one operator further up; false where it moves none, or otherwise.
bool step_up(const Graph& graph, Pixels& pixels) {
  const Node& node = graph.nodes[pixels.map];
  if (!node.epilogue.empty()) return false;
  if (node.op == "concat") {
    std::tie(pixels.map, pixels.channel) = joined_input(graph, node, pixels.channel);
    return true;
  }
  if (node.op == "space_to_depth") {
    const int64_t block = integer(node.attributes, "block"), inside = pixels.channel % (block * block);
    pixels = {node.inputs[0], pixels.channel / (block * block), through(pixels.rows, inside / block, block),
              through(pixels.columns, inside % block, block)};
    return true;
  }
  if (node.op != "crop" || !node.shape.is_map()) return false;
  const int64_t axis = integer(node.attributes, "axis"), begin = integer(node.attributes, "begin"),
                step = integer(node.attributes, "step");
  if (axis == 0 || step == 1) return false;
  Every& every = axis == 1 ? pixels.rows : pixels.columns;
  every = through(every, begin, step);
  pixels.map = node.inputs[0];
  return true;
}

// The blocks that a tensor has as channels.
struct Blocks {
  NodeId map = -1;
  int64_t height = 1, width = 1;
  std::vector<Pixels> channels;  // of the tensor
};

bool is_whole(const Every& every, int64_t taken, int64_t size) {
  return every.first < every.step && taken * every.step == size;
}

// Whether each element of a block of all the map's channels is there once.
bool are_whole(const Blocks& blocks, const Shape& map, const Shape& result) {
  const int64_t elements = blocks.height * blocks.width;
  if (elements == 1 || result.channels() != map.channels() * elements) return false;
  std::vector<bool> found(static_cast<size_t>(result.channels()));
  for (const Pixels& p : blocks.channels) {
    if (p.map != blocks.map || p.rows.step != blocks.height || p.columns.step != blocks.width ||
        !is_whole(p.rows, result.height(), map.height()) || !is_whole(p.columns, result.width(), map.width()))
      return false;
    found[static_cast<size_t>(p.channel * elements + p.rows.first * blocks.width + p.columns.first)] = true;
  }
  return std::all_of(found.begin(), found.end(), [](bool is_there) { return is_there; });
}

std::optional<Blocks> blocks_of(const Graph& graph, NodeId id) {
  Blocks blocks;
  const Shape& shape = graph.nodes[id].shape;
  for (int64_t channel = 0; channel < shape.channels(); ++channel) {
    Pixels pixels{id, channel, {}, {}};
    while (step_up(graph, pixels)) {
    }
    blocks.channels.push_back(pixels);
  }
  const Pixels& first = blocks.channels.front();
  blocks.map = first.map;
  blocks.height = first.rows.step;
  blocks.width = first.columns.step;
  if (!are_whole(blocks, graph.nodes[blocks.map].shape, shape)) return std::nullopt;
  return blocks;
}

// Tap k of the filter on the blocks is tap first + k * step of the one on the map.
Parameter spread(const Parameter& weight, const Blocks& blocks, int64_t map_channels) {
  const int64_t outputs = weight.shape.sizes[0], inputs = weight.shape.sizes[1],
                height = weight.shape.sizes[2], width = weight.shape.sizes[3];
  const int64_t rows = height * blocks.height, columns = width * blocks.width;
  Parameter result{weight.name, Shape{outputs, map_channels, rows, columns}, nullptr};
  if (!weight.values) return result;
  auto values = std::make_shared<std::vector<float>>(weight.values->size());
  size_t from = 0;
  for (int64_t o = 0; o < outputs; ++o)
    for (int64_t i = 0; i < inputs; ++i) {
      const Pixels& p = blocks.channels[static_cast<size_t>(i)];
      for (int64_t y = 0; y < height; ++y)
        for (int64_t x = 0; x < width; ++x) {
          const int64_t row = p.rows.first + y * blocks.height, column = p.columns.first + x * blocks.width;
          const int64_t to = ((o * map_channels + p.channel) * rows + row) * columns + column;
          (*values)[static_cast<size_t>(to)] = (*weight.values)[from++];
        }
    }
  result.values = std::move(values);
  return result;
}

// Whether the conv is as fast with a stride: of few channels, or where Winograd's transforms, which take
// fewer products at stride 1, are for others anyway.
bool is_as_fast(const Window& window, int64_t channels) {
  constexpr int64_t kFewChannels = 32;
  return channels <= kFewChannels || window.height.filter * window.width.filter == 1 ||
         window.height.stride > 1 || window.width.stride > 1;
}

// The conv of the map, in the place of the one of its blocks; empty where that is none.
std::optional<Node> on_map(const Graph& graph, const Node& conv) {
  if (conv.op != "conv" || integer(conv.attributes, "groups") != 1) return std::nullopt;
  const Shape& shape = graph.nodes[conv.inputs[0]].shape;
  const Window window = window_of(conv.attributes, shape);
  if (window.height.dilation > 1 || window.width.dilation > 1 || !is_as_fast(window, shape.channels()))
    return std::nullopt;
  const auto blocks = blocks_of(graph, conv.inputs[0]);
  if (!blocks) return std::nullopt;
  const int64_t h = blocks->height, w = blocks->width;
  const WindowAxis &y = window.height, &x = window.width;
  Node result = conv;
  result.attributes["filter"] = std::vector<int64_t>{y.filter * h, x.filter * w};
  result.attributes["stride"] = std::vector<int64_t>{y.stride * h, x.stride * w};
  result.attributes["pad"] =
      std::vector<int64_t>{y.pad_before * h, y.pad_after * h, x.pad_before * w, x.pad_after * w};
  result.inputs[0] = blocks->map;
  for (Parameter& parameter : result.parameters)
    if (parameter.name == "weight")
      parameter = spread(parameter, *blocks, graph.nodes[blocks->map].shape.channels());
  return result;
}

}  // namespace

Graph convolve_blocks(Graph graph) {
  for (Node& node : graph.nodes)
    if (auto conv = on_map(graph, node)) node = std::move(*conv);
  return remove_dead_nodes(std::move(graph));
}

}  // namespace cnnc
