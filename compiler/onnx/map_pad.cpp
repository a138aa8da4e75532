// Pad: https://github.com/onnx/onnx/blob/v1.12.0/docs/Operators.md#Pad
#include <fmt/format.h>

#include <algorithm>

#include "onnx/axes.h"
#include "onnx/elementwise.h"
#include "onnx/mappings.h"

namespace cnnc::onnx {
namespace {

// What is added before each dimension, then behind each.
std::vector<int64_t> pads_of(const Translation& t, const Node& node, size_t rank) {
  const std::vector<int64_t> pads =
      has_input(node, 1) ? *need_integers(t, node, 1, "its padding").integers : integers(node, "pads", {});
  if (pads.size() != 2 * rank)
    throw Unmapped{fmt::format("it has {} numbers of padding for {} dimensions", pads.size(), rank), ""};
  if (std::any_of(pads.begin(), pads.end(), [](int64_t pad) { return pad < 0; }))
    throw Unmapped{fmt::format("its padding {} takes rows or columns away", to_string(pads)),
                   "cnnc has no operator that crops a map"};
  return pads;
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
  if (mode == "constant" || mode == "reflect") return mode;
  if (mode == "edge") return "replicate";
  throw Unmapped{fmt::format("its mode '{}' is none of constant, reflect and edge", mode), ""};
}

}  // namespace

void map_pad(Translation& t, const Node& node) {
  const View view = need_view(t, node, 0);
  const size_t rank = view.dims.size();
  const std::vector<int64_t> pads = pads_of(t, node, rank);
  if (std::all_of(pads.begin(), pads.end(), [](int64_t pad) { return pad == 0; }))
    return set_output(t, node, view);
  const OrderedMap from = as_ordered_map(t, view);
  const auto before = [&](size_t i) { return pads[static_cast<size_t>(from.order[i])]; };
  const auto after = [&](size_t i) { return pads[rank + static_cast<size_t>(from.order[i])]; };
  if (before(0) + after(0) + before(1) + after(1) > 0)
    throw Unmapped{"it pads the batch or the channels", "cnnc pads rows and columns"};
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
