// Elements that are put into a tensor at places that are known, as PyTorch's x[..., 0:2] = y.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "onnx/attributes.h"
#include "onnx/composed/composition.h"

namespace cnnc::onnx {
namespace {

// Along each axis the places that are written: all combinations of them, in this order.
using Places = std::vector<std::vector<int64_t>>;

constexpr const char* kWhy = "the places that it writes are no rows and columns of a part of the tensor";

bool is_whole_axis(const std::vector<int64_t>& places, int64_t size) {
  for (size_t i = 0; i < places.size(); ++i)
    if (places[i] != static_cast<int64_t>(i)) return false;
  return static_cast<int64_t>(places.size()) == size;
}

bool is_range(const std::vector<int64_t>& places) {
  for (size_t i = 1; i < places.size(); ++i)
    if (places[i] != places[0] + static_cast<int64_t>(i)) return false;
  return true;
}

// x with `part` in place of the elements begin to begin + size along the first axis from `axis` on that is
// not whole, and so on in that.
std::string with_part(Composer& c, const std::string& x, Dims dims, const std::string& part,
                      const Places& places, size_t axis) {
  while (axis < places.size() && is_whole_axis(places[axis], dims[axis])) ++axis;
  if (axis == places.size()) return part;
  const auto number = static_cast<int64_t>(axis);
  const int64_t begin = places[axis].front(), end = begin + static_cast<int64_t>(places[axis].size());
  std::vector<std::string> parts;
  if (begin > 0) parts.push_back(c.slice(x, {0}, {begin}, {number}, {1}));
  const std::string rest = c.slice(x, {begin}, {end}, {number}, {1});
  const int64_t size = dims[axis];
  dims[axis] = end - begin;
  parts.push_back(with_part(c, rest, dims, part, places, axis + 1));
  if (end < size) parts.push_back(c.slice(x, {end}, {size}, {number}, {1}));
  return c.add("Concat", parts, {{"axis", number}});
}

// Where the places are no ranges: the part with each element at its place, chosen where one is written.
void finish_choice(Composer& c, const std::string& x, const Dims& dims, std::string part,
                   const Places& places) {
  want_few(elements(dims));
  std::string written;
  for (size_t axis = 0; axis < dims.size(); ++axis) {
    if (is_whole_axis(places[axis], dims[axis])) continue;
    std::vector<int64_t> from(static_cast<size_t>(dims[axis]), 0), is_written(from);
    for (size_t i = 0; i < places[axis].size(); ++i) {
      from[static_cast<size_t>(places[axis][i])] = static_cast<int64_t>(i);
      is_written[static_cast<size_t>(places[axis][i])] = 1;
    }
    part = c.add("Gather", {part, c.whole(std::move(from))}, {{"axis", static_cast<int64_t>(axis)}});
    Dims along(dims.size(), 1);
    along[axis] = dims[axis];
    const std::string mask = c.whole(std::move(is_written), along);
    written = written.empty() ? mask : c.add("Mul", {written, mask});
  }
  c.finish("Where", {written, part, x});
}

// What is put in is a tensor of the sizes of `places`.
Composition scattered(Composer& c, const std::string& x, const Dims& dims, const std::string& part,
                      const Places& places) {
  const bool is_box = std::all_of(places.begin(), places.end(), is_range);
  bool is_all = true;
  for (size_t i = 0; i < dims.size(); ++i) is_all = is_all && is_whole_axis(places[i], dims[i]);
  if (is_box || is_all)
    c.finish("Identity", {with_part(c, x, dims, part, places, 0)});
  else
    finish_choice(c, x, dims, part, places);
  return c.take();
}

// The places of blocks that begin there, in the first `axes` dimensions; the rest of each is whole.
std::optional<Places> places_of(const std::vector<int64_t>& begins, const Dims& dims, size_t axes) {
  const std::vector<int64_t> strides = strides_of(dims);
  Places places(dims.size());
  for (size_t axis = 0; axis < dims.size(); ++axis) {
    if (axis >= axes) {
      places[axis].resize(static_cast<size_t>(dims[axis]));
      std::iota(places[axis].begin(), places[axis].end(), int64_t{0});
      continue;
    }
    for (const int64_t begin : begins) {
      const int64_t place = begin / strides[axis] % dims[axis];
      if (std::find(places[axis].begin(), places[axis].end(), place) == places[axis].end())
        places[axis].push_back(place);
    }
  }
  std::vector<int64_t> expected = {0};
  for (size_t axis = 0; axis < axes; ++axis) {
    if (static_cast<int64_t>(expected.size() * places[axis].size()) > static_cast<int64_t>(begins.size()))
      return std::nullopt;
    std::vector<int64_t> next;
    for (const int64_t begin : expected)
      for (const int64_t place : places[axis]) next.push_back(begin + place * strides[axis]);
    expected = std::move(next);
  }
  return expected == begins ? std::optional(std::move(places)) : std::nullopt;
}

void want_no_reduction(const Node& node) {
  const std::string reduction = word(node, "reduction", "none");
  if (reduction != "none")
    throw Unmapped{fmt::format("its 'reduction' is '{}'; cnnc has 'none'", reduction), ""};
}

Dims sizes_of(const Places& places) {
  Dims sizes;
  for (const std::vector<int64_t>& along : places) sizes.push_back(static_cast<int64_t>(along.size()));
  return sizes;
}

}  // namespace

std::optional<Composition> compose_scatter_nd(const Translation& t, const Node& node) {
  want_no_reduction(node);
  const Dims dims = dims_of_input(t, node, 0);
  const Constant& indices = need_integers(t, node, 1, "its list of indices");
  const std::vector<int64_t> begins = block_begins(indices, dims);
  const auto axes = static_cast<size_t>(indices.dims.back());
  Composer c(t, node);
  if (begins.empty()) {  // it writes nothing
    c.finish("Identity", {node.inputs[0]});
    return c.take();
  }
  const auto places = places_of(begins, dims, axes);
  if (!places) throw Unmapped{kWhy, ""};
  return scattered(c, node.inputs[0], dims, c.reshape(node.inputs.at(2), sizes_of(*places)), *places);
}

// With indices that say the same at all places of the other axes.
std::optional<Composition> compose_scatter_elements(const Translation& t, const Node& node) {
  want_no_reduction(node);
  const Dims dims = dims_of_input(t, node, 0);
  const Constant& indices = need_integers(t, node, 1, "its list of indices");
  const size_t axis = axis_of(integer(node, "axis", 0), dims.size());
  if (indices.dims.size() != dims.size() || elements(indices.dims) == 0) throw Unmapped{kWhy, ""};
  Places places(dims.size());
  for (size_t i = 0; i < dims.size(); ++i) {
    places[i].resize(static_cast<size_t>(indices.dims[i]));
    std::iota(places[i].begin(), places[i].end(), int64_t{0});
    if (indices.dims[i] > dims[i]) throw Unmapped{kWhy, ""};
  }
  const auto inner = static_cast<size_t>(strides_of(indices.dims)[axis]), count = places[axis].size();
  const std::vector<int64_t> all = from_front(*indices.integers, dims[axis]);
  for (size_t i = 0; i < count; ++i) places[axis][i] = all[i * inner];
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i] != places[axis][i / inner % count]) throw Unmapped{kWhy, ""};
  std::vector<int64_t> sorted = places[axis];
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) throw Unmapped{kWhy, ""};
  Composer c(t, node);
  return scattered(c, node.inputs[0], dims, node.inputs.at(2), places);
}

}  // namespace cnnc::onnx
