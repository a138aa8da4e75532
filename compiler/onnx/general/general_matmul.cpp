// MatMul and Gemm of two tensors of the network, and of a constant matrix along any dimension.
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

View times_constant(Translation& t, const Node& node, size_t constant) {
  const bool weight_first = constant == 0;
  const Constant& given = need_floats(t, node, constant, "its weight");
  View x = need_view(t, node, 1 - constant);
  if (x.dims.size() == 1 || x.dims.empty()) throw Unmapped{"its input is no matrix", ""};
  while (x.dims.size() < given.dims.size()) x.dims.insert(x.dims.begin(), Factors());
  const Matrix m = matrix_of(as_matrix(given), !weight_first);
  return times_matrix(t, name_of(node), x, x.dims.size() - (weight_first ? 2 : 1), m, 1);
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
