#include "onnx/dims.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "onnx/attributes.h"
#include "onnx/unmapped.h"
#include "support/checked.h"

namespace cnnc::onnx {
namespace {

// Numbers that come as an attribute in old opsets and as an input in new ones.
std::vector<int64_t> attribute_or_input(const Node& node, const std::string& name, const Constant* input) {
  if (!input) return integers(node, name, {});
  if (!input->integers)
    throw Unmapped{fmt::format("its input '{}' is of type {}, not whole numbers", name, input->type), ""};
  return *input->integers;
}

// No operator of a network needs more; and what is done for each pair of dimensions stays cheap.
constexpr size_t kRank = 32;

void want_rank(size_t rank) {
  if (rank > kRank)
    throw Unmapped{fmt::format("it makes a tensor of {} dimensions; at most {} are understood", rank, kRank),
                   ""};
}

std::vector<bool> marked(const std::vector<int64_t>& axes, size_t rank) {
  std::vector<bool> marks(rank);
  for (const size_t axis : axes_of(axes, rank)) marks[axis] = true;
  return marks;
}

const Constant* at(const std::vector<const Constant*>& inputs, size_t index) {
  return index < inputs.size() ? inputs[index] : nullptr;
}

}  // namespace

// Dimensions of no element count as 1 until the end, so that the product of any of the dimensions fits.
int64_t checked_elements(const Dims& dims) {
  want_rank(dims.size());
  int64_t product = 1;
  bool is_empty = false;
  for (const int64_t dim : dims) {
    const auto next = checked_multiply(product, std::max<int64_t>(dim, 1));
    if (dim < 0 || !next) throw Unmapped{fmt::format("it would have {} elements", to_string(dims)), ""};
    product = *next;
    is_empty = is_empty || dim == 0;
  }
  return is_empty ? 0 : product;
}

size_t axis_of(int64_t axis, size_t rank) {
  const auto dims = static_cast<int64_t>(rank);
  if (axis < -dims || axis >= dims)
    throw Unmapped{fmt::format("its axis {} does not exist: the input has {} dimensions", axis, rank), ""};
  return static_cast<size_t>(axis < 0 ? axis + dims : axis);
}

std::vector<size_t> axes_of(const std::vector<int64_t>& axes, size_t rank) {
  want_rank(rank);
  std::vector<size_t> result;
  for (const int64_t axis : axes) {
    result.push_back(axis_of(axis, rank));
    if (std::count(result.begin(), result.end(), result.back()) > 1)
      throw Unmapped{fmt::format("its axis {} is listed twice", axis), ""};
  }
  return result;
}

std::vector<int64_t> from_front(std::vector<int64_t> indices, int64_t size) {
  for (int64_t& index : indices) {
    if (index < -size || index >= size)
      throw Unmapped{fmt::format("its index {} is outside of an axis of {} elements", index, size), ""};
    if (index < 0) index += size;
  }
  return indices;
}

std::vector<int64_t> strides_of(const Dims& dims) {
  std::vector<int64_t> strides(dims.size());
  int64_t stride = 1;
  for (size_t i = dims.size(); i-- > 0; stride *= std::max<int64_t>(dims[i], 1)) strides[i] = stride;
  return strides;
}

std::vector<int64_t> block_begins(const Constant& indices, const Dims& dims) {
  const int64_t depth = indices.dims.empty() ? 0 : indices.dims.back();
  if (depth < 1 || depth > static_cast<int64_t>(dims.size()))
    throw Unmapped{fmt::format("its indices of {} name no places of a tensor of {}", to_string(indices.dims),
                               to_string(dims)),
                   ""};
  const std::vector<int64_t> strides = strides_of(dims);
  std::vector<int64_t> begins(indices.integers->size() / static_cast<size_t>(depth));
  for (size_t i = 0; i < indices.integers->size(); ++i) {
    const size_t axis = i % static_cast<size_t>(depth);
    begins[i / static_cast<size_t>(depth)] +=
        from_front({(*indices.integers)[i]}, dims[axis])[0] * strides[axis];
  }
  return begins;
}

std::vector<int64_t> axes_of(const Node& node, const Constant* input) {
  return attribute_or_input(node, "axes", input);
}

Dims reshaped(const Dims& from, const std::vector<int64_t>& wanted, bool zero_is_zero) {
  want_rank(wanted.size());
  Dims result = wanted;
  for (size_t i = 0; i < result.size(); ++i)
    if (result[i] == 0 && !zero_is_zero) {
      if (i >= from.size())
        throw Unmapped{fmt::format("its shape keeps dimension {}, and the input has {}", i, from.size()), ""};
      result[i] = from[i];
    }
  const int64_t elements = checked_elements(from);
  const auto open = std::find(result.begin(), result.end(), -1);
  if (open != result.end()) {
    *open = 1;
    const int64_t rest = checked_elements(result);
    if (rest > 0 && elements % rest == 0) *open = elements / rest;
  }
  if (checked_elements(result) != elements)
    throw Unmapped{fmt::format("{} cannot be reshaped to {}: the number of elements is another",
                               to_string(from), to_string(wanted)),
                   ""};
  return result;
}

Dims flattened(const Dims& from, int64_t axis) {
  const size_t at = axis == static_cast<int64_t>(from.size()) ? from.size() : axis_of(axis, from.size());
  const auto middle = from.begin() + static_cast<std::ptrdiff_t>(at);
  return {checked_elements({from.begin(), middle}), checked_elements({middle, from.end()})};
}

Dims squeezed(const Dims& from, const std::vector<int64_t>& axes) {
  const std::vector<bool> marks = marked(axes, from.size());
  Dims result;
  for (size_t i = 0; i < from.size(); ++i) {
    if (marks[i] && from[i] != 1)
      throw Unmapped{fmt::format("it takes away axis {}, which has {} elements", i, from[i]), ""};
    if (axes.empty() ? from[i] != 1 : !marks[i]) result.push_back(from[i]);
  }
  return result;
}

Dims unsqueezed(const Dims& from, const std::vector<int64_t>& axes) {
  const size_t rank = from.size() + axes.size();
  const std::vector<bool> marks = marked(axes, rank);
  Dims result;
  auto next = from.begin();
  for (size_t i = 0; i < rank; ++i) result.push_back(marks[i] ? 1 : *next++);
  return result;
}

std::vector<int64_t> order_of(const Node& node, size_t rank) {
  std::vector<int64_t> reversed(rank);
  std::iota(reversed.rbegin(), reversed.rend(), 0);
  std::vector<int64_t> order = integers(node, "perm", reversed);
  std::vector<int64_t> sorted = order;
  std::sort(sorted.rbegin(), sorted.rend());
  if (sorted != reversed)
    throw Unmapped{fmt::format("its attribute 'perm' is no order of {} dimensions", rank), ""};
  return order;
}

Dims broadcast(const Dims& a, const Dims& b) {
  Dims result(std::max(a.size(), b.size()), 1);
  for (size_t i = 0; i < result.size(); ++i) {
    const int64_t from_a = i < a.size() ? a[a.size() - 1 - i] : 1;
    const int64_t from_b = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (from_a != from_b && from_a != 1 && from_b != 1)
      throw Unmapped{fmt::format("its inputs of {} and {} do not fit each other", to_string(a), to_string(b)),
                     ""};
    result[result.size() - 1 - i] = from_a == 1 ? from_b : from_a;
  }
  return result;
}

// Starts and ends below 0 count from the end; beyond the axis they are its first or last element.
Range range_of(int64_t start, int64_t end, int64_t step, int64_t size) {
  if (step == 0) throw Unmapped{"its step is 0", ""};
  const bool forward = step > 0;
  const auto place = [&](int64_t i) {
    if (i < 0) i = i < -size ? -1 : i + size;
    return forward ? std::clamp<int64_t>(i, 0, size) : std::clamp<int64_t>(i, -1, size - 1);
  };
  const int64_t begin = place(start);
  // A step that is larger than the axis takes one element, whatever its size.
  step = std::clamp(step, -size - 1, size + 1);
  const int64_t distance = forward ? place(end) - begin : begin - place(end);
  const int64_t stride = forward ? step : -step;
  return {begin, step, distance <= 0 ? 0 : (distance + stride - 1) / stride};
}

std::vector<Range> ranges_of(const Node& node, const std::vector<const Constant*>& inputs, const Dims& dims) {
  const std::vector<int64_t> starts = attribute_or_input(node, "starts", at(inputs, 1));
  const std::vector<int64_t> ends = attribute_or_input(node, "ends", at(inputs, 2));
  std::vector<int64_t> axes = axes_of(node, at(inputs, 3));
  std::vector<int64_t> steps = attribute_or_input(node, "steps", at(inputs, 4));
  if (axes.empty())
    for (size_t i = 0; i < starts.size(); ++i) axes.push_back(static_cast<int64_t>(i));
  if (steps.empty()) steps.assign(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    throw Unmapped{fmt::format("it has {} starts, {} ends, {} axes and {} steps", starts.size(), ends.size(),
                               axes.size(), steps.size()),
                   ""};
  std::vector<Range> ranges;
  for (const int64_t dim : dims) ranges.push_back({0, 1, dim});
  const std::vector<size_t> which = axes_of(axes, dims.size());
  for (size_t i = 0; i < which.size(); ++i)
    ranges[which[i]] = range_of(starts[i], ends[i], steps[i], dims[which[i]]);
  return ranges;
}

Constant shape_constant(const Node& node, const Dims& dims) {
  const auto rank = static_cast<int64_t>(dims.size());
  const Range range = range_of(integer(node, "start", 0), integer(node, "end", rank), 1, rank);
  const auto begin = dims.begin() + range.begin;
  const std::vector<int64_t> values(begin, begin + range.count);
  return {"int64", {range.count}, nullptr, std::make_shared<const std::vector<int64_t>>(values)};
}

std::vector<int64_t> padding_of_all(const Node& node, const Constant* pads, const Constant* axes,
                                    size_t rank) {
  const std::vector<int64_t> given = attribute_or_input(node, "pads", pads);
  std::vector<size_t> which(rank);
  std::iota(which.begin(), which.end(), 0);
  if (axes) which = axes_of(axes_of(node, axes), rank);
  if (given.size() != 2 * which.size())
    throw Unmapped{fmt::format("it has {} numbers of padding for {} {}", given.size(), which.size(),
                               axes ? "axes" : "dimensions"),
                   ""};
  std::vector<int64_t> all(2 * rank, 0);
  for (size_t i = 0; i < which.size(); ++i) {
    all[which[i]] = given[i];
    all[rank + which[i]] = given[which.size() + i];
  }
  return all;
}

// Since opset 18: so many parts, of which the last is smaller where they do not divide the axis.
std::vector<int64_t> counted_parts(int64_t count, int64_t size) {
  const int64_t part = count > 0 ? (size - 1) / count + 1 : 0;
  if (count <= 0 || size <= 0 || (count - 1) * part > size)
    throw Unmapped{fmt::format("an axis of {} elements has no {} parts", size, count), ""};
  std::vector<int64_t> parts(static_cast<size_t>(count), part);
  parts.back() = size - (count - 1) * part;
  return parts;
}

std::vector<int64_t> parts_of(const Node& node, const Constant* input, int64_t size) {
  std::vector<int64_t> parts = attribute_or_input(node, "split", input);
  const auto outputs = static_cast<int64_t>(node.outputs.size());
  const int64_t count = integer(node, "num_outputs", 0);
  if (count != 0 && parts.empty()) {
    if (count != outputs)
      throw Unmapped{fmt::format("its 'num_outputs' is {}, and it has {} outputs", count, outputs), ""};
    parts = counted_parts(count, size);
  }
  if (parts.empty()) {
    if (outputs == 0 || size % outputs != 0)
      throw Unmapped{fmt::format("an axis of {} elements has no {} equal parts", size, outputs), ""};
    parts.assign(static_cast<size_t>(outputs), size / outputs);
  }
  int64_t rest = size;
  for (const int64_t part : parts)
    if (part < 0 || part > rest)
      rest = -1;
    else if (rest >= 0)
      rest -= part;
  if (rest != 0 || static_cast<int64_t>(parts.size()) != outputs)
    throw Unmapped{fmt::format("its {} parts do not make up an axis of {} elements", to_string(parts), size),
                   ""};
  return parts;
}

}  // namespace cnnc::onnx
