// Constants summed: along axes, and in products of matrices.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "onnx/attributes.h"
#include "onnx/fold/fold_parts.h"
#include "onnx/unmapped.h"
#include "support/checked.h"

namespace cnnc::onnx {
namespace {

// Where a reduction's elements go.
struct Reduction {
  Dims dims;                     // of the result, with the axes as 1
  Dims kept;                     // as the model wants them
  std::vector<int64_t> strides;  // of the result, by the input's dimensions: 0 along an axis
  int64_t count = 1;             // elements of each
};

Reduction reduction_of(const Folding& f, const Constant& c) {
  const std::vector<int64_t> given = axes_of(f.node, optional(f, 1));
  std::vector<bool> reduced(c.dims.size(), given.empty() && integer(f.node, "noop_with_empty_axes", 0) == 0);
  for (const size_t axis : axes_of(given, c.dims.size())) reduced[axis] = true;
  const bool keeps = integer(f.node, "keepdims", 1) != 0;
  Reduction r;
  for (size_t i = 0; i < c.dims.size(); ++i) {
    r.dims.push_back(reduced[i] ? 1 : c.dims[i]);
    if (keeps || !reduced[i]) r.kept.push_back(r.dims[i]);
    if (reduced[i]) r.count *= c.dims[i];
  }
  r.strides = strides_of(r.dims);
  for (size_t i = 0; i < c.dims.size(); ++i)
    if (reduced[i]) r.strides[i] = 0;
  return r;
}

// What is not a number stays so: no comparison may drop it.
double combined(const std::string& op, double a, double x) {
  if (op == "ReduceMax") return x > a || std::isnan(x) ? x : a;
  if (op == "ReduceMin") return x < a || std::isnan(x) ? x : a;
  if (op == "ReduceProd") return a * x;
  return op == "ReduceL2" ? a + x * x : a + x;
}

int64_t combined(const std::string& op, int64_t a, int64_t x) {
  if (op == "ReduceMax") return std::max(a, x);
  if (op == "ReduceMin") return std::min(a, x);
  const auto result = op == "ReduceProd" ? checked_multiply(a, x) : checked_add(a, x);
  if (!result) throw Unmapped{"its whole numbers have no result of 64 bits", ""};
  return *result;
}

template <class T>
T neutral(const std::string& op) {
  using Limits = std::numeric_limits<T>;
  if (op == "ReduceMax") return Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
  if (op == "ReduceMin") return Limits::has_infinity ? Limits::infinity() : Limits::max();
  return op == "ReduceProd" ? T{1} : T{0};
}

// Sums are made in T.
template <class T, class Values>
std::vector<T> reduced(const std::string& op, const Reduction& r, const Dims& dims, const Values& values) {
  std::vector<T> sums(static_cast<size_t>(elements(r.dims)), neutral<T>(op));
  Dims index(dims.size());
  int64_t at = 0;
  for (const auto value : values) {
    T& sum = sums[static_cast<size_t>(at)];
    sum = combined(op, sum, static_cast<T>(value));
    for (size_t d = dims.size(); d-- > 0;) {
      at += r.strides[d];
      if (++index[d] < dims[d]) break;
      at -= r.strides[d] * dims[d];
      index[d] = 0;
    }
  }
  return sums;
}

// Of `count` pairs of matrices, m x depth by depth x n.
std::vector<float> product(const std::vector<float>& x, const std::vector<float>& y, int64_t count, int64_t m,
                           int64_t depth, int64_t n) {
  std::vector<float> values;
  for (int64_t row = 0; row < count * m; ++row)
    for (int64_t column = 0; column < n; ++column) {
      const int64_t first = row / m * depth * n + column;
      double sum = 0;
      for (int64_t k = 0; k < depth; ++k)
        sum += double{x[static_cast<size_t>(row * depth + k)]} * y[static_cast<size_t>(first + k * n)];
      values.push_back(static_cast<float>(sum));
    }
  return values;
}

}  // namespace

Constants fold_reduce(Folding& f) {
  const Constant& c = need(f, 0);
  const std::string& op = f.node.op;
  const Reduction r = reduction_of(f, c);
  spend_elements(f, c.dims);
  spend_elements(f, r.dims);
  if (r.count == 0) throw Unmapped{fmt::format("its input of {} has no elements", to_string(c.dims)), ""};
  if (c.integers) {
    if (op == "ReduceL2") throw Unmapped{fmt::format("it is not defined for type {}", c.type), ""};
    std::vector<int64_t> sums = reduced<int64_t>(op, r, c.dims, *c.integers);
    if (op == "ReduceMean")
      for (int64_t& sum : sums) sum /= r.count;
    return {constant_of(std::move(sums), r.kept, c.type)};
  }
  std::vector<double> sums = reduced<double>(op, r, c.dims, *c.floats);
  for (double& sum : sums) sum = op == "ReduceL2" ? std::sqrt(sum) : op == "ReduceMean" ? sum / r.count : sum;
  return {constant_of(std::vector<float>(sums.begin(), sums.end()), r.kept, c.type)};
}

// As numpy has it: the last two dimensions are the matrices, those in front of them are broadcast; of one
// dimension it is a row on the left, a column on the right.
Constants fold_matmul(Folding& f) {
  Constant a = need(f, 0), b = need(f, 1);
  need_floats(f, 0), need_floats(f, 1);
  const Dims given[] = {a.dims, b.dims};
  if (given[0].size() == 1) a = with_dims(a, {1, a.dims[0]});
  if (given[1].size() == 1) b = with_dims(b, {b.dims[0], 1});
  if (a.dims.size() < 2 || b.dims.size() < 2 || a.dims.back() != *(b.dims.end() - 2))
    throw Unmapped{fmt::format("constants of {} and {} are no matrices that fit each other",
                               to_string(given[0]), to_string(given[1])),
                   ""};
  const int64_t m = *(a.dims.end() - 2), depth = a.dims.back(), n = b.dims.back();
  const Dims batch = broadcast({a.dims.begin(), a.dims.end() - 2}, {b.dims.begin(), b.dims.end() - 2});
  const auto with = [&](int64_t rows, int64_t columns) {
    Dims dims = batch;
    dims.insert(dims.end(), {rows, columns});
    return dims;
  };
  spend_elements(f, with(m, n));
  spend(f, checked_elements({checked_elements(with(m, n)), depth}));
  a = expanded(f, a, with(m, depth));
  b = expanded(f, b, with(depth, n));
  std::vector<float> values = product(*a.floats, *b.floats, elements(batch), m, depth, n);
  Dims dims = batch;
  if (given[0].size() > 1) dims.push_back(m);
  if (given[1].size() > 1) dims.push_back(n);
  return {constant_of(std::move(values), dims, a.type)};
}

}  // namespace cnnc::onnx
