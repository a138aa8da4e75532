#include "ops/norm/arithmetic.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "ops/part.h"

namespace cnnc {
namespace {

NodeId mean_of(Graph& part, const char* name, NodeId x, const std::vector<int64_t>& axes) {
  return append_node(part, name, "reduce_mean", {{"axes", axes}}, {x});
}

// sqrt(mean(x^2) + eps)
NodeId root_mean_square(Graph& part, NodeId x, const std::vector<int64_t>& axes, double eps) {
  const NodeId squares = append_node(part, "squares", "square", {}, {x});
  const NodeId mean = mean_of(part, "mean of the squares", squares, axes);
  const NodeId moved =
      append_node(part, "mean and eps", "affine", {{"factor", 1.0}, {"offset", eps}}, {mean});
  return append_node(part, "root", "sqrt", {}, {moved});
}

// (x - mean) / sqrt(variance + eps)
NodeId standardised(Graph& part, NodeId x, const std::vector<int64_t>& axes, double eps) {
  const NodeId mean = mean_of(part, "mean", x, axes);
  const NodeId centred = append_node(part, "centred", "subtract", {}, {x, mean});
  const NodeId deviation = root_mean_square(part, centred, axes, eps);
  return append_node(part, "standardised", "divide", {}, {centred, deviation});
}

// The parameter of that name along those axes of a tensor of that rank, as the constant of an operator.
NodeId with_parameter(Graph& part, const char* name, const char* op, NodeId x, const Parameter& learned,
                      const std::vector<int64_t>& axes) {
  std::vector<int64_t> sizes(part.nodes[static_cast<size_t>(x)].shape.rank(), 1);
  for (size_t i = 0; i < axes.size(); ++i) sizes[static_cast<size_t>(axes[i])] = learned.shape.sizes[i];
  return append_node(part, name, op, {{"shape", sizes}}, {x}, {{"value", Shape(sizes), learned.values}});
}

// weight x + bias, as far as the normalisation has them.
void scale_and_shift(Graph& part, const Node& norm, NodeId x, const std::vector<int64_t>& axes) {
  if (const Parameter* weight = find_parameter(norm, "weight"))
    x = with_parameter(part, "scaled", "multiply_constant", x, *weight, axes);
  if (const Parameter* bias = find_parameter(norm, "bias"))
    with_parameter(part, "shifted", "add_constant", x, *bias, axes);
}

std::vector<int64_t> axes_behind_channels(const Shape& shape) {
  std::vector<int64_t> axes(shape.rank() - 1);
  std::iota(axes.begin(), axes.end(), 1);
  return axes;
}

// In the order of the tensor's sizes, which is that of the weights'.
std::vector<int64_t> axes_of(const Node& norm) {
  std::vector<int64_t> axes = sizes(norm.attributes, "axes");
  std::sort(axes.begin(), axes.end());
  return axes;
}

void layernorm(Graph& part, const Node& norm, const Shape&) {
  const std::vector<int64_t> axes = axes_of(norm);
  scale_and_shift(part, norm, standardised(part, 0, axes, real(norm.attributes, "eps")), axes);
}

void instancenorm(Graph& part, const Node& norm, const Shape& input) {
  const double eps = real(norm.attributes, "eps");
  scale_and_shift(part, norm, standardised(part, 0, axes_behind_channels(input), eps), {0});
}

// The channels of a group lie behind each other.
void groupnorm(Graph& part, const Node& norm, const Shape& input) {
  const int64_t groups = integer(norm.attributes, "groups");
  const std::vector<int64_t> by_group = {groups, input.elements() / groups};
  const NodeId rows = append_node(part, "groups", "reshape", {{"shape", by_group}}, {0});
  const NodeId y = standardised(part, rows, {1}, real(norm.attributes, "eps"));
  scale_and_shift(part, norm, append_node(part, "normalised", "reshape", {{"shape", input.sizes}}, {y}), {0});
}

void rmsnorm(Graph& part, const Node& norm, const Shape&) {
  const std::vector<int64_t> axes = axes_of(norm);
  const NodeId root = root_mean_square(part, 0, axes, real(norm.attributes, "eps"));
  scale_and_shift(part, norm, append_node(part, "normalised", "divide", {}, {0, root}), axes);
}

void l2norm(Graph& part, const Node& norm, const Shape&) {
  const NodeId squares = append_node(part, "squares", "square", {}, {0});
  const NodeId sum = append_node(part, "sum", "reduce_sum", {{"axes", axes_of(norm)}}, {squares});
  const NodeId root = append_node(part, "root", "sqrt", {}, {sum});
  const NodeId length = append_node(part, "length", "clip", {{"min", real(norm.attributes, "eps")}}, {root});
  append_node(part, "normalised", "divide", {}, {0, length});
}

constexpr std::pair<std::string_view, void (*)(Graph&, const Node&, const Shape&)> kNorms[] = {
    {"groupnorm", groupnorm},
    {"instancenorm", instancenorm},
    {"l2norm", l2norm},
    {"layernorm", layernorm},
    {"rmsnorm", rmsnorm}};

}  // namespace

Graph arithmetic_of(const Node& norm, const Shape& input) {
  Graph part = part_of_input(input);
  for (const auto& [name, append_arithmetic] : kNorms)
    if (name == norm.op) {
      append_arithmetic(part, norm, input);
      return part;
    }
  throw std::logic_error(fmt::format("'{}' is no normalisation that is made of operators", norm.op));
}

}  // namespace cnnc
