#include "onnx/tensors/slice.h"

#include <fmt/format.h>

#include <algorithm>

#include "onnx/tensors/axes.h"
#include "onnx/tensors/selection.h"
#include "onnx/tensors/tensors.h"

namespace cnnc::onnx {
namespace {

// Whether it is every step-th of all channels from begin < step on.
bool is_dealt(const Range& range, int64_t size) {
  return range.step > 1 && size % range.step == 0 && range.begin < range.step &&
         range.count == size / range.step;
}

// Those: the channels dealt out to `step` groups, and one of these.
View dealt_part(Translation& t, const View& view, size_t axis, const Range& range, const std::string& name) {
  Dims dims = dims_of(view);
  const int64_t groups = range.step, size = dims[axis] / groups;
  const auto at = static_cast<std::ptrdiff_t>(axis);
  Dims split = dims;
  split[axis] = size;
  split.insert(split.begin() + at + 1, groups);
  std::vector<int64_t> order(split.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
  std::swap(order[axis], order[axis + 1]);
  const auto parts = reshaped(view, split);
  const auto dealt = parts ? reshaped(transposed(*parts, order), dims) : std::nullopt;
  if (!dealt) throw Unmapped{"it takes channels of a tensor that is rearranged already", ""};
  const AlongChannels along = along_channels(t, {*dealt}, axis);
  return result_of(t, along,
                   part_of(t, along.tensors[0], name, range.begin * size, (range.begin + 1) * size));
}

// Rows (columns), at equal distances.
View sliced_pixels(Translation& t, const View& view, size_t axis, const Range& range,
                   const std::string& name) {
  const OrderedMap from = as_ordered_map(t, view);
  const bool is_row = from.order.size() == 4 && from.order[2] == static_cast<int64_t>(axis);
  if (range.step < 0)
    throw Unmapped{fmt::format("it reverses the {} of a map", is_row ? "rows" : "columns"), ""};
  Attributes crop = {{"axis", int64_t{is_row ? 1 : 2}},
                     {"begin", range.begin},
                     {"end", range.begin + (range.count - 1) * range.step + 1}};
  if (range.count > 1) crop.emplace("step", range.step);
  return result_of(t, from, add_node(t, name, "crop", std::move(crop), {from.map}));
}

// Whether it is the rows or the columns of N x C x H x W, N x H x W x C, or N x C x L.
bool is_of_pixels(const View& view, size_t axis) {
  const Factors& dim = view.dims[axis];
  return view.dims.size() > 2 && dim.size() == 1 && (dim[0].axis == Axis::row || dim[0].axis == Axis::column);
}

std::vector<int64_t> indices_of(const Range& range) {
  std::vector<int64_t> indices;
  for (int64_t i = 0; i < range.count; ++i) indices.push_back(range.begin + i * range.step);
  return indices;
}

}  // namespace

View sliced(Translation& t, const View& view, size_t axis, const Range& range, const std::string& name) {
  const int64_t size = dims_of(view)[axis];
  if (range.count == size && (range.step == 1 || size == 1)) return view;
  want_map_or_vector(t, view);
  if (range.count == 0) throw Unmapped{fmt::format("nothing is left of axis {}", axis), ""};
  if (is_of_pixels(view, axis)) return sliced_pixels(t, view, axis, range, name);
  const AlongChannels along = along_channels(t, {view}, axis);
  if (range.step == 1 || range.count == 1)
    return result_of(t, along, part_of(t, along.tensors[0], name, range.begin, range.begin + range.count));
  if (is_dealt(range, size)) return dealt_part(t, view, axis, range, name);
  return picked(t, along, name, indices_of(range));
}

}  // namespace cnnc::onnx
