// Operators that move whole channels.
#include <fmt/format.h>

#include <algorithm>

#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/mappings/mappings.h"
#include "onnx/tensors/axes.h"
#include "onnx/tensors/slice.h"
#include "onnx/tensors/tensors.h"

namespace cnnc::onnx {
namespace {

size_t axis_of(const View& view, int64_t axis) {
  return onnx::axis_of(axis, view.dims.size());
}

// The indices of a Gather, counted from the front.
std::vector<int64_t> indices_from_front(const Constant& indices, int64_t size) {
  if (indices.dims.size() > 1)
    throw Unmapped{fmt::format("its indices are of {}; one row of them is expected", to_string(indices.dims)),
                   ""};
  if (indices.integers->empty()) throw Unmapped{"it has no indices", ""};
  return from_front(*indices.integers, size);
}

}  // namespace

void map_concat(Translation& t, const Node& node) {
  std::vector<View> views;
  for (size_t i = 0; i < node.inputs.size(); ++i) views.push_back(need_view(t, node, i));
  if (views.empty()) throw Unmapped{"it has no inputs", ""};
  if (views.size() == 1) return set_output(t, node, views[0]);
  if (!has_attribute(node, "axis")) throw Unmapped{"it has no axis", ""};
  const size_t axis = axis_of(views[0], integer(node, "axis", 0));
  const AlongChannels along = along_channels(t, views, axis);
  set_output(t, node, result_of(t, along, add_node(t, name_of(node), "concat", {}, along.tensors)));
}

void map_split(Translation& t, const Node& node) {
  const View view = need_view(t, node, 0);
  const size_t axis = axis_of(view, integer(node, "axis", 0));
  const Constant* sizes = has_input(node, 1) ? &need_integers(t, node, 1, "its list of sizes") : nullptr;
  int64_t begin = 0;
  size_t i = 0;
  for (const int64_t part : parts_of(node, sizes, dims_of(view)[axis])) {
    set_output(t, node, sliced(t, view, axis, {begin, 1, part}, ""), i++);
    begin += part;
  }
}

void map_slice(Translation& t, const Node& node) {
  View view = need_view(t, node, 0);
  std::vector<const Constant*> inputs = {nullptr};
  for (size_t i = 1; i < node.inputs.size(); ++i)
    inputs.push_back(has_input(node, i) ? &need_integers(t, node, i, "where it begins or ends") : nullptr);
  const std::vector<Range> ranges = ranges_of(node, inputs, dims_of(view));
  for (size_t axis = 0; axis < ranges.size(); ++axis)
    view = sliced(t, view, axis, ranges[axis], axis == 1 ? name_of(node) : "");
  set_output(t, node, std::move(view));
}

void map_gather(Translation& t, const Node& node) {
  View result = need_view(t, node, 0);
  const size_t axis = axis_of(result, integer(node, "axis", 0));
  const Constant& given = need_integers(t, node, 1, "the index");
  const std::vector<int64_t> indices = indices_from_front(given, dims_of(result)[axis]);
  if (indices.size() == 1)
    result = sliced(t, result, axis, {indices[0], 1, 1}, name_of(node));
  else
    result = picked(t, along_channels(t, {result}, axis), name_of(node), indices);
  if (given.dims.empty()) result.dims.erase(result.dims.begin() + static_cast<std::ptrdiff_t>(axis));
  set_output(t, node, std::move(result));
}

// DCR (the default): channel (i, j, c) becomes row i and column j of channel c's block; CRD: (c, i, j).
void map_depth_to_space(Translation& t, const Node& node) {
  const View view = plain_view(t, need_map(t, node, 0));
  const int64_t b = integer(node, "blocksize", 0);
  const Dims d = dims_of(view);
  if (b < 1 || b > d[1] || d[1] % (b * b) != 0)
    throw Unmapped{fmt::format("its blocks of {} do not divide {} channels", b, d[1]), ""};
  const bool is_crd = word(node, "mode", "DCR") == "CRD";
  const int64_t channels = d[1] / (b * b);
  const Dims split = is_crd ? Dims{d[0], channels, b, b, d[2], d[3]} : Dims{d[0], b, b, channels, d[2], d[3]};
  const std::vector<int64_t> order =
      is_crd ? std::vector<int64_t>{0, 1, 4, 2, 5, 3} : std::vector<int64_t>{0, 3, 4, 1, 5, 2};
  const View result =
      reshaped(transposed(reshaped(view, split).value(), order), {d[0], channels, d[2] * b, d[3] * b})
          .value();
  set_output(t, node, as_map(t, result));
}

// Row i and column j of a block of channel c become channel (i, j, c).
void map_space_to_depth(Translation& t, const Node& node) {
  const View view = plain_view(t, need_map(t, node, 0));
  const int64_t b = integer(node, "blocksize", 0);
  const Dims d = dims_of(view);
  if (b < 1 || d[2] % b != 0 || d[3] % b != 0)
    throw Unmapped{fmt::format("its blocks of {} do not divide {}x{} pixels", b, d[2], d[3]), ""};
  const View blocks = reshaped(view, {d[0], d[1], d[2] / b, b, d[3] / b, b}).value();
  const View result =
      reshaped(transposed(blocks, {0, 3, 5, 1, 2, 4}), {d[0], d[1] * b * b, d[2] / b, d[3] / b}).value();
  set_output(t, node, as_map(t, result));
}

}  // namespace cnnc::onnx
