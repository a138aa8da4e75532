#include "onnx/general/times_matrix.h"

#include "onnx/tensors/rearrange.h"

namespace cnnc::onnx {
namespace {

// The other dimensions, and that one behind them.
std::vector<int64_t> moved_to_end(size_t rank, size_t dim) {
  std::vector<int64_t> order;
  for (size_t i = 0; i < rank; ++i)
    if (i != dim) order.push_back(static_cast<int64_t>(i));
  order.push_back(static_cast<int64_t>(dim));
  return order;
}

// Rows of a map, which a dense layer does not take, as those of a matrix.
std::vector<int64_t> without_map(std::vector<int64_t> dims, bool has_batch) {
  const size_t first = has_batch ? 1 : 0;
  if (dims.size() != first + 3) return dims;
  dims[first] *= dims[first + 1];
  dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(first) + 1);
  return dims;
}

}  // namespace

View times_matrix(Translation& t, const std::string& name, const View& x, size_t dim, const Matrix& m,
                  double alpha) {
  want_features(m, size(x.dims[dim]));
  const bool has_batch = x.dims.size() > 1 && dim > 0 && begins_with_batch(t, x);
  const std::vector<int64_t> order = moved_to_end(x.dims.size(), dim);
  const View moved = transposed(x, order);
  std::vector<int64_t> dims = dims_of(moved);
  const View rows = reshaped_tensor(t, moved, without_map(dims, has_batch));
  const NodeId dense = add_node(t, name, "dense", {{"features", m.out}, {"bias", false}},
                                {as_any(t, rows, has_batch)}, {{"weight", weight_of(t, m, alpha, {})}});
  View result = plain_view(t, dense);
  if (!has_batch) result.dims.erase(result.dims.begin());
  dims.back() = m.out;
  return transposed(reshaped_tensor(t, result, dims), inverse(order));
}

}  // namespace cnnc::onnx
