// Conv: https://github.com/onnx/onnx/blob/v1.12.0/docs/Operators.md#Conv
#include <fmt/format.h>

#include "onnx/attributes.h"
#include "onnx/mappings/mappings.h"
#include "onnx/mappings/window.h"
#include "onnx/tensors/tensors.h"
#include "support/checked.h"

namespace cnnc::onnx {

std::vector<int64_t> filter_of(const Node& node, const View& x, const Constant& weight) {
  if (weight.dims.size() != x.dims.size() || x.dims.size() < 3 || x.dims.size() > 4)
    throw Unmapped{
        fmt::format("its weight is {} and its input {}; cnnc has convolutions of maps, N x C x H x W, of "
                    "sequences, N x C x L, and of volumes, N x C x D x H x W",
                    to_string(weight.dims), to_string(dims_of(x))),
        ""};
  const std::vector<int64_t> filter(weight.dims.begin() + 2, weight.dims.end());
  if (integers(node, "kernel_shape", filter) != filter)
    throw Unmapped{fmt::format("its 'kernel_shape' is {}, and its weight {}",
                               to_string(integers(node, "kernel_shape", {})), to_string(weight.dims)),
                   ""};
  return filter;
}

std::vector<Weights> convolution_weights(const Translation& t, const Node& node, const Constant& weight) {
  std::vector<Weights> weights = {{"weight", weight.floats}};
  if (has_input(node, 2)) weights.push_back({"bias", need_floats(t, node, 2, "its bias").floats});
  return weights;
}

int64_t channels_of(int64_t of_group, int64_t groups) {
  const auto product = checked_multiply(of_group, groups);
  if (!product)
    throw Unmapped{fmt::format("{} channels in each of {} groups are too many", of_group, groups), ""};
  return *product;
}

// The weight is O x (I / groups) x filter.
void map_conv(Translation& t, const Node& node) {
  const View view = need_view(t, node, 0);
  const Constant& weight = need_floats(t, node, 1, "its weight");
  const std::vector<int64_t> filter = filter_of(node, view, weight);
  const NodeId x = as_map(t, view);
  const int64_t groups = integer(node, "group", 1);
  if (channels_of(weight.dims[1], groups) != shape_of(t, x).channels())
    throw Unmapped{fmt::format("its weight of {} in {} groups does not suit an input of {} channels",
                               to_string(weight.dims), groups, shape_of(t, x).channels()),
                   ""};
  std::vector<Weights> weights = convolution_weights(t, node, weight);
  Attributes attributes = window_attributes(node, filter, shape_of(t, x));
  attributes.insert({{"channels", weight.dims[0]}, {"groups", groups}, {"bias", weights.size() == 2}});
  const NodeId y = add_node(t, name_of(node), "conv", std::move(attributes), {x}, std::move(weights));
  set_output(t, node, view_of_rank(t, y, view.dims.size()));
}

}  // namespace cnnc::onnx
