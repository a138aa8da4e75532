// Reductions over any axes; those that are no operators of ours by what is done before and after a sum.
#include <algorithm>
#include <numeric>

#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/general/general.h"
#include "onnx/general/operations.h"
#include "onnx/mappings/elementwise.h"

namespace cnnc::onnx {
namespace {

// What a reduction of ONNX is: a unary operator, ours, and another unary one; "": none.
struct Reduction {
  std::string_view name, before, op, after;
};

constexpr Reduction kReductions[] = {
    {"ReduceL1", "abs", "reduce_sum", ""},           {"ReduceL2", "square", "reduce_sum", "sqrt"},
    {"ReduceLogSum", "", "reduce_sum", "log"},       {"ReduceMax", "", "reduce_max", ""},
    {"ReduceMean", "", "reduce_mean", ""},           {"ReduceMin", "", "reduce_min", ""},
    {"ReduceProd", "", "reduce_product", ""},        {"ReduceSum", "", "reduce_sum", ""},
    {"ReduceSumSquare", "square", "reduce_sum", ""},
};

// log(sum exp x) = m + log(sum exp(x - m)), m the greatest x: no exponential is too large.
View log_sum_exp(Translation& t, const std::string& name, const View& x, const std::vector<size_t>& axes) {
  const View greatest = reduced(t, "", "reduce_max", x, axes);
  const View terms = apply(t, "", "exp", {}, joined(t, "", "subtract", {x, greatest}));
  return joined(t, name, "add",
                {apply(t, "", "log", {}, reduced(t, "", "reduce_sum", terms, axes)), greatest});
}

View reduction_of(Translation& t, const Node& node, const View& given, const std::vector<size_t>& axes) {
  if (node.op == "ReduceLogSumExp") return log_sum_exp(t, name_of(node), given, axes);
  const Reduction& r = *std::find_if(std::begin(kReductions), std::end(kReductions),
                                     [&](const Reduction& entry) { return entry.name == node.op; });
  const View x = r.before.empty() ? given : apply(t, "", r.before, {}, given);
  if (r.after.empty()) return reduced(t, name_of(node), r.op, x, axes);
  return apply(t, name_of(node), r.after, {}, reduced(t, "", r.op, x, axes));
}

std::vector<size_t> all_axes(size_t rank, size_t first) {
  std::vector<size_t> axes(rank - first);
  std::iota(axes.begin(), axes.end(), first);
  return axes;
}

void pool_globally(Translation& t, const Node& node, std::string_view op) {
  const View& x = need_view(t, node, 0);
  if (x.dims.size() < 3)
    throw Unmapped{"its input of " + to_string(dims_of(x)) + " has no rows or columns", ""};
  set_output(t, node, reduced(t, name_of(node), op, x, all_axes(x.dims.size(), 2)));
}

}  // namespace

void general_reduce(Translation& t, const Node& node) {
  const View& x = need_view(t, node, 0);
  const Constant* input = has_input(node, 1) ? &need_integers(t, node, 1, "its list of axes") : nullptr;
  std::vector<size_t> axes = axes_of(axes_of(node, input), x.dims.size());
  if (axes.empty() && integer(node, "noop_with_empty_axes", 0) != 0) return set_output(t, node, x);
  if (axes.empty()) axes = all_axes(x.dims.size(), 0);
  const View y = reduction_of(t, node, x, axes);
  set_output(t, node, integer(node, "keepdims", 1) != 0 ? y : without_dims(y, axes));
}

// Of several places the last is the first from behind.
void general_argmax(Translation& t, const Node& node) {
  View x = need_view(t, node, 0);
  const size_t axis = axis_of(integer(node, "axis", 0), x.dims.size());
  const int64_t size = onnx::size(x.dims[axis]);
  const bool is_last = integer(node, "select_last_index", 0) != 0;
  if (is_last) x = cropped(t, "", x, axis, {size - 1, -1, size});
  View y = place_of_greatest(t, name_of(node), node.op == "ArgMax" ? "argmax" : "argmin", x, axis);
  if (is_last) y = apply(t, "", "affine", {{"factor", -1.0}, {"offset", static_cast<double>(size - 1)}}, y);
  set_output(t, node, integer(node, "keepdims", 1) != 0 ? y : without_dims(y, {axis}));
}

void general_global_averagepool(Translation& t, const Node& node) {
  pool_globally(t, node, "reduce_mean");
}

void general_global_maxpool(Translation& t, const Node& node) {
  pool_globally(t, node, "reduce_max");
}

}  // namespace cnnc::onnx
