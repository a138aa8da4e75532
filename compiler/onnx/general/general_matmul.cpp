// MatMul and Gemm of two tensors of the network, and of a constant matrix along any dimension.
#include <fmt/format.h>

#include <algorithm>

#include "onnx/attributes.h"
#include "onnx/general/general.h"
#include "onnx/general/operations.h"
#include "onnx/general/times_matrix.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/matrix.h"
#include "onnx/tensors/rearrange.h"

namespace cnnc::onnx {
namespace {

// A constant of matrices, of which there is one.
Constant as_matrix(Constant c) {
  while (c.dims.size() > 2 && c.dims[0] == 1) c.dims.erase(c.dims.begin());
  return c;
}

// Products with several constant matrices, one for each place of the dimensions in front: the sum over k of
// a[…, m, k, 1] b[…, 1, k, n], of which one is the constant.
View times_matrices(Translation& t, const std::string& name, View x, Constant c, bool constant_first) {
  const int64_t left = constant_first ? c.dims.back() : size(x.dims.back());
  const int64_t right = constant_first ? size(x.dims[x.dims.size() - 2]) : c.dims[c.dims.size() - 2];
  if (left != right) throw Unmapped{fmt::format("rows of {} meet columns of {}", left, right), ""};
  const auto split = [](auto& dims, bool is_first, auto one) {
    dims.insert(is_first ? dims.end() : dims.end() - 2, one);
  };
  split(c.dims, constant_first, int64_t{1});
  split(x.dims, !constant_first, Factors());
  const View products = with_constant(t, "", "multiply", x, c);
  const size_t summed = products.dims.size() - 2;
  return without_dims(reduced(t, name, "reduce_sum", products, {summed}), {summed});
}

// Of what is a vector neither the row nor the column that it is taken for is left.
View times_constant(Translation& t, const Node& node, size_t constant) {
  const bool constant_first = constant == 0;
  Constant c = as_matrix(need_floats(t, node, constant, "its weight"));
  View x = need_view(t, node, 1 - constant);
  if (x.dims.empty() || c.dims.empty()) throw Unmapped{"one of its inputs is a single number", ""};
  const bool is_row = (constant_first ? c.dims : dims_of(x)).size() == 1;
  const bool is_column = (constant_first ? dims_of(x) : c.dims).size() == 1;
  if (c.dims.size() == 1) c.dims.insert(constant_first ? c.dims.begin() : c.dims.end(), 1);
  if (x.dims.size() == 1) x.dims.insert(constant_first ? x.dims.end() : x.dims.begin(), Factors());
  while (x.dims.size() < need_floats(t, node, constant, "").dims.size())
    x.dims.insert(x.dims.begin(), Factors());
  View y = c.dims.size() > 2 ? times_matrices(t, name_of(node), x, c, constant_first)
                             : times_matrix(t, name_of(node), x, x.dims.size() - (constant_first ? 2 : 1),
                                            matrix_of(c, !constant_first), 1);
  if (is_column) y.dims.pop_back();
  if (is_row) y.dims.erase(y.dims.end() - (is_column ? 1 : 2));
  return y;
}

// A vector is a row on the left, a column on the right, and neither in the result.
View product(Translation& t, const std::string& name, View a, View b) {
  const bool is_row = a.dims.size() == 1, is_column = b.dims.size() == 1;
  if (a.dims.empty() || b.dims.empty()) throw Unmapped{"one of its inputs is a single number", ""};
  if (is_row) a.dims.insert(a.dims.begin(), Factors());
  if (is_column) b.dims.emplace_back();
  View y = joined(t, name, "matmul", {a, b});
  if (is_column) y.dims.pop_back();
  if (is_row) y.dims.erase(y.dims.end() - (is_column ? 1 : 2));
  return y;
}

View turned(const View& x, bool is_turned) {
  return is_turned && x.dims.size() == 2 ? transposed(x, {1, 0}) : x;
}

Constant times(const Constant& c, double factor) {
  std::vector<float> values;
  for (const float value : *c.floats) values.push_back(static_cast<float>(factor * value));
  return {c.type, c.dims, std::make_shared<const std::vector<float>>(std::move(values)), nullptr};
}

}  // namespace

void general_matmul(Translation& t, const Node& node) {
  for (const size_t i : {size_t{0}, size_t{1}})
    if (constant_input(t, node, i)) return set_output(t, node, times_constant(t, node, i));
  set_output(t, node, product(t, name_of(node), need_view(t, node, 0), need_view(t, node, 1)));
}

// alpha A' B' + beta C
void general_gemm(Translation& t, const Node& node) {
  const bool turns_a = integer(node, "transA", 0) != 0, turns_b = integer(node, "transB", 0) != 0;
  const double alpha = decimal(real(node, "alpha", 1)), beta = decimal(real(node, "beta", 1));
  View y;
  if (constant_input(t, node, 0)) {
    const Matrix m = matrix_of(need_floats(t, node, 0, "its weight A"), turns_a);
    y = times_matrix(t, name_of(node), turned(need_view(t, node, 1), turns_b), 0, m, alpha);
  } else if (constant_input(t, node, 1)) {
    const Matrix m = matrix_of(need_floats(t, node, 1, "its weight B"), !turns_b);
    y = times_matrix(t, name_of(node), turned(need_view(t, node, 0), turns_a), 1, m, alpha);
  } else {
    y = product(t, name_of(node), turned(need_view(t, node, 0), turns_a),
                turned(need_view(t, node, 1), turns_b));
    if (alpha != 1) y = scaled(t, y, alpha);
  }
  if (!has_input(node, 2) || beta == 0) return set_output(t, node, std::move(y));
  if (constant_input(t, node, 2))
    return set_output(t, node,
                      with_constant(t, "", "add", y,
                                    beta == 1 ? need_floats(t, node, 2, "its C")
                                              : times(need_floats(t, node, 2, "its C"), beta)));
  const View& c = need_view(t, node, 2);
  set_output(t, node, joined(t, "", "add", {y, beta == 1 ? c : scaled(t, c, beta)}));
}

}  // namespace cnnc::onnx
