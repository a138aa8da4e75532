#include "kernels/tensor/places.h"

#include <functional>
#include <map>
#include <numeric>

#include "kernels/tensors.h"

namespace cnnc {

using Halide::Expr;

namespace {}  // namespace

Expr flattened(const Index& index, const std::vector<int64_t>& sizes, size_t begin, size_t end) {
  Expr number = 0;
  for (size_t i = begin; i < end; ++i) {
    if (sizes[i] == 1) continue;
    number = is_const_zero(number) ? index[i] : number * size(sizes[i]) + index[i];
  }
  return number;
}

void unflatten(Expr number, const std::vector<int64_t>& sizes, size_t begin, size_t end, Index& index) {
  Index reversed;
  int64_t outside =
      std::accumulate(sizes.begin() + static_cast<std::ptrdiff_t>(begin),
                      sizes.begin() + static_cast<std::ptrdiff_t>(end), int64_t{1}, std::multiplies<>());
  for (size_t i = end; i-- > begin;) {
    const bool is_outermost = outside == sizes[i];
    reversed.push_back(sizes[i] == 1 ? Expr(0) : is_outermost ? number : number % size(sizes[i]));
    if (!is_outermost && sizes[i] != 1) number = number / size(sizes[i]);
    outside /= sizes[i];
  }
  index.insert(index.end(), reversed.rbegin(), reversed.rend());
}

Index unrepeated(const Index& index, const Shape& from) {
  Index result(index.end() - static_cast<std::ptrdiff_t>(from.rank()), index.end());
  for (size_t i = 0; i < from.rank(); ++i)
    if (from.sizes[i] == 1) result[i] = 0;
  return result;
}

namespace {

// The place in a tensor of shape `from` that a place in one of shape `to`, which has the same elements, is.
// Axes whose products agree go over into each other, so that as little as can be is divided.
Index reshaped(const Index& index, const std::vector<int64_t>& to, const std::vector<int64_t>& from) {
  Index result;
  size_t i = 0, k = 0;
  while (i < to.size() || k < from.size()) {
    size_t i_end = i, k_end = k;
    int64_t products[2] = {1, 1};
    if (i_end < to.size()) products[0] *= to[i_end++];
    if (k_end < from.size()) products[1] *= from[k_end++];
    while (products[0] != products[1])
      if (products[0] < products[1])
        products[0] *= to[i_end++];
      else
        products[1] *= from[k_end++];
    unflatten(flattened(index, to, i, i_end), from, k, k_end, result);
    i = i_end;
    k = k_end;
  }
  return result;
}

Index reshape(const TensorTerm& term, const Shape& from, const Index& index) {
  return reshaped(index, term.shape.sizes, from.sizes);
}

Index expand(const TensorTerm&, const Shape& from, const Index& index) {
  return unrepeated(index, from);
}

Index permute(const TensorTerm& term, const Shape&, const Index& index) {
  Index source = index;
  const std::vector<int64_t>& order = sizes(term.attributes, "order");
  for (size_t i = 0; i < order.size(); ++i) source[static_cast<size_t>(order[i])] = index[i];
  return source;
}

Index crop(const TensorTerm& term, const Shape&, const Index& given) {
  Index index = given;
  Expr& place = index[static_cast<size_t>(integer(term.attributes, "axis"))];
  place = place * size(integer(term.attributes, "step")) + size(integer(term.attributes, "begin"));
  return index;
}

Index flip(const TensorTerm& term, const Shape& from, const Index& given) {
  Index index = given;
  for (const int64_t axis : sizes(term.attributes, "axes")) {
    Expr& place = index[static_cast<size_t>(axis)];
    place = size(from.sizes[static_cast<size_t>(axis)] - 1) - place;
  }
  return index;
}

Index tile(const TensorTerm&, const Shape& from, const Index& given) {
  Index index = given;
  for (size_t i = 0; i < index.size(); ++i)
    index[i] = from.sizes[i] == 1 ? Expr(0) : index[i] % size(from.sizes[i]);
  return index;
}

}  // namespace

Move move_of(std::string_view op) {
  static const std::map<std::string_view, Move> moves = {
      {"crop", crop},       {"expand", expand},   {"flip", flip},
      {"permute", permute}, {"reshape", reshape}, {"tile", tile},
  };
  const auto found = moves.find(op);
  return found == moves.end() ? nullptr : found->second;
}

}  // namespace cnnc
