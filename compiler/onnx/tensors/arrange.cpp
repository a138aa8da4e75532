#include "onnx/tensors/arrange.h"

namespace cnnc::onnx {
namespace {

// A dimension that ends with channels: b of them behind the whole axis.
struct Interleaved {
  Factor channels;
};

std::optional<Interleaved> interleaved(Factors dim, Axis axis, int64_t size) {
  if (dim.empty() || dim.back().axis != Axis::channel) return std::nullopt;
  const Factor last = dim.back();
  dim.pop_back();
  if (dim != whole_axis(axis, size)) return std::nullopt;
  return Interleaved{last};
}

// Our depth_to_space takes channel (c, i, j) to row i and column j of channel c's block.
std::optional<NodeId> from_depth(Translation& t, const View& view, const Shape& shape) {
  const auto rows = interleaved(view.dims[2], Axis::row, shape.height());
  const auto columns = interleaved(view.dims[3], Axis::column, shape.width());
  if (!rows || !columns || rows->channels.size != columns->channels.size) return std::nullopt;
  Factors order = view.dims[1];
  append(order, rows->channels);
  append(order, columns->channels);
  const auto ordered = in_channel_order(t, view.node, order);
  if (!ordered) return std::nullopt;
  return add_node(t, "", "depth_to_space", {{"block", rows->channels.size}}, {*ordered});
}

// Every `block`th element of an axis.
Factors every(Axis axis, int64_t size, int64_t block) {
  Factors factors;
  append(factors, {axis, size / block, block});
  return factors;
}

// Our space_to_depth takes row i and column j of a block of channel c to channel (c, i, j).
std::optional<NodeId> to_depth(Translation& t, const View& view, const Shape& shape) {
  const int64_t block = shape.height() / size(view.dims[2]);
  if (block < 2 || shape.height() % block != 0 || shape.width() % block != 0 ||
      view.dims[2] != every(Axis::row, shape.height(), block) ||
      view.dims[3] != every(Axis::column, shape.width(), block))
    return std::nullopt;
  Factors order;
  for (Factor factor : view.dims[1]) {
    if (factor.axis == Axis::channel) factor.stride *= block * block;
    if (factor.axis == Axis::row) factor.stride *= block;
    append(order, {Axis::channel, factor.size, factor.stride});
  }
  const NodeId blocks = add_node(t, "", "space_to_depth", {{"block", block}}, {view.node});
  return in_channel_order(t, blocks, order);
}

}  // namespace

// channel_shuffle makes of channel i * b + j, i below a, channel j * a + i.
std::optional<NodeId> in_channel_order(Translation& t, NodeId tensor, const Factors& order) {
  const int64_t channels = shape_of(t, tensor).channels();
  if (order == whole_axis(Axis::channel, channels)) return tensor;
  if (order.size() != 2 || size(order) != channels) return std::nullopt;
  const Factor &outer = order[0], &inner = order[1];
  if (outer.stride != 1 || inner.stride != outer.size) return std::nullopt;
  return add_node(t, "", "channel_shuffle", {{"groups", inner.size}}, {tensor});
}

std::optional<NodeId> arranged(Translation& t, const View& view) {
  const auto key = std::make_pair(view.node, view.dims);
  if (const auto found = t.arranged.find(key); found != t.arranged.end()) return found->second;
  const Shape shape = shape_of(t, view.node);
  std::optional<NodeId> result;
  if (view.dims[2] == whole_axis(Axis::row, shape.height()) &&
      view.dims[3] == whole_axis(Axis::column, shape.width()))
    result = in_channel_order(t, view.node, view.dims[1]);
  if (!result) result = from_depth(t, view, shape);
  if (!result) result = to_depth(t, view, shape);
  if (result) t.arranged.emplace(key, *result);
  return result;
}

}  // namespace cnnc::onnx
