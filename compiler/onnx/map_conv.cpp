// Conv: https://github.com/onnx/onnx/blob/v1.12.0/docs/Operators.md#Conv
#include "onnx/mappings.h"

namespace cnnc::onnx {

void map_conv(Translation& t, const Node& node) {
  const NodeId x = need_map(t, node, 0);
  const Constant& weight = need_floats(t, node, 1, "its weight");
  if (weight.dims.size() != 4) throw Unmapped{"its weight has not four dimensions", ""};
  const std::vector<int64_t> pads = integers(node, "pads", {0, 0, 0, 0});
  std::vector<Weights> weights = {{"weight", weight.floats}};
  if (has_input(node, 2)) weights.push_back({"bias", need_floats(t, node, 2, "its bias").floats});
  Attributes attributes = {
      {"channels", weight.dims[0]},
      {"filter", std::vector<int64_t>{weight.dims[2], weight.dims[3]}},
      {"stride", integers(node, "strides", {1, 1})},
      {"dilation", integers(node, "dilations", {1, 1})},
      {"pad", std::vector<int64_t>{pads.at(0), pads.at(2), pads.at(1), pads.at(3)}},
      {"groups", integer(node, "group", 1)},
      {"bias", weights.size() == 2},
  };
  set_output(t, node, add_node(t, name_of(node), "conv", std::move(attributes), {x}, std::move(weights)));
}

}  // namespace cnnc::onnx
