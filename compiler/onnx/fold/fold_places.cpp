// Constants that are computed along an axis, or at places that other constants name.
#include <fmt/format.h>

#include <algorithm>

#include "onnx/attributes.h"
#include "onnx/fold/fold_parts.h"
#include "onnx/unmapped.h"
#include "support/checked.h"

namespace cnnc::onnx {
namespace {

using Wide = double;  // what floats are summed in

int64_t sum_of(int64_t a, int64_t b) {
  const auto sum = checked_add(a, b);
  if (!sum) throw Unmapped{"its whole numbers have no result of 64 bits", ""};
  return *sum;
}

Wide sum_of(Wide a, float b) {
  return a + b;
}

// The elements at `first`, `first + step`, …, each with all those that `reverse` has in front or behind
// added.
template <class T>
void accumulate(std::vector<T>& values, int64_t first, int64_t step, int64_t count, bool reverse,
                bool exclusive) {
  std::conditional_t<std::is_same_v<T, float>, Wide, int64_t> sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    T& value = values[static_cast<size_t>(first + (reverse ? count - 1 - i : i) * step)];
    const auto with_it = sum_of(sum, value);
    value = static_cast<T>(exclusive ? sum : with_it);
    sum = with_it;
  }
}

}  // namespace

Constants fold_cumsum(Folding& f) {
  const Constant& c = need(f, 0);
  const std::vector<int64_t>& axes = need_integers(f, 1);
  if (axes.size() != 1) throw Unmapped{"its axis is no single number", ""};
  const size_t axis = axis_of(axes[0], c.dims.size());
  const int64_t total = spend_elements(f, c.dims), size = c.dims[axis], step = strides_of(c.dims)[axis];
  const bool reverse = integer(f.node, "reverse", 0) != 0, exclusive = integer(f.node, "exclusive", 0) != 0;
  return {with_values(c, c.dims, [&](auto values) {
    for (int64_t outer = 0; outer < total; outer += size * step)
      for (int64_t inner = 0; inner < step; ++inner)
        accumulate(values, outer + inner, step, size, reverse, exclusive);
    return values;
  })};
}

Constants fold_gather_nd(Folding& f) {
  const Constant &data = need(f, 0), &indices = need(f, 1);
  if (integer(f.node, "batch_dims", 0) != 0)
    throw Unmapped{"it has indices of its own for each of a batch", ""};
  need_integers(f, 1);
  const std::vector<int64_t> begins = block_begins(indices, data.dims);
  const Dims block(data.dims.begin() + indices.dims.back(), data.dims.end());
  Dims dims(indices.dims.begin(), indices.dims.end() - 1);
  dims.insert(dims.end(), block.begin(), block.end());
  spend_elements(f, dims);
  const int64_t length = elements(block);
  return {with_values(data, dims, [&](const auto& from) {
    std::decay_t<decltype(from)> to;
    for (const int64_t begin : begins)
      to.insert(to.end(), from.begin() + begin, from.begin() + begin + length);
    return to;
  })};
}

// The places of elements that are not 0: a row for each axis.
Constants fold_non_zero(Folding& f) {
  const Constant& c = need(f, 0);
  const int64_t count = spend_elements(f, c.dims);
  std::vector<int64_t> found;
  for (int64_t i = 0; i < count; ++i)
    if (c.floats ? (*c.floats)[static_cast<size_t>(i)] != 0 : (*c.integers)[static_cast<size_t>(i)] != 0)
      found.push_back(i);
  const Dims dims = c.dims.empty() ? Dims{1} : c.dims;
  const std::vector<int64_t> strides = strides_of(dims);
  spend_elements(f, {static_cast<int64_t>(dims.size()), static_cast<int64_t>(found.size())});
  std::vector<int64_t> places;
  for (size_t axis = 0; axis < dims.size(); ++axis)
    for (const int64_t place : found) places.push_back(place / strides[axis] % dims[axis]);
  return {constant_of(std::move(places),
                      {static_cast<int64_t>(dims.size()), static_cast<int64_t>(found.size())})};
}

Constants fold_scatter_nd(Folding& f) {
  const Constant &data = need(f, 0), &indices = need(f, 1), &updates = need(f, 2);
  if (const std::string how = word(f.node, "reduction", "none"); how != "none")
    throw Unmapped{fmt::format("its reduction '{}' is not computed", how), ""};
  need_integers(f, 1);
  const std::vector<int64_t> begins = block_begins(indices, data.dims);
  const Dims block(data.dims.begin() + indices.dims.back(), data.dims.end());
  Dims expected(indices.dims.begin(), indices.dims.end() - 1);
  expected.insert(expected.end(), block.begin(), block.end());
  if (updates.dims != expected || !updates.floats != !data.floats)
    throw Unmapped{fmt::format("its updates are {}, not {}", to_string(updates.dims), to_string(expected)),
                   ""};
  spend_elements(f, data.dims);
  const int64_t length = elements(block);
  return {with_values(data, data.dims, [&](auto values) {
    const auto& from =
        *std::get<const decltype(values)*>(std::make_tuple(updates.floats.get(), updates.integers.get()));
    for (size_t i = 0; i < begins.size(); ++i)
      std::copy_n(from.begin() + static_cast<int64_t>(i) * length, length, values.begin() + begins[i]);
    return values;
  })};
}

}  // namespace cnnc::onnx
