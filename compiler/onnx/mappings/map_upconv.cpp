// ConvTranspose: https://github.com/onnx/onnx/blob/v1.12.0/docs/Operators.md#ConvTranspose
#include <fmt/format.h>

#include <algorithm>

#include "onnx/attributes.h"
#include "onnx/mappings/mappings.h"
#include "onnx/mappings/window.h"
#include "onnx/tensors/tensors.h"
#include "support/checked.h"
#include "support/limits.h"

namespace cnnc::onnx {
namespace {

using Sizes = std::vector<int64_t>;

// What a result of a wanted size takes away before and after, of one dimension; what is missing is added
// behind it as output padding. All numbers are below 2^31.
struct Cut {
  int64_t before = 0, after = 0, output_pad = 0;
};

Cut cut_to(int64_t full, int64_t wanted, int64_t output_pad, bool upper) {
  const int64_t total = full + output_pad - wanted;
  if (total < 0) return {0, 0, output_pad - total};
  const int64_t lesser = total / 2, greater = total - total / 2;
  return upper ? Cut{lesser, greater, output_pad} : Cut{greater, lesser, output_pad};
}

// The sizes that the model wants for the result; empty: it gives the padding instead.
Sizes wanted_sizes(const Node& node, const Shape& x, const Sizes& stride, size_t rank) {
  const std::string automatic = word(node, "auto_pad", "NOTSET");
  if (has_attribute(node, "output_shape")) {
    Sizes sizes = integers(node, "output_shape", {});
    if (sizes.size() > rank) sizes.erase(sizes.begin(), sizes.end() - static_cast<std::ptrdiff_t>(rank));
    if (sizes.size() < rank)
      throw Unmapped{fmt::format("its 'output_shape' lacks sizes: {}", to_string(sizes)), ""};
    if (rank == 1) sizes.insert(sizes.begin(), x.height());
    return sizes;
  }
  if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER")
    return {x.height() * stride[0], x.width() * stride[1]};
  return {};
}

// The attributes "pad" and "output_pad" for a result of the sizes.
void cut_to_sizes(const Node& node, const Sizes& wanted, const Shape& x, Attributes& attributes) {
  const Sizes filter = sizes(attributes, "filter"), stride = sizes(attributes, "stride");
  const Sizes dilation = sizes(attributes, "dilation");
  Sizes output_pad = sizes(attributes, "output_pad"), pads;
  const bool upper = word(node, "auto_pad", "NOTSET") == "SAME_UPPER";
  const Sizes input = {x.height(), x.width()};
  for (size_t i = 0; i < 2; ++i) {
    if (wanted[i] < 1 || wanted[i] >= limits::kIntegers)
      throw Unmapped{fmt::format("its result would have a size of {}", wanted[i]), ""};
    const int64_t full = (input[i] - 1) * stride[i] + dilation[i] * (filter[i] - 1) + 1;
    // ONNX's formula gives less than no padding, and ONNX Runtime a smaller result.
    if (!has_attribute(node, "output_shape") && full + output_pad[i] < wanted[i])
      throw Unmapped{fmt::format("its 'auto_pad' makes {} elements of {} by filters that cover {}", wanted[i],
                                 input[i], full + output_pad[i]),
                     "give the sizes of the result, as 'output_shape'"};
    const Cut cut = cut_to(full, wanted[i], output_pad[i], upper);
    pads.insert(pads.end(), {cut.before, cut.after});
    output_pad[i] = cut.output_pad;
  }
  attributes.insert_or_assign("pad", pads);
  attributes.insert_or_assign("output_pad", output_pad);
}

Attributes attributes_of(const Node& node, const Sizes& filter, const Shape& x) {
  const size_t rank = filter.size();
  Node explicitly = node;  // 'auto_pad' means another thing here than for windows
  explicitly.attributes.erase("auto_pad");
  Attributes attributes = window_attributes(explicitly, filter, x);
  attributes.emplace("output_pad", pair_of(node, "output_padding", rank, 0, 0));
  const Sizes wanted = wanted_sizes(node, x, sizes(attributes, "stride"), rank);
  if (!wanted.empty()) cut_to_sizes(node, wanted, x, attributes);
  if (wanted.empty() && word(node, "auto_pad", "NOTSET") == "VALID")
    attributes.insert_or_assign("pad", Sizes{0, 0, 0, 0});
  return attributes;
}

}  // namespace

// The weight is I x (O / groups) x filter.
void map_upconv(Translation& t, const Node& node) {
  const View view = need_view(t, node, 0);
  const Constant& weight = need_floats(t, node, 1, "its weight");
  const Sizes filter = filter_of(node, view, weight);
  const NodeId x = as_map(t, view);
  if (weight.dims[0] != shape_of(t, x).channels())
    throw Unmapped{fmt::format("its weight of {} does not suit an input of {} channels",
                               to_string(weight.dims), shape_of(t, x).channels()),
                   ""};
  const int64_t groups = integer(node, "group", 1);
  std::vector<Weights> weights = convolution_weights(t, node, weight);
  Attributes attributes = attributes_of(node, filter, shape_of(t, x));
  attributes.insert(
      {{"channels", channels_of(weight.dims[1], groups)}, {"groups", groups}, {"bias", weights.size() == 2}});
  const NodeId y = add_node(t, name_of(node), "upconv", std::move(attributes), {x}, std::move(weights));
  set_output(t, node, view_of_rank(t, y, view.dims.size()));
}

}  // namespace cnnc::onnx
