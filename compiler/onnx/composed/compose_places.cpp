// What depends on where an element stands along an axis.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "onnx/attributes.h"
#include "onnx/composed/composition.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

int64_t single_integer(const Translation& t, const Node& node, size_t index, const char* what) {
  const Constant& c = need_integers(t, node, index, what);
  if (c.integers->size() != 1)
    throw Unmapped{fmt::format("{} has {} values; one is expected", what, c.integers->size()), ""};
  return c.integers->front();
}

// The axes in their order, but these two exchanged.
std::vector<int64_t> exchanged(size_t rank, size_t a, size_t b) {
  std::vector<int64_t> order(rank);
  std::iota(order.begin(), order.end(), int64_t{0});
  std::swap(order.at(a), order.at(b));
  return order;
}

// 1 where element i of a row counts for element j of the result.
std::vector<float> sums_of(int64_t size, bool is_reverse, bool is_exclusive) {
  want_few(size * size);
  std::vector<float> counts;
  for (int64_t i = 0; i < size; ++i)
    for (int64_t j = 0; j < size; ++j) {
      const bool counts_before = is_reverse ? i > j : i < j;
      counts.push_back(counts_before || (i == j && !is_exclusive) ? 1.0F : 0.0F);
    }
  return counts;
}

// Whether the elements are places along an axis, and so not negative.
bool is_place(const Translation& t, const Node& node, size_t index) {
  const auto* view = std::get_if<View>(&input(t, node, index));
  if (!view) return false;
  const std::string& op = t.graph.nodes[static_cast<size_t>(view->node)].op;
  return op == "argmax" || op == "argmin";
}

}  // namespace

// A crop or padding with zeros on both sides; of an odd difference, one more behind.
std::optional<Composition> compose_center_crop_pad(const Translation& t, const Node& node) {
  const Dims dims = dims_of_input(t, node, 0);
  const Constant& shape = need_integers(t, node, 1, "its shape");
  std::vector<int64_t> all(dims.size());
  std::iota(all.begin(), all.end(), int64_t{0});
  const std::vector<size_t> axes = axes_of(integers(node, "axes", all), dims.size());
  if (axes.size() != shape.integers->size())
    throw Unmapped{fmt::format("its shape has {} sizes for {} axes", shape.integers->size(), axes.size()),
                   ""};
  Dims begins, ends, cut, ones, pads(2 * dims.size(), 0);
  for (size_t i = 0; i < axes.size(); ++i) {
    const int64_t size = dims[axes[i]], wanted = (*shape.integers)[i];
    if (wanted < 1 || wanted > (int64_t{1} << 31))
      throw Unmapped{fmt::format("its shape has a size of {}", wanted), ""};
    const int64_t before = std::max<int64_t>(size - wanted, 0) / 2,
                  more = std::max<int64_t>(wanted - size, 0);
    begins.push_back(before);
    ends.push_back(before + std::min(size, wanted));
    cut.push_back(static_cast<int64_t>(axes[i]));
    ones.push_back(1);
    pads[axes[i]] = more / 2;
    pads[dims.size() + axes[i]] = more - more / 2;
  }
  Composer c(t, node);
  const std::string part = c.slice(node.inputs[0], begins, ends, cut, ones);
  c.finish("Pad", {part, c.whole(pads)});
  return c.take();
}

// A product with a triangle of ones.
std::optional<Composition> compose_cumsum(const Translation& t, const Node& node) {
  const Dims dims = dims_of_input(t, node, 0);
  const size_t axis = axis_of(single_integer(t, node, 1, "its axis"), dims.size()), last = dims.size() - 1;
  const std::vector<float> sums =
      sums_of(dims[axis], integer(node, "reverse", 0) != 0, integer(node, "exclusive", 0) != 0);
  Composer c(t, node);
  const std::vector<int64_t> order = exchanged(dims.size(), axis, last);
  const std::string rows = c.transpose(node.inputs[0], order);
  const std::string product = c.add("MatMul", {rows, c.floats(sums, {dims[axis], dims[axis]})});
  c.finish("Transpose", {product}, {{"perm", order}});
  return c.take();
}

// With indices that say the same at all places of the other axes, as those that are expanded do.
std::optional<Composition> compose_gather_elements(const Translation& t, const Node& node) {
  const Dims dims = dims_of_input(t, node, 0);
  const Constant& indices = need_integers(t, node, 1, "its list of indices");
  const size_t axis = axis_of(integer(node, "axis", 0), dims.size());
  Dims others = dims;
  if (indices.dims.size() == dims.size()) others[axis] = indices.dims[axis];
  const int64_t inner = strides_of(indices.dims)[axis], count = indices.dims.at(axis);
  std::vector<int64_t> wanted;
  for (int64_t i = 0; i < count; ++i) wanted.push_back((*indices.integers)[static_cast<size_t>(i * inner)]);
  for (size_t i = 0; i < indices.integers->size(); ++i)
    if ((*indices.integers)[i] != wanted[(i / static_cast<size_t>(inner)) % static_cast<size_t>(count)] ||
        others != indices.dims)
      throw Unmapped{"its indices choose other elements at each place of the other axes", ""};
  Composer c(t, node);
  c.finish("Gather", {node.inputs[0], c.whole(wanted)}, {{"axis", static_cast<int64_t>(axis)}});
  return c.take();
}

// 1 at the first of the greatest, 0 elsewhere. Before opset 13, along all axes from that one on.
std::optional<Composition> compose_hardmax(const Translation& t, const Node& node) {
  const Dims dims = dims_of_input(t, node, 0);
  const size_t axis = axis_of(integer(node, "axis", t.opset < 13 ? 1 : -1), dims.size());
  for (size_t i = axis + 1; i < dims.size() && t.opset < 13; ++i)
    if (dims[i] != 1)
      throw Unmapped{"it has one 1 in several dimensions, as before opset 13",
                     "export the model with a newer opset"};
  Composer c(t, node);
  const std::string place = c.add("ArgMax", {node.inputs[0]}, {{"axis", static_cast<int64_t>(axis)}});
  const std::string is_it = c.add("Equal", {place, places_along(c, dims[axis], axis, dims.size())});
  c.finish("Cast", {is_it}, {{"to", int64_t{1}}});
  return c.take();
}

// off + (on - off) [index = place]; an index below 0 counts from the end.
std::optional<Composition> compose_one_hot(const Translation& t, const Node& node) {
  const size_t rank = dims_of_input(t, node, 0).size() + 1;
  const size_t axis = axis_of(integer(node, "axis", -1), rank);
  const int64_t depth = single_integer(t, node, 1, "its depth");
  if (depth < 1) throw Unmapped{fmt::format("its depth is {}", depth), ""};
  const Constant* values = constant_input(t, node, 2);
  if (!values || elements(values->dims) != 2) throw Unmapped{"its values are no constant of two", ""};
  const auto value = [&](size_t i) {
    return values->floats ? values->floats->at(i) : static_cast<float>(values->integers->at(i));
  };
  Composer c(t, node);
  const std::string index = c.add("Unsqueeze", {node.inputs[0], c.whole({static_cast<int64_t>(axis)})});
  const std::string places = places_along(c, depth, axis, rank);
  std::string is_it = c.add("Equal", {index, places});
  if (!is_place(t, node, 0)) {
    const std::string from_end = c.add("Sub", {places, c.number(static_cast<float>(depth))});
    is_it = c.add("Or", {is_it, c.add("Equal", {index, from_end})});
  }
  const std::string one = c.add("Cast", {is_it}, {{"to", int64_t{1}}});
  if (value(0) == 0 && value(1) == 1) {
    c.finish("Identity", {one});
    return c.take();
  }
  c.finish("Add", {c.add("Mul", {one, c.number(value(1) - value(0))}), c.number(value(0))});
  return c.take();
}

// The first elements backwards, the rest as it is, of one sequence.
std::optional<Composition> compose_reverse_sequence(const Translation& t, const Node& node) {
  const Dims dims = dims_of_input(t, node, 0);
  const size_t batch = axis_of(integer(node, "batch_axis", 1), dims.size());
  const size_t time = axis_of(integer(node, "time_axis", 0), dims.size());
  if (dims[batch] != 1)
    throw Unmapped{fmt::format("it has {} sequences, of lengths of their own", dims[batch]), ""};
  const int64_t length = single_integer(t, node, 1, "its list of lengths"), size = dims[time];
  if (length < 0 || length > size)
    throw Unmapped{fmt::format("its length is {}, and its sequence has {} elements", length, size), ""};
  const auto axis = static_cast<int64_t>(time);
  Composer c(t, node);
  const std::string first =
      c.slice(node.inputs[0], {length - 1}, {std::numeric_limits<int64_t>::min()}, {axis}, {-1});
  if (length < 2)
    c.finish("Identity", {node.inputs[0]});
  else if (length == size)
    c.finish("Identity", {first});
  else
    c.finish("Concat", {first, c.slice(node.inputs[0], {length}, {size}, {axis}, {1})}, {{"axis", axis}});
  return c.take();
}

// The greatest (or least) k times, each time without those that were found.
std::optional<Composition> compose_top_k(const Translation& t, const Node& node) {
  constexpr int64_t kMost = 16;
  const Dims dims = dims_of_input(t, node, 0);
  const int64_t k = t.opset < 10 ? integer(node, "k", 1) : single_integer(t, node, 1, "its k");
  const auto axis = static_cast<int64_t>(axis_of(integer(node, "axis", -1), dims.size()));
  const bool is_largest = integer(node, "largest", 1) != 0;
  if (k < 1 || k > kMost || k > dims[static_cast<size_t>(axis)])
    throw Unmapped{
        fmt::format("it sorts out the first {}; up to {} can be found one after the other", k, kMost), ""};
  Composer c(t, node);
  std::string x = node.inputs[0];
  std::vector<std::string> values, places;
  for (int64_t i = 0; i < k; ++i) {
    const std::map<std::string, Attribute> along = {{"axis", axis}, {"keepdims", int64_t{1}}};
    values.push_back(
        c.add(is_largest ? "ReduceMax" : "ReduceMin", {x}, {{"axes", std::vector<int64_t>{axis}}}));
    places.push_back(c.add(is_largest ? "ArgMax" : "ArgMin", {x}, along));
    const std::string all =
        places_along(c, dims[static_cast<size_t>(axis)], static_cast<size_t>(axis), dims.size());
    const std::string found = c.add("Equal", {places.back(), all});
    if (i + 1 < k) x = c.add("Where", {found, c.number(is_largest ? -kInfinity : kInfinity), x});
  }
  c.finish("Concat", values, {{"axis", axis}});
  c.finish("Concat", places, {{"axis", axis}}, 1);
  return c.take();
}

// Zeros above (or below) the diagonal k of the last two axes.
std::optional<Composition> compose_trilu(const Translation& t, const Node& node) {
  const Dims dims = dims_of_input(t, node, 0);
  if (dims.size() < 2) return std::nullopt;
  const int64_t k = has_input(node, 1) ? single_integer(t, node, 1, "its k") : 0;
  const int64_t rows = dims[dims.size() - 2], columns = dims.back();
  const bool is_upper = integer(node, "upper", 1) != 0;
  want_few(rows * columns);
  std::vector<int64_t> stays;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) stays.push_back((is_upper ? j - i >= k : j - i <= k) ? 1 : 0);
  Composer c(t, node);
  c.finish("Where", {c.whole(std::move(stays), {rows, columns}), node.inputs[0], c.number(0)});
  return c.take();
}

}  // namespace cnnc::onnx
