// Convolutions and pools over three dimensions of pixels.
#include <fmt/format.h>

#include <algorithm>

#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/general/general.h"
#include "onnx/mappings/mappings.h"
#include "onnx/mappings/window.h"
#include "onnx/tensors/rearrange.h"
#include "ops/volume/volume.h"
#include "support/limits.h"

namespace cnnc::onnx {
namespace {

using Sizes = std::vector<int64_t>;

// N x C x D x H x W, else none of these operators.
bool is_of_volumes(const View& x) {
  return x.dims.size() == 5;
}

void check(const std::string& name, const Sizes& values, size_t count, int64_t least) {
  if (values.size() != count)
    throw Unmapped{fmt::format("its '{}' has {} numbers; {} are expected", name, values.size(), count), ""};
  for (const int64_t v : values)
    if (v < least || v >= limits::kIntegers)
      throw Unmapped{
          fmt::format("its '{}' has {}; it may be from {} to {}", name, v, least, limits::kIntegers - 1), ""};
}

// As a person would write it: one size where all are equal.
Sizes shortest(const Sizes& sizes) {
  return std::count(sizes.begin(), sizes.end(), sizes[0]) == static_cast<std::ptrdiff_t>(sizes.size())
             ? Sizes{sizes[0]}
             : sizes;
}

Sizes triple_of(const Node& node, const std::string& name, int64_t default_value, int64_t least) {
  const Sizes values = integers(node, name, Sizes(3, default_value));
  check(name, values, 3, least);
  return values;
}

// ONNX's: before each of depth, height and width, then behind each; ours in pairs, or one for both of each.
Sizes pairs_of(const Sizes& pads) {
  const bool is_symmetric = std::equal(pads.begin(), pads.begin() + 3, pads.begin() + 3);
  return is_symmetric ? shortest({pads[0], pads[1], pads[2]})
                      : Sizes{pads[0], pads[3], pads[1], pads[4], pads[2], pads[5]};
}

// SAME: ceil(size / stride) windows, the odd element of padding behind (UPPER) or before.
Sizes same_pads(const Dims& dims, const Sizes& filter, const Sizes& stride, const Sizes& dilation,
                bool upper) {
  Sizes pads(6);
  for (size_t i = 0; i < 3; ++i) {
    const int64_t windows = (dims[i + 2] - 1) / stride[i] + 1;
    const int64_t total =
        std::max<int64_t>((windows - 1) * stride[i] + dilation[i] * (filter[i] - 1) + 1 - dims[i + 2], 0);
    pads[i] = upper ? total / 2 : total - total / 2;
    pads[i + 3] = total - pads[i];
  }
  return pads;
}

// "filter", "stride", "dilation" and "pad". ConvTranspose has another meaning for 'auto_pad'.
Attributes volume_attributes(const Node& node, const Sizes& filter, const Dims& dims) {
  check("kernel_shape", filter, 3, 1);
  const Sizes stride = triple_of(node, "strides", 1, 1), dilation = triple_of(node, "dilations", 1, 1);
  Sizes pads = integers(node, "pads", Sizes(6, 0));
  const std::string automatic = word(node, "auto_pad", "NOTSET");
  if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER")
    pads = same_pads(dims, filter, stride, dilation, automatic == "SAME_UPPER");
  else if (automatic == "VALID")
    pads = Sizes(6, 0);
  check("pads", pads, 6, 0);
  return {{"filter", shortest(filter)},
          {"stride", shortest(stride)},
          {"dilation", shortest(dilation)},
          {"pad", pairs_of(pads)}};
}

// A pool's stride is its filter where none is written.
void leave_out_stride(Attributes& attributes) {
  if (attributes.at("stride") == attributes.at("filter")) attributes.erase("stride");
}

void add_volume(Translation& t, const Node& node, std::string_view op, const View& x, Attributes attributes,
                std::vector<Weights> weights = {}) {
  const NodeId y =
      add_node(t, name_of(node), op, std::move(attributes), {as_any(t, x, true)}, std::move(weights));
  set_output(t, node, y);
}

// The filter of a weight of five dimensions.
Sizes filter_of_volume(const Node& node, const View& x, const Constant& weight) {
  if (!is_of_volumes(x) || weight.dims.size() != 5) throw Unmapped{"", ""};
  const Sizes filter(weight.dims.begin() + 2, weight.dims.end());
  if (integers(node, "kernel_shape", filter) != filter)
    throw Unmapped{fmt::format("its 'kernel_shape' is {}, and its weight {}",
                               to_string(integers(node, "kernel_shape", {})), to_string(weight.dims)),
                   ""};
  return filter;
}

// ONNX does not say whether what a window has beyond the padding counts (onnx/mappings/map_pool.cpp).
void want_no_overhang(const Attributes& attributes, const Dims& dims) {
  Attributes all = attributes;
  all.emplace("stride", sizes(all, "filter"));
  const auto resolved = resolve_volume("", all, Shape{dims[1], dims[2], dims[3], dims[4]});
  const Volume* volume = std::get_if<Volume>(&resolved);
  if (volume &&
      std::any_of(volume->begin(), volume->end(), [](const auto& axis) { return overhang(axis) > 0; }))
    throw Unmapped{"its 'ceil_mode' makes windows that reach beyond the padding, which it counts",
                   "export it with 'count_include_pad' 0, or pad the tensor first"};
}

}  // namespace

void general_conv(Translation& t, const Node& node) {
  const View x = need_view(t, node, 0);
  const Constant& weight = need_floats(t, node, 1, "its weight");
  const Sizes filter = filter_of_volume(node, x, weight);
  const int64_t groups = integer(node, "group", 1);
  const Dims dims = dims_of(x);
  if (channels_of(weight.dims[1], groups) != dims[1])
    throw Unmapped{fmt::format("its weight of {} in {} groups does not suit an input of {} channels",
                               to_string(weight.dims), groups, dims[1]),
                   ""};
  std::vector<Weights> weights = convolution_weights(t, node, weight);
  Attributes attributes = volume_attributes(node, filter, dims);
  attributes.insert({{"channels", weight.dims[0]}, {"groups", groups}, {"bias", weights.size() == 2}});
  add_volume(t, node, "conv3d", x, std::move(attributes), std::move(weights));
}

void general_upconv(Translation& t, const Node& node) {
  const View x = need_view(t, node, 0);
  const Constant& weight = need_floats(t, node, 1, "its weight");
  const Sizes filter = filter_of_volume(node, x, weight);
  const std::string automatic = word(node, "auto_pad", "NOTSET");
  if (has_attribute(node, "output_shape") || automatic == "SAME_UPPER" || automatic == "SAME_LOWER")
    throw Unmapped{"it gives its result's size and not its padding",
                   "export it with 'pads' and 'output_padding'"};
  const int64_t groups = integer(node, "group", 1);
  const Dims dims = dims_of(x);
  if (weight.dims[0] != dims[1])
    throw Unmapped{fmt::format("its weight of {} does not suit an input of {} channels",
                               to_string(weight.dims), dims[1]),
                   ""};
  std::vector<Weights> weights = convolution_weights(t, node, weight);
  Attributes attributes = volume_attributes(node, filter, dims);
  attributes.insert({{"channels", channels_of(weight.dims[1], groups)},
                     {"groups", groups},
                     {"output_pad", shortest(triple_of(node, "output_padding", 0, 0))},
                     {"bias", weights.size() == 2}});
  add_volume(t, node, "upconv3d", x, std::move(attributes), std::move(weights));
}

void general_pool(Translation& t, const Node& node) {
  const View x = need_view(t, node, 0);
  if (!is_of_volumes(x)) throw Unmapped{"", ""};
  const Dims dims = dims_of(x);
  Attributes attributes = volume_attributes(node, integers(node, "kernel_shape", {}), dims);
  leave_out_stride(attributes);
  attributes.emplace("ceil", integer(node, "ceil_mode", 0) != 0);
  if (node.op == "MaxPool") return add_volume(t, node, "maxpool3d", x, std::move(attributes));
  const bool counts_padding = integer(node, "count_include_pad", 0) != 0;
  if (counts_padding) want_no_overhang(attributes, dims);
  attributes.emplace("include_pad", counts_padding);
  add_volume(t, node, "avgpool3d", x, std::move(attributes));
}

}  // namespace cnnc::onnx
