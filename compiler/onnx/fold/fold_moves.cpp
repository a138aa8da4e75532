// The elements of constants under other dimensions and in other places.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "onnx/attributes.h"
#include "onnx/fold/fold_parts.h"
#include "onnx/unmapped.h"
#include "support/checked.h"

namespace cnnc::onnx {
namespace {

// The part of the constant that the ranges make up, one for each axis.
Constant sliced(Folding& f, const Constant& c, const std::vector<Range>& ranges) {
  const std::vector<int64_t> own = strides_of(c.dims);
  Dims dims;
  std::vector<int64_t> strides;
  int64_t first = 0;
  bool is_whole = true;
  for (size_t i = 0; i < ranges.size(); ++i) {
    dims.push_back(ranges[i].count);
    strides.push_back(own[i] * ranges[i].step);
    first += own[i] * ranges[i].begin;
    is_whole = is_whole && ranges[i].count == c.dims[i] && ranges[i].step == 1;
  }
  return is_whole ? c : strided(f, c, dims, strides, first);
}

std::vector<Range> whole(const Dims& dims) {
  std::vector<Range> ranges;
  for (const int64_t dim : dims) ranges.push_back({0, 1, dim});
  return ranges;
}

// The product of the dimensions [begin, end), of those that were checked.
int64_t product(const Dims& dims, size_t begin, size_t end) {
  return elements(
      {dims.begin() + static_cast<std::ptrdiff_t>(begin), dims.begin() + static_cast<std::ptrdiff_t>(end)});
}

// For each place along an axis of the padded tensor, where it comes from; -1: it is the constant.
std::vector<int64_t> sources(const std::string& mode, int64_t before, int64_t size, int64_t result) {
  std::vector<int64_t> from;
  for (int64_t at = 0; at < result; ++at) {
    int64_t i = at - before;
    if (mode == "edge") i = std::clamp<int64_t>(i, 0, size - 1);
    if (mode == "reflect") i = i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i;
    from.push_back(i >= 0 && i < size ? i : -1);
  }
  return from;
}

struct Padded {
  Dims dims;
  std::vector<int64_t> before;
};

// How much of an axis a mode can add on one side; less than nothing takes elements away.
bool can_pad(const std::string& mode, int64_t pad, int64_t size) {
  if (mode == "reflect" && pad >= std::max<int64_t>(size, 1)) return false;
  return pad >= -size && (mode == "constant" || pad <= 0 || size > 0);
}

Padded padded(const Constant& c, const std::vector<int64_t>& pads, const std::string& mode) {
  const size_t rank = c.dims.size();
  if (pads.size() != 2 * rank)
    throw Unmapped{fmt::format("it has {} numbers of padding for {} dimensions", pads.size(), rank), ""};
  Padded result;
  for (size_t i = 0; i < rank; ++i) {
    const auto sum = checked_add(pads[i], pads[rank + i]);
    const auto dim = sum ? checked_add(c.dims[i], *sum) : std::nullopt;
    const bool is_possible = can_pad(mode, pads[i], c.dims[i]) && can_pad(mode, pads[rank + i], c.dims[i]);
    if (!dim || *dim < 0 || !is_possible)
      throw Unmapped{fmt::format("its padding {} has no meaning", to_string(pads)), ""};
    result.dims.push_back(*dim);
    result.before.push_back(pads[i]);
  }
  return result;
}

// What is put around, 0 where nothing says so.
double padding_value(const Folding& f) {
  if (!optional(f, 2)) return real(f.node, "value", 0);
  const Constant& c = need(f, 2);
  if (checked_elements(c.dims) != 1)
    throw Unmapped{fmt::format("its padding value is no single number, but {}", to_string(c.dims)), ""};
  return c.floats ? static_cast<double>((*c.floats)[0]) : static_cast<double>((*c.integers)[0]);
}

}  // namespace

Constants fold_reshape(Folding& f) {
  const Constant& c = need(f, 0);
  return {with_dims(c, reshaped(c.dims, need_integers(f, 1), integer(f.node, "allowzero", 0) != 0))};
}

Constants fold_flatten(Folding& f) {
  const Constant& c = need(f, 0);
  return {with_dims(c, flattened(c.dims, integer(f.node, "axis", 1)))};
}

Constants fold_squeeze(Folding& f) {
  const Constant& c = need(f, 0);
  return {with_dims(c, squeezed(c.dims, axes_of(f.node, optional(f, 1))))};
}

Constants fold_unsqueeze(Folding& f) {
  const Constant& c = need(f, 0);
  return {with_dims(c, unsqueezed(c.dims, axes_of(f.node, optional(f, 1))))};
}

Constants fold_transpose(Folding& f) {
  const Constant& c = need(f, 0);
  const std::vector<int64_t> order = order_of(f.node, c.dims.size()), own = strides_of(c.dims);
  Dims dims;
  std::vector<int64_t> strides;
  for (const int64_t axis : order) {
    dims.push_back(c.dims[static_cast<size_t>(axis)]);
    strides.push_back(own[static_cast<size_t>(axis)]);
  }
  return {strided(f, c, dims, strides)};
}

Constants fold_slice(Folding& f) {
  const Constant& c = need(f, 0);
  return {sliced(f, c, ranges_of(f.node, f.inputs, c.dims))};
}

Constants fold_split(Folding& f) {
  const Constant& c = need(f, 0);
  const size_t axis = axis_of(integer(f.node, "axis", 0), c.dims.size());
  Constants parts;
  int64_t begin = 0;
  for (const int64_t part : parts_of(f.node, optional(f, 1), c.dims[axis])) {
    std::vector<Range> ranges = whole(c.dims);
    ranges[axis] = {begin, 1, part};
    parts.push_back(sliced(f, c, ranges));
    begin += part;
  }
  return parts;
}

Constants fold_expand(Folding& f) {
  const Constant& c = need(f, 0);
  return {expanded(f, c, broadcast(c.dims, need_integers(f, 1)))};
}

// Each dimension becomes two, the repeats and itself.
Constants fold_tile(Folding& f) {
  const Constant& c = need(f, 0);
  const std::vector<int64_t>& repeats = need_integers(f, 1);
  if (repeats.size() != c.dims.size())
    throw Unmapped{fmt::format("it has {} repeats for {} dimensions", repeats.size(), c.dims.size()), ""};
  const std::vector<int64_t> own = strides_of(c.dims);
  Dims pairs, dims;
  std::vector<int64_t> strides;
  for (size_t i = 0; i < repeats.size(); ++i) {
    dims.push_back(checked_elements({repeats[i], c.dims[i]}));
    pairs.insert(pairs.end(), {repeats[i], c.dims[i]});
    strides.insert(strides.end(), {0, own[i]});
  }
  return {with_dims(strided(f, c, pairs, strides), dims)};
}

Constants fold_gather(Folding& f) {
  const Constant& c = need(f, 0);
  const size_t axis = axis_of(integer(f.node, "axis", 0), c.dims.size());
  const std::vector<int64_t> indices = from_front(need_integers(f, 1), c.dims[axis]);
  Dims dims = c.dims;
  dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(axis));
  dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(axis), f.inputs[1]->dims.begin(),
              f.inputs[1]->dims.end());
  const int64_t elements = spend_elements(f, dims), inner = product(c.dims, axis + 1, c.dims.size());
  const int64_t outer = elements == 0 ? 0 : product(c.dims, 0, axis);
  return {with_values(c, dims, [&](const auto& from) {
    std::decay_t<decltype(from)> to;
    for (int64_t o = 0; o < outer; ++o)
      for (const int64_t index : indices) {
        const auto begin = from.begin() + (o * c.dims[axis] + index) * inner;
        to.insert(to.end(), begin, begin + inner);
      }
    return to;
  })};
}

Constants fold_concat(Folding& f) {
  const Constant& first = need(f, 0);
  const size_t axis = axis_of(integer(f.node, "axis", 0), first.dims.size());
  Dims dims = first.dims;
  for (size_t i = 1; i < f.inputs.size(); ++i) {
    Dims other = need(f, i).dims;
    int64_t joined = 0;
    if (other.size() == dims.size()) joined = std::exchange(other[axis], first.dims[axis]);
    if (other != first.dims || !f.inputs[i]->floats != !first.floats)
      throw Unmapped{fmt::format("its inputs of {} and {} cannot be joined along axis {}",
                                 to_string(first.dims), to_string(f.inputs[i]->dims), axis),
                     ""};
    dims[axis] += joined;
  }
  const int64_t elements = spend_elements(f, dims), inner = product(dims, axis + 1, dims.size());
  const int64_t outer = elements == 0 ? 0 : product(dims, 0, axis);
  return {with_values(first, dims, [&](const auto& values) {
    std::decay_t<decltype(values)> to;
    for (int64_t o = 0; o < outer; ++o)
      for (const Constant* c : f.inputs) {
        const auto* from = std::get<const std::decay_t<decltype(values)>*>(
            std::make_tuple(c->floats.get(), c->integers.get()));
        const int64_t length = c->dims[axis] * inner;
        to.insert(to.end(), from->begin() + o * length, from->begin() + (o + 1) * length);
      }
    return to;
  })};
}

Constants fold_pad(Folding& f) {
  const Constant& c = need(f, 0);
  const std::string mode = word(f.node, "mode", "constant");
  const Padded result =
      padded(c, padding_of_all(f.node, optional(f, 1), optional(f, 3), c.dims.size()), mode);
  const int64_t total = spend_elements(f, result.dims);
  if (mode != "constant" && mode != "edge" && mode != "reflect")
    throw Unmapped{fmt::format("its mode '{}' is not known", mode), ""};
  std::vector<std::vector<int64_t>> from;
  for (size_t i = 0; i < c.dims.size() && total > 0; ++i)
    from.push_back(sources(mode, result.before[i], c.dims[i], result.dims[i]));
  const std::vector<int64_t> strides = strides_of(c.dims), places = strides_of(result.dims);
  const double value = padding_value(f);
  return {with_values(c, result.dims, [&](const auto& x) {
    std::decay_t<decltype(x)> to;
    for (int64_t n = 0; n < total; ++n) {
      int64_t at = 0;
      for (size_t i = 0; i < from.size() && at >= 0; ++i) {
        const int64_t source = from[i][static_cast<size_t>(n / places[i] % result.dims[i])];
        at = source < 0 ? -1 : at + source * strides[i];
      }
      to.push_back(at < 0 ? static_cast<typename std::decay_t<decltype(x)>::value_type>(value)
                          : x[static_cast<size_t>(at)]);
    }
    return to;
  })};
}

// 0 below the k-th diagonal of each matrix, or above it.
Constants fold_trilu(Folding& f) {
  const Constant& c = need(f, 0);
  if (c.dims.size() < 2) throw Unmapped{"its input is no matrix", ""};
  const int64_t k = optional(f, 1) && !need_integers(f, 1).empty() ? need_integers(f, 1)[0] : 0;
  const bool is_upper = integer(f.node, "upper", 1) != 0;
  const int64_t total = spend_elements(f, c.dims), columns = c.dims.back(), rows = c.dims[c.dims.size() - 2];
  return {with_values(c, c.dims, [&](auto values) {
    for (int64_t n = 0; n < total; ++n) {
      const int64_t row = n / columns % rows, column = n % columns;
      if (is_upper ? column < row + k : column > row + k) values[static_cast<size_t>(n)] = 0;
    }
    return values;
  })};
}

}  // namespace cnnc::onnx
