// Concat, Split, Slice, Gather, Expand and Tile along any axes.
#include <fmt/format.h>

#include <algorithm>

#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/general/general.h"
#include "onnx/general/operations.h"
#include "onnx/general/times_matrix.h"
#include "onnx/tensors/axes.h"
#include "onnx/tensors/rearrange.h"

namespace cnnc::onnx {
namespace {

// Indices at equal distances as ranges, as few as following them finds.
std::vector<Range> ranges_of(const std::vector<int64_t>& indices) {
  std::vector<Range> ranges;
  for (const int64_t index : indices) {
    Range* last = ranges.empty() ? nullptr : &ranges.back();
    const int64_t step = last ? index - (last->begin + (last->count - 1) * last->step) : 0;
    if (last && last->count == 1 && step != 0)
      *last = {last->begin, step, 2};
    else if (last && last->count > 1 && step == last->step)
      ++last->count;
    else
      ranges.push_back({index, 1, 1});
  }
  return ranges;
}

// Along the axis, constants before or behind a tensor: it is padded by zeros, to which they are added; where
// they have one value, by that.
struct Neighbours {
  std::vector<Constant> before, behind;
};

bool are_of_one_value(const Neighbours& n) {
  const std::vector<float>& first = *(n.before.empty() ? n.behind : n.before)[0].floats;
  const auto is_same = [&](const Constant& c) {
    return std::all_of(c.floats->begin(), c.floats->end(), [&](float v) { return v == first.at(0); });
  };
  return std::all_of(n.before.begin(), n.before.end(), is_same) &&
         std::all_of(n.behind.begin(), n.behind.end(), is_same);
}

int64_t places_of(const std::vector<Constant>& constants, size_t axis) {
  int64_t places = 0;
  for (const Constant& c : constants) places += c.dims[axis];
  return places;
}

// The constants where they stand in a tensor of these dimensions, and zeros in the place of the rest.
Constant among_zeros(Translation& t, const Neighbours& n, const Dims& dims, size_t axis) {
  spend(t, checked_elements(dims));
  const auto at = static_cast<std::ptrdiff_t>(axis);
  const int64_t inner = elements({dims.begin() + at + 1, dims.end()});
  const int64_t outer = elements({dims.begin(), dims.begin() + at}), row = dims[axis] * inner;
  std::vector<float> values(static_cast<size_t>(outer * row));
  const auto place = [&](const std::vector<Constant>& constants, int64_t first) {
    for (const Constant& c : constants) {
      const int64_t run = c.dims[axis] * inner;
      for (int64_t o = 0; o < outer; ++o)
        std::copy_n(c.floats->begin() + o * run, run, values.begin() + o * row + first * inner);
      first += c.dims[axis];
    }
  };
  place(n.before, 0);
  place(n.behind, dims[axis] - places_of(n.behind, axis));
  return {"float", dims, std::make_shared<const std::vector<float>>(std::move(values)), nullptr};
}

View beside_constants(Translation& t, const View& x, const Neighbours& n, size_t axis) {
  if (n.before.empty() && n.behind.empty()) return x;
  const bool is_plain = are_of_one_value(n);
  const float value = is_plain ? (*(n.before.empty() ? n.behind : n.before)[0].floats)[0] : 0;
  const View y =
      padded(t, "", x, axis, places_of(n.before, axis), places_of(n.behind, axis), {"constant", value});
  return is_plain ? y : with_constant(t, "", "add", y, among_zeros(t, n, dims_of(y), axis));
}

void want_alike(const Constant& c, const View& x, size_t axis) {
  Dims dims = dims_of(x);
  if (dims.size() == c.dims.size()) dims[axis] = c.dims[axis];
  if (dims != c.dims)
    throw Unmapped{fmt::format("a constant of {} cannot stand beside a tensor of {} along axis {}",
                               to_string(c.dims), to_string(dims_of(x)), axis),
                   ""};
}

const View& first_view(const Translation& t, const Node& node) {
  size_t i = 0;
  while (i < node.inputs.size() && constant_input(t, node, i)) ++i;
  return need_view(t, node, i);
}

// The matrix that takes these places of `size`: each row holds a single 1.
Matrix selecting(Translation& t, const std::vector<int64_t>& places, int64_t size) {
  const auto count = static_cast<int64_t>(places.size());
  spend(t, checked_elements({count, size}));
  std::vector<float> ones(static_cast<size_t>(count * size));
  for (int64_t i = 0; i < count; ++i)
    ones[static_cast<size_t>(i * size + places[static_cast<size_t>(i)])] = 1;
  return {std::make_shared<const std::vector<float>>(std::move(ones)), count, size, false};
}

// The places of the ranges, joined; where these are many, by a product with a matrix.
View places_along(Translation& t, const std::string& name, const View& x, size_t axis,
                  const std::vector<int64_t>& indices) {
  const std::vector<int64_t> places = from_front(indices, size(x.dims[axis]));
  const std::vector<Range> ranges = ranges_of(places);
  if (ranges.empty()) throw Unmapped{"it has no indices", ""};
  if (ranges.size() == 1) return cropped(t, name, x, axis, ranges[0]);
  if (ranges.size() > kSlices)
    return times_matrix(t, name, x, axis, selecting(t, places, size(x.dims[axis])), 1);
  std::vector<View> parts;
  for (const Range& range : ranges) parts.push_back(cropped(t, "", x, axis, range));
  return concatenated(t, name, parts, axis);
}

// The dimensions of the indices stand in the place of the axis.
void gather(Translation& t, const Node& node, const View& x, size_t axis, const std::vector<int64_t>& indices,
            const Dims& index_dims) {
  const View y = places_along(t, name_of(node), x, axis, indices);
  Dims dims = dims_of(x);
  const auto at = dims.begin() + static_cast<std::ptrdiff_t>(axis);
  dims.insert(dims.erase(at), index_dims.begin(), index_dims.end());
  set_output(t, node, reshaped_tensor(t, y, dims));
}

}  // namespace

// Constants belong to the tensor before them, those in front of all to the first.
void general_concat(Translation& t, const Node& node) {
  if (!has_attribute(node, "axis")) throw Unmapped{"it has no axis", ""};
  const View& first = first_view(t, node);
  const size_t axis = axis_of(integer(node, "axis", 0), first.dims.size());
  std::vector<View> views;
  std::vector<Neighbours> neighbours(1);
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (!constant_input(t, node, i)) {
      views.push_back(need_view(t, node, i));
      if (views.size() > 1) neighbours.emplace_back();
      continue;
    }
    Constant c = need_numbers(t, node, i, "one of its inputs");
    want_alike(c, first, axis);
    if (c.floats->empty()) continue;
    (views.empty() ? neighbours[0].before : neighbours.back().behind).push_back(std::move(c));
  }
  for (size_t i = 0; i < views.size(); ++i) views[i] = beside_constants(t, views[i], neighbours[i], axis);
  set_output(t, node, views.size() == 1 ? views[0] : concatenated(t, name_of(node), views, axis));
}

void general_split(Translation& t, const Node& node) {
  const View x = need_view(t, node, 0);
  const size_t axis = axis_of(integer(node, "axis", 0), x.dims.size());
  const Constant* sizes = has_input(node, 1) ? &need_integers(t, node, 1, "its list of sizes") : nullptr;
  int64_t begin = 0;
  size_t i = 0;
  for (const int64_t part : parts_of(node, sizes, size(x.dims[axis]))) {
    set_output(t, node, cropped(t, "", x, axis, {begin, 1, part}), i++);
    begin += part;
  }
}

void general_slice(Translation& t, const Node& node) {
  View x = need_view(t, node, 0);
  std::vector<const Constant*> inputs = {nullptr};
  for (size_t i = 1; i < node.inputs.size(); ++i)
    inputs.push_back(has_input(node, i) ? &need_integers(t, node, i, "where it begins or ends") : nullptr);
  const std::vector<Range> ranges = ranges_of(node, inputs, dims_of(x));
  for (size_t axis = 0; axis < ranges.size(); ++axis) x = cropped(t, name_of(node), x, axis, ranges[axis]);
  set_output(t, node, std::move(x));
}

void general_gather(Translation& t, const Node& node) {
  const View x = need_view(t, node, 0);
  const size_t axis = axis_of(integer(node, "axis", 0), x.dims.size());
  const Constant& given = need_integers(t, node, 1, "the index");
  gather(t, node, x, axis, *given.integers, given.dims);
}

// Of the first dimensions as many as an index has numbers, as one.
void general_gather_nd(Translation& t, const Node& node) {
  const View x = need_view(t, node, 0);
  const Constant& given = need_integers(t, node, 1, "the index");
  if (integer(node, "batch_dims", 0) != 0)
    throw Unmapped{"it has indices of its own for each of a batch", ""};
  const Dims dims = dims_of(x);
  const std::vector<int64_t> begins = block_begins(given, dims);
  Dims joined(dims.begin() + given.dims.back(), dims.end());
  const int64_t block = elements(joined);
  joined.insert(joined.begin(), elements(dims) / block);
  std::vector<int64_t> indices;
  for (const int64_t begin : begins) indices.push_back(begin / block);
  gather(t, node, reshaped_tensor(t, x, joined), 0, indices, {given.dims.begin(), given.dims.end() - 1});
}

void general_expand(Translation& t, const Node& node) {
  const View& x = need_view(t, node, 0);
  const Dims dims = broadcast(dims_of(x), *need_integers(t, node, 1, "its shape").integers);
  set_output(t, node, expanded(t, name_of(node), x, dims));
}

void general_tile(Translation& t, const Node& node) {
  const View x = need_view(t, node, 0);
  const std::vector<int64_t>& repeats = *need_integers(t, node, 1, "its list of repeats").integers;
  if (repeats.size() != x.dims.size())
    throw Unmapped{fmt::format("it has {} repeats for {} dimensions", repeats.size(), x.dims.size()), ""};
  set_output(t, node, tiled(t, name_of(node), x, repeats));
}

}  // namespace cnnc::onnx
