// Normalisations as the arithmetic that they are: InstanceNormalization, GroupNormalization,
// LayerNormalization, RMSNormalization, BatchNormalization, MeanVarianceNormalization and LpNormalization.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/general/general.h"
#include "onnx/general/operations.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/mappings.h"
#include "onnx/tensors/rearrange.h"

namespace cnnc::onnx {
namespace {

using Axes = std::vector<size_t>;

Axes axes_from(size_t first, size_t rank) {
  Axes axes(rank - first);
  std::iota(axes.begin(), axes.end(), first);
  return axes;
}

// sqrt(mean(x^2) + epsilon)
View root_mean_square(Translation& t, const View& x, const Axes& axes, double epsilon) {
  const View mean = reduced(t, "", "reduce_mean", apply(t, "", "square", {}, x), axes);
  return apply(t, "", "sqrt", {}, epsilon == 0 ? mean : with_number(t, "", "add", mean, epsilon));
}

// The mean over the axes, sqrt(variance + epsilon), and (x - mean) / that.
struct Normalised {
  View mean, deviation, x;
};

Normalised normalised(Translation& t, const std::string& name, const View& x, const Axes& axes,
                      double epsilon) {
  const View mean = reduced(t, "", "reduce_mean", x, axes);
  const View centred = joined(t, "", "subtract", {x, mean});
  const View deviation = root_mean_square(t, centred, axes, epsilon);
  return {mean, deviation, joined(t, name, "divide", {centred, deviation})};
}

bool are_all(const Constant& c, float value) {
  return std::all_of(c.floats->begin(), c.floats->end(), [=](float v) { return v == value; });
}

// scale x + bias, each of these dimensions; what changes nothing is left out.
View with_scale_and_bias(Translation& t, const Node& node, View x, const Dims& dims) {
  const auto constant = [&](size_t index, const char* what) {
    Constant c = need_floats(t, node, index, what);
    if (elements(c.dims) != elements(dims))
      throw Unmapped{
          fmt::format("{} is {}, and one of {} is needed", what, to_string(c.dims), to_string(dims)), ""};
    c.dims = dims;
    return c;
  };
  const Constant scale = constant(1, "its scale");
  if (!are_all(scale, 1)) x = with_constant(t, "", "multiply", x, scale);
  if (!has_input(node, 2)) return x;
  const Constant bias = constant(2, "its bias");
  return are_all(bias, 0) ? x : with_constant(t, "", "add", x, bias);
}

double epsilon_of(const Node& node) {
  return decimal(real(node, "epsilon", 1e-5f));
}

// N x C x D x H x W, as the layer that conv3d takes over.
void batchnorm_of_volume(Translation& t, const Node& node, const View& x) {
  const auto statistic = [&](size_t index) { return constant_input(t, node, index)->floats; };
  set_output(t, node,
             add_node(t, name_of(node), "batchnorm", {{"eps", epsilon_of(node)}}, {as_any(t, x, true)},
                      {{"weight", statistic(1)},
                       {"bias", statistic(2)},
                       {"running_mean", statistic(3)},
                       {"running_var", statistic(4)}}));
}

// The size of the second dimension, and 1 for each behind it.
Dims beside_channels(const View& x, int64_t channels) {
  Dims dims(x.dims.size() - 1, 1);
  dims[0] = channels;
  return dims;
}

const View& need_channels(const Translation& t, const Node& node) {
  const View& x = need_view(t, node, 0);
  if (x.dims.size() < 3)
    throw Unmapped{fmt::format("its input of {} has no rows or columns", to_string(dims_of(x))), ""};
  return x;
}

}  // namespace

// scale x + shift of each channel: weight / sqrt(variance + epsilon), and bias less the mean times that.
void general_batchnorm(Translation& t, const Node& node) {
  want_inference(t, node);
  const View& x = need_view(t, node, 0);
  if (x.dims.size() < 2) throw Unmapped{"its input has no channels", ""};
  const int64_t channels = size(x.dims[1]);
  std::vector<float> scale, shift;
  for (size_t i = 1; i < 5; ++i)
    if (need_floats(t, node, i, "one of its statistics").dims != Dims{channels}) throw Unmapped{"", ""};
  if (x.dims.size() == 5) return batchnorm_of_volume(t, node, x);
  const auto value = [&](size_t input, int64_t channel) {
    return double{(*constant_input(t, node, input)->floats)[static_cast<size_t>(channel)]};
  };
  for (int64_t c = 0; c < channels; ++c) {
    const double factor = value(1, c) / std::sqrt(value(4, c) + epsilon_of(node));
    scale.push_back(static_cast<float>(factor));
    shift.push_back(static_cast<float>(value(2, c) - factor * value(3, c)));
  }
  const auto constant = [&](std::vector<float> values) {
    return Constant{"float", beside_channels(x, channels),
                    std::make_shared<const std::vector<float>>(std::move(values)), nullptr};
  };
  const View multiple = with_constant(t, "", "multiply", x, constant(std::move(scale)));
  set_output(t, node, with_constant(t, name_of(node), "add", multiple, constant(std::move(shift))));
}

void general_instancenorm(Translation& t, const Node& node) {
  const View& x = need_channels(t, node);
  const View y = normalised(t, name_of(node), x, axes_from(2, x.dims.size()), epsilon_of(node)).x;
  set_output(t, node, with_scale_and_bias(t, node, y, beside_channels(x, size(x.dims[1]))));
}

// Since opset 21 there is a scale for each channel, before it one for each group.
void general_groupnorm(Translation& t, const Node& node) {
  const View& x = need_channels(t, node);
  const Dims dims = dims_of(x);
  const int64_t groups = integer(node, "num_groups", 0);
  if (groups < 1 || dims[1] % groups != 0)
    throw Unmapped{fmt::format("its {} groups do not divide {} channels", groups, dims[1]), ""};
  Dims split = dims;
  split[1] = dims[1] / groups;
  split.insert(split.begin() + 1, groups);
  const View parts = reshaped_tensor(t, x, split);
  View y = normalised(t, name_of(node), parts, axes_from(2, split.size()), epsilon_of(node)).x;
  const bool is_by_group = t.opset < 21 && elements(need_floats(t, node, 1, "its scale").dims) == groups;
  if (is_by_group) y = with_scale_and_bias(t, node, y, beside_channels(y, groups));
  y = reshaped_tensor(t, y, dims);
  set_output(t, node, is_by_group ? y : with_scale_and_bias(t, node, y, beside_channels(x, dims[1])));
}

void general_layernorm(Translation& t, const Node& node) {
  const View& x = need_view(t, node, 0);
  const Dims dims = dims_of(x);
  const size_t axis = axis_of(integer(node, "axis", -1), dims.size());
  const Normalised n = normalised(t, name_of(node), x, axes_from(axis, dims.size()), epsilon_of(node));
  const Dims own(dims.begin() + static_cast<std::ptrdiff_t>(axis), dims.end());
  set_output(t, node, with_scale_and_bias(t, node, n.x, own));
  set_output(t, node, n.mean, 1);
  if (node.outputs.size() > 2) set_output(t, node, apply(t, "", "reciprocal", {}, n.deviation), 2);
}

void general_rmsnorm(Translation& t, const Node& node) {
  const View& x = need_view(t, node, 0);
  const Dims dims = dims_of(x);
  const size_t axis = axis_of(integer(node, "axis", -1), dims.size());
  const View root = root_mean_square(t, x, axes_from(axis, dims.size()), epsilon_of(node));
  const Dims own(dims.begin() + static_cast<std::ptrdiff_t>(axis), dims.end());
  set_output(t, node, with_scale_and_bias(t, node, joined(t, name_of(node), "divide", {x, root}), own));
}

// (x - mean) / (sqrt(variance) + 1e-9)
void general_mean_variance_norm(Translation& t, const Node& node) {
  const View& x = need_view(t, node, 0);
  const Axes axes = axes_of(integers(node, "axes", {0, 2, 3}), x.dims.size());
  const View centred = joined(t, "", "subtract", {x, reduced(t, "", "reduce_mean", x, axes)});
  const View deviation = with_number(t, "", "add", root_mean_square(t, centred, axes, 0), 1e-9);
  set_output(t, node, joined(t, name_of(node), "divide", {centred, deviation}));
}

// x divided by its norm along an axis: sum |x| or sqrt(sum x^2).
void general_lp_norm(Translation& t, const Node& node) {
  const View& x = need_view(t, node, 0);
  const Axes axes = {axis_of(integer(node, "axis", -1), x.dims.size())};
  const bool is_first = integer(node, "p", 2) == 1;
  View norm = reduced(t, "", "reduce_sum", apply(t, "", is_first ? "abs" : "square", {}, x), axes);
  if (!is_first) norm = apply(t, "", "sqrt", {}, norm);
  set_output(t, node, joined(t, name_of(node), "divide", {x, norm}));
}

}  // namespace cnnc::onnx
