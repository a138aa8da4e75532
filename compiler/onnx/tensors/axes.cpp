#include "onnx/tensors/axes.h"

#include <fmt/format.h>

#include <algorithm>

#include "onnx/tensors/tensors.h"

namespace cnnc::onnx {
namespace {

constexpr std::string_view kChannelsAlone =
    "cnnc joins channels, and takes them in any order; rows and columns only at equal distances, as Slice "
    "does";

bool same_but(const View& a, const View& b, size_t axis) {
  if (a.dims.size() != b.dims.size()) return false;
  for (size_t i = 0; i < a.dims.size(); ++i)
    if (i != axis && a.dims[i] != b.dims[i]) return false;
  return true;
}

// Whether the axis is the channels of each view's tensor, and all else alike: nothing is to be moved.
bool is_direct(const Translation& t, const std::vector<View>& views, size_t axis) {
  return std::all_of(views.begin(), views.end(), [&](const View& view) {
    const Shape& shape = shape_of(t, view.node);
    return is_map_or_vector(t, view) && view.dims.at(axis) == whole_axis(Axis::channel, shape.channels()) &&
           same_but(view, views[0], axis) && shape.is_map() == shape_of(t, views[0].node).is_map();
  });
}

// An axis that cannot become channels.
void want_no_other_axis(const Translation& t, const View& view, size_t axis) {
  want_map_or_vector(t, view);
  const Shape& shape = shape_of(t, view.node);
  const Factors& dim = view.dims.at(axis);
  const auto refuse = [&](std::string_view what, std::string_view hint) {
    throw Unmapped{fmt::format("it works along axis {}, {}", axis, what), std::string(hint)};
  };
  if (dim.empty()) return;
  if (dim == whole_axis(Axis::batch, t.images))
    refuse("the batch", "cnnc computes each image of a batch alone");
  if (dim == whole_axis(Axis::row, shape.height())) refuse("the rows of a map", kChannelsAlone);
  if (dim == whole_axis(Axis::column, shape.width())) refuse("the columns of a map", kChannelsAlone);
}

// The batch, the axis, and the others in their order.
std::vector<int64_t> moved_to_front(size_t rank, size_t axis) {
  std::vector<int64_t> order = {0, static_cast<int64_t>(axis)};
  for (size_t i = 1; i < rank; ++i)
    if (i != axis) order.push_back(static_cast<int64_t>(i));
  return order;
}

std::vector<std::vector<int64_t>> orders_of(size_t rank) {
  if (rank == 4) return {{0, 1, 2, 3}, {0, 3, 1, 2}};
  if (rank == 3) return {{0, 1, 2}, {0, 2, 1}};
  return {};
}

}  // namespace

AlongChannels along_channels(Translation& t, const std::vector<View>& views, size_t axis) {
  AlongChannels along{{}, views.at(0), axis, !is_direct(t, views, axis)};
  for (const View& view : views)
    if (along.is_moved) want_no_other_axis(t, view, axis);
  for (const View& view : views) {
    if (!along.is_moved) {
      along.tensors.push_back(view.node);
      continue;
    }
    if (axis == 0 || view.dims.size() != along.frame.dims.size())
      throw Unmapped{fmt::format("it works along axis {} of {}", axis, to_string(dims_of(view))),
                     std::string(kChannelsAlone)};
    along.tensors.push_back(as_tensor(t, transposed(view, moved_to_front(view.dims.size(), axis))));
  }
  return along;
}

View result_of(const Translation& t, const AlongChannels& along, NodeId result) {
  const size_t rank = along.frame.dims.size();
  if (along.is_moved)
    return transposed(view_of_rank(t, result, rank), inverse(moved_to_front(rank, along.axis)));
  View view = along.frame;
  view.node = result;
  view.dims[along.axis] = whole_axis(Axis::channel, shape_of(t, result).channels());
  return view;
}

NodeId part_of(Translation& t, NodeId tensor, const std::string& name, int64_t begin, int64_t end) {
  const int64_t channels = shape_of(t, tensor).channels(), size = end - begin;
  if (size == channels) return tensor;
  if (size > 0 && channels % size == 0 && begin % size == 0)
    return add_node(t, name, "split", {{"parts", channels / size}, {"part", begin / size}}, {tensor});
  return add_node(t, name, "slice", {{"begin", begin}, {"end", end}}, {tensor});
}

View picked(Translation& t, const AlongChannels& along, const std::string& name,
            const std::vector<int64_t>& channels) {
  std::vector<std::pair<int64_t, int64_t>> runs;  // begin, end
  for (const int64_t channel : channels)
    if (runs.empty() || runs.back().second != channel)
      runs.emplace_back(channel, channel + 1);
    else
      ++runs.back().second;
  if (runs.size() > kSlices)
    throw Unmapped{fmt::format("it puts channels into an order that takes {} slices; at most {} are made",
                               runs.size(), kSlices),
                   ""};
  const NodeId tensor = along.tensors.at(0);
  if (runs.size() == 1) return result_of(t, along, part_of(t, tensor, name, runs[0].first, runs[0].second));
  std::vector<NodeId> parts;
  for (const auto& [begin, end] : runs) parts.push_back(part_of(t, tensor, "", begin, end));
  return result_of(t, along, add_node(t, name, "concat", {}, parts));
}

OrderedMap as_ordered_map(Translation& t, const View& view) {
  const Shape& shape = shape_of(t, view.node);
  for (std::vector<int64_t>& order : orders_of(view.dims.size()))
    if (shape.is_map() && transposed(view, order).dims == view_of_rank(t, view.node, view.dims.size()).dims)
      return {view.node, std::move(order)};
  const NodeId map = as_map(t, view);
  return {map, orders_of(view.dims.size()).at(0)};
}

View result_of(const Translation& t, const OrderedMap& from, NodeId result) {
  return transposed(view_of_rank(t, result, from.order.size()), inverse(from.order));
}

}  // namespace cnnc::onnx
