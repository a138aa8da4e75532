// Operators that see each channel, or its neighbours, of a map: pools, upsample, resize, pad, lrn.
#include "ops/registry.h"
#include "ops/spatial/resample.h"
#include "ops/window/adaptive_pool.h"
#include "ops/window/window.h"
#include "plan/lower/lowering.h"

namespace cnnc {

namespace {

Window equal_windows(const Shape& input, const Shape& result) {
  const auto axis = [](int64_t size, int64_t parts) {
    return WindowAxis{size, size / parts, size / parts, 1, 0, 0, parts};
  };
  return {axis(input.height(), result.height()), axis(input.width(), result.width())};
}

bool are_equal_parts(const Shape& input, const Shape& result) {
  return input.height() % result.height() == 0 && input.width() % result.width() == 0;
}

// What a kernel's code depends on: of the words beside mode and align_corners those that are not left at
// their defaults, and none that the table of weights holds.
Attributes resample_parameters(const Node& node) {
  Attributes attributes = node.attributes;
  for (const AttributeRule& rule : operator_of(node).attributes) {
    const auto found = attributes.find(rule.name);
    if (rule.name == "cubic_coefficient" || rule.name == "exclude_outside")
      attributes.erase(found);
    else if (rule.name == "places" || rule.name == "rounding" || rule.name == "row_scale" ||
             rule.name == "column_scale")
      if (found->second == rule.default_value) attributes.erase(found);
  }
  return attributes;
}

// The four weights of each row, or column, of the result.
int add_cubic_weights(Lowering& lowering, const Node& node, const ResampleAxis& axis, const char* name) {
  std::vector<float> weights;
  for (const ResampleTaps& taps : resample_taps(node.attributes, axis))
    for (const double weight : taps.weights) weights.push_back(static_cast<float>(weight));
  Packing packing;
  packing.outputs = static_cast<int64_t>(weights.size());
  return add_constant(lowering, node.name + name, packing,
                      std::make_shared<const std::vector<float>>(std::move(weights)));
}

bool is_padded(const WindowAxis& axis) {
  return axis.pad_before + axis.pad_after > 0;
}

// What each mean is divided by depends on its place where a window reaches over an edge, unless padding
// counts and the window does not reach beyond it. Then the kernel counts the taps in [begin, end) of each
// axis.
std::optional<CountedTaps> counted_taps(const Node& node, const Window& w) {
  const bool include_pad = is_on(node.attributes, "include_pad");
  const bool hangs_over = overhang(w.height) + overhang(w.width) > 0;
  if (!hangs_over && (include_pad || (!is_padded(w.height) && !is_padded(w.width)))) return std::nullopt;
  const auto begin = [&](const WindowAxis& axis) { return include_pad ? -axis.pad_before : 0; };
  const auto end = [&](const WindowAxis& axis) { return axis.input + (include_pad ? axis.pad_after : 0); };
  return CountedTaps{begin(w.height), end(w.height), begin(w.width), end(w.width)};
}

void lower_window(Lowering& lowering, NodeId id, const std::string& family, Window window,
                  std::optional<CountedTaps> counted = {}) {
  const Node& node = lowering.graph.nodes[id];
  window.height.pad_after += overhang(window.height);
  window.width.pad_after += overhang(window.width);
  PoolParameters parameters{parameters_of(window), counted, {}};
  std::vector<int> constants;
  NodeId read = node.inputs[0];
  if (const NodeId norm = lowering.inner[id]; norm >= 0) {
    read = lowering.graph.nodes[norm].inputs[0];
    parameters.prologue = BatchnormPrologue{lowering.graph.nodes[norm].epilogue};
    constants = add_scale_and_shift(lowering, norm);
  }
  View input = read_blocked(lowering, read, lowering.layouts[id].block);
  // Of a padded row Halide loads whole vectors of which it uses every second float, and these can begin
  // before the row.
  if (is_padded(window.width)) input = read_in_workspace(lowering, input);
  add_step(lowering, id, family, std::move(parameters), {input}, constants);
}

const Shape& shape_of_input(const Lowering& lowering, NodeId id) {
  return lowering.graph.nodes[lowering.graph.nodes[id].inputs[0]].shape;
}

// A global pool is a pool with one window, and an adaptive one of equal parts one whose windows do not
// overlap; of other parts it has a kernel of its own.
void lower_parts(Lowering& lowering, NodeId id, const std::string& family) {
  const Node& node = lowering.graph.nodes[id];
  const Shape& input = shape_of_input(lowering, id);
  if (are_equal_parts(input, node.shape))
    lower_window(lowering, id, family, equal_windows(input, node.shape));
  else
    add_step(lowering, id, node.op, {}, {read_blocked(lowering, node.inputs[0], lowering.layouts[id].block)},
             {});
}

}  // namespace

void lower_maxpool(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  lower_window(lowering, id, "maxpool", window_of(node.attributes, shape_of_input(lowering, id)));
}

void lower_avgpool(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const Window window = window_of(node.attributes, shape_of_input(lowering, id));
  lower_window(lowering, id, "avgpool", window, counted_taps(node, window));
}

void lower_maximum_parts(Lowering& lowering, NodeId id) {
  lower_parts(lowering, id, "maxpool");
}

void lower_average_parts(Lowering& lowering, NodeId id) {
  lower_parts(lowering, id, "avgpool");
}

// Halide loads whole vectors of which it uses every second float, and these can end behind the row.
void lower_resample(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  View input = read_blocked(lowering, node.inputs[0], lowering.layouts[id].block);
  if (input.layout.width > node.shape.width()) input = read_in_workspace(lowering, input);
  std::vector<int> constants;
  if (word(node.attributes, "mode") == "bicubic") {
    const Shape& from = shape_of_input(lowering, id);
    constants.push_back(add_cubic_weights(
        lowering, node, resample_rows(node.attributes, from.height(), node.shape.height()), ".row_weights"));
    constants.push_back(add_cubic_weights(lowering, node,
                                          resample_columns(node.attributes, from.width(), node.shape.width()),
                                          ".column_weights"));
  }
  add_step(lowering, id, node.op, resample_parameters(node), {input}, constants);
}

}  // namespace cnnc
