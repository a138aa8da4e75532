#include "onnx/mappings/window.h"

#include <fmt/format.h>

#include <algorithm>

#include "onnx/attributes.h"
#include "support/limits.h"

namespace cnnc::onnx {
namespace {

using Sizes = std::vector<int64_t>;

void check_range(const std::string& name, const Sizes& values, int64_t least) {
  const auto outside = [&](int64_t v) { return v < least || v >= limits::kIntegers; };
  const auto found = std::find_if(values.begin(), values.end(), outside);
  if (found != values.end())
    throw Unmapped{
        fmt::format("its '{}' has {}; it may be from {} to {}", name, *found, least, limits::kIntegers - 1),
        ""};
}

void check_count(const std::string& name, const Sizes& values, size_t wanted) {
  if (values.size() != wanted)
    throw Unmapped{fmt::format("its '{}' has {} numbers; {} are expected", name, values.size(), wanted), ""};
}

Sizes with_height(Sizes sizes) {
  if (sizes.size() == 1) sizes.insert(sizes.begin(), 1);
  return sizes;
}

// SAME_LOWER: ceil(size / stride) windows, the odd element of padding before. All are below 2^31.
void pad_same_lower(int64_t size, int64_t filter, int64_t stride, int64_t dilation, Sizes& pads) {
  const int64_t windows = (size - 1) / stride + 1;
  const int64_t total = std::max<int64_t>((windows - 1) * stride + dilation * (filter - 1) + 1 - size, 0);
  pads.push_back(total - total / 2);
  pads.push_back(total / 2);
}

AttributeValue pads_of(const Node& node, size_t rank, const Attributes& window, const Shape& input) {
  const std::string automatic = word(node, "auto_pad", "NOTSET");
  if (automatic == "NOTSET" || automatic.empty()) return padding_of(node, "pads", rank);
  if (automatic == "VALID") return Sizes{0, 0, 0, 0};
  if (automatic == "SAME_UPPER") return std::string("same");
  if (automatic != "SAME_LOWER")
    throw Unmapped{fmt::format("its 'auto_pad' is '{}', which ONNX does not have", automatic), ""};
  const Sizes &filter = sizes(window, "filter"), &stride = sizes(window, "stride");
  const Sizes& dilation = sizes(window, "dilation");
  Sizes pads;
  pad_same_lower(input.height(), filter[0], stride[0], dilation[0], pads);
  pad_same_lower(input.width(), filter[1], stride[1], dilation[1], pads);
  return pads;
}

}  // namespace

std::vector<int64_t> pair_of(const Node& node, const std::string& name, size_t rank, int64_t default_value,
                             int64_t least) {
  const Sizes values = integers(node, name, Sizes(rank, default_value));
  check_count(name, values, rank);
  check_range(name, values, least);
  return rank == 1 ? Sizes{least, values[0]} : values;
}

std::vector<int64_t> padding_of(const Node& node, const std::string& name, size_t rank) {
  const Sizes pads = integers(node, name, Sizes(2 * rank, 0));
  check_count(name, pads, 2 * rank);
  check_range(name, pads, 0);
  return rank == 1 ? Sizes{0, 0, pads[0], pads[1]} : Sizes{pads[0], pads[2], pads[1], pads[3]};
}

Attributes window_attributes(const Node& node, const std::vector<int64_t>& kernel, const Shape& input) {
  check_range("kernel_shape", kernel, 1);
  Attributes window = {{"filter", with_height(kernel)},
                       {"stride", pair_of(node, "strides", kernel.size(), 1, 1)},
                       {"dilation", pair_of(node, "dilations", kernel.size(), 1, 1)}};
  window.emplace("pad", pads_of(node, kernel.size(), window, input));
  return window;
}

}  // namespace cnnc::onnx
