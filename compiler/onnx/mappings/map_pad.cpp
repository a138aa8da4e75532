// Pad: https://github.com/onnx/onnx/blob/v1.12.0/docs/Operators.md#Pad
#include <fmt/format.h>

#include <algorithm>

#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/mappings.h"
#include "onnx/mappings/pad.h"
#include "onnx/tensors/axes.h"
#include "onnx/tensors/slice.h"
#include "support/limits.h"

namespace cnnc::onnx {
namespace {

// What is added before each dimension, then behind each.
std::vector<int64_t> pads_of(const Translation& t, const Node& node, size_t rank) {
  const Constant* given = has_input(node, 1) ? &need_integers(t, node, 1, "its padding") : nullptr;
  const Constant* axes = has_input(node, 3) ? &need_integers(t, node, 3, "its list of axes") : nullptr;
  const std::vector<int64_t> pads = padding_of_all(node, given, axes, rank);
  const auto is_huge = [](int64_t pad) { return pad <= -limits::kIntegers || pad >= limits::kIntegers; };
  if (std::any_of(pads.begin(), pads.end(), is_huge))
    throw Unmapped{fmt::format("its padding is {}", to_string(pads)), ""};
  return pads;
}

// What is less than 0 is taken away, first, as ONNX Runtime does; the pads are 0 there then.
View cropped(Translation& t, View view, std::vector<int64_t>& pads) {
  const size_t rank = view.dims.size();
  for (size_t axis = 0; axis < rank; ++axis) {
    int64_t &before = pads[axis], &after = pads[rank + axis];
    const int64_t begin = std::max<int64_t>(-before, 0), size = onnx::size(view.dims[axis]);
    const int64_t end = size + std::min<int64_t>(after, 0);
    view = sliced(t, view, axis, {begin, 1, std::max<int64_t>(end - begin, 0)}, "");
    before = std::max<int64_t>(before, 0);
    after = std::max<int64_t>(after, 0);
  }
  return view;
}

double value_of(const Translation& t, const Node& node) {
  if (!has_input(node, 2)) return decimal(real(node, "value", 0));
  const Constant& value = need_floats(t, node, 2, "its value");
  if (value.floats->size() != 1)
    throw Unmapped{fmt::format("its value is no single number, but {}", to_string(value.dims)), ""};
  return decimal((*value.floats)[0]);
}

std::string mode_of(const Node& node) {
  const std::string mode = word(node, "mode", "constant");
  if (mode == "constant" || mode == "reflect" || mode == "wrap") return mode;
  if (mode == "edge") return "replicate";
  throw Unmapped{fmt::format("its mode '{}' is none of constant, reflect, edge and wrap", mode), ""};
}

}  // namespace

GivenPadding given_padding(const Translation& t, const Node& node, size_t rank) {
  GivenPadding padding{pads_of(t, node, rank), mode_of(node)};
  if (padding.mode == "constant") padding.value = value_of(t, node);
  return padding;
}

void map_pad(Translation& t, const Node& node) {
  View view = need_view(t, node, 0);
  const size_t rank = view.dims.size();
  std::vector<int64_t> pads = pads_of(t, node, rank);
  view = cropped(t, std::move(view), pads);
  if (std::all_of(pads.begin(), pads.end(), [](int64_t pad) { return pad == 0; }))
    return set_output(t, node, view);
  const OrderedMap from = as_ordered_map(t, view);
  const auto before = [&](size_t i) { return pads[static_cast<size_t>(from.order[i])]; };
  const auto after = [&](size_t i) { return pads[rank + static_cast<size_t>(from.order[i])]; };
  if (before(0) + after(0) + before(1) + after(1) > 0 || mode_of(node) == "wrap") throw Unmapped{"", ""};
  const size_t column = rank - 1;
  Attributes attributes = {
      {"padding", rank == 4 ? std::vector<int64_t>{before(2), after(2), before(column), after(column)}
                            : std::vector<int64_t>{0, 0, before(column), after(column)}},
      {"mode", mode_of(node)}};
  if (word(node, "mode", "constant") == "constant") attributes.emplace("value", value_of(t, node));
  set_output(t, node,
             result_of(t, from, add_node(t, name_of(node), "pad", std::move(attributes), {from.map})));
}

}  // namespace cnnc::onnx
