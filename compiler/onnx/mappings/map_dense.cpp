// Gemm and MatMul with constant weights:
// https://github.com/onnx/onnx/blob/v1.12.0/docs/Operators.md#Gemm
#include <fmt/format.h>

#include "onnx/attributes.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/mappings.h"
#include "onnx/mappings/matrix.h"
#include "onnx/tensors/affine.h"
#include "onnx/tensors/tensors.h"

namespace cnnc::onnx {
namespace {

NodeId add_dense(Translation& t, const Node& node, const View& x, const Matrix& m, double alpha) {
  if (x.dims.size() != 2)
    throw Unmapped{fmt::format("its input is {}, and no matrix of N x features", to_string(dims_of(x))), ""};
  want_features(m, size(x.dims[1]));
  const FlatVector flat = as_flat_vector(t, x);
  return add_node(t, name_of(node), "dense", {{"features", m.out}, {"bias", false}}, {flat.vector},
                  {{"weight", weight_of(t, m, alpha, flat.order)}});
}

// The sum of a dense layer and Gemm's input C, times beta.
void set_sum(Translation& t, const Node& node, NodeId dense, double beta) {
  const View y = plain_view(t, dense);
  const Constant* constant = constant_input(t, node, 2);
  if (!constant) {
    View c = need_view(t, node, 2);
    if (beta != 1) c = scaled(t, c, beta);
    return set_output(t, node, add_views(t, node, "add", {y, c}));
  }
  const PerChannel seen = per_channel(t, y, {&need_floats(t, node, 2, "its C")}, "its C");
  Affine affine{std::vector<double>(seen.values[0].size(), 1), seen.values[0]};
  for (double& shift : affine.shift) shift *= beta;
  set_output(t, node, add_affine(t, name_of(node), dense, std::move(affine)));
}

// The axis of the view that is all channels, in order.
bool is_channels(const Translation& t, const View& view, size_t dim) {
  const Shape& shape = shape_of(t, view.node);
  return shape.is_map() && view.dims[dim] == whole_axis(Axis::channel, shape.channels());
}

// A matrix times the channels of each pixel: a 1x1 conv, whose result is seen as its input was.
View add_pixelwise(Translation& t, const Node& node, const View& x, size_t dim, const Matrix& m) {
  if (!is_channels(t, x, dim))
    throw Unmapped{
        fmt::format("the dimension of {} that it sums over, {}, does not hold the channels of {}",
                    to_string(dims_of(x)), dim, called(t, x.node)),
        t.graph.nodes[static_cast<size_t>(x.node)].op == "input"
            ? fmt::format(
                  "a matrix is multiplied with the channels of each pixel: let the model take {} as N x "
                  "channels x height x width, and transpose it to N x height x width x channels itself",
                  called(t, x.node))
            : "cnnc multiplies a matrix with the channels of each pixel, or with all features of a vector"};
  want_features(m, size(x.dims[dim]));
  View y = x;
  y.node = add_node(t, name_of(node), "conv",
                    {{"channels", m.out}, {"filter", std::vector<int64_t>{1, 1}}, {"bias", false}}, {x.node},
                    {{"weight", weight_of(t, m, 1, {})}});
  y.dims[dim].clear();
  if (m.out > 1) y.dims[dim].push_back({Axis::channel, m.out, 1});
  return y;
}

// x W, or W x, where x is a vector without a batch: a dense layer, whose result has none either.
View add_dense_without_batch(Translation& t, const Node& node, const View& x, const Matrix& m) {
  View row = x;
  row.dims.insert(row.dims.begin(), std::vector<Factor>());
  if (t.images != 1)
    throw Unmapped{fmt::format("its input of {} features has no batch, and the network one of {}",
                               to_string(dims_of(x)), t.images),
                   ""};
  View y = plain_view(t, add_dense(t, node, row, m, 1));
  y.dims.erase(y.dims.begin());
  return y;
}

}  // namespace

// alpha A' B' + beta C
void map_gemm(Translation& t, const Node& node) {
  View x = need_view(t, node, 0);
  if (integer(node, "transA", 0) != 0 && x.dims.size() == 2) x = transposed(x, {1, 0});
  const Matrix m = matrix_of(need_floats(t, node, 1, "its weight B"), integer(node, "transB", 0) == 0);
  const NodeId dense = add_dense(t, node, x, m, decimal(real(node, "alpha", 1)));
  const double beta = decimal(real(node, "beta", 1));
  if (has_input(node, 2) && beta != 0) return set_sum(t, node, dense, beta);
  set_output(t, node, dense);
}

// x W: x of N x features, of features alone, or with the channels last; or W x, the channels last but one.
void map_matmul(Translation& t, const Node& node) {
  const bool weight_first = constant_input(t, node, 0) != nullptr;
  const View& x = need_view(t, node, weight_first ? 1 : 0);
  const Constant& weight = need_floats(t, node, weight_first ? 0 : 1, "its weight");
  const Matrix m = matrix_of(weight, !weight_first);
  if (!weight_first && x.dims.size() == 2) return set_output(t, node, add_dense(t, node, x, m, 1));
  if (x.dims.size() == 1) return set_output(t, node, add_dense_without_batch(t, node, x, m));
  if (x.dims.empty()) throw Unmapped{"its input is a single number", ""};
  if (x.dims.size() == 2)
    throw Unmapped{
        fmt::format("its weight stands before a matrix of {}, and would sum over its first dimension",
                    to_string(dims_of(x))),
        "a weight behind it sums over the features, as cnnc does"};
  set_output(t, node, add_pixelwise(t, node, x, x.dims.size() - (weight_first ? 2 : 1), m));
}

}  // namespace cnnc::onnx
