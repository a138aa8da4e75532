// Operators that see each channel, or its neighbours, of a map: pools, upsample, resize, pad, lrn.
#include "ops/adaptive_pool.h"
#include "ops/window.h"
#include "plan/lowering.h"
#include "plan/prologue.h"

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

bool is_padded(const WindowAxis& axis) {
  return axis.pad_before + axis.pad_after > 0;
}

// What each mean is divided by depends on its place where a window reaches over an edge, unless padding
// counts and the window does not reach beyond it. Then the kernel counts the taps in [begin, end) of each
// axis.
void add_counted_range(const Node& node, const Window& w, Attributes& attributes) {
  const bool include_pad = is_on(node.attributes, "include_pad");
  const bool hangs_over = overhang(w.height) + overhang(w.width) > 0;
  if (!hangs_over && (include_pad || (!is_padded(w.height) && !is_padded(w.width)))) return;
  const auto begin = [&](const WindowAxis& axis) { return include_pad ? -axis.pad_before : 0; };
  const auto end = [&](const WindowAxis& axis) { return axis.input + (include_pad ? axis.pad_after : 0); };
  attributes["counted"] = std::vector<int64_t>{begin(w.height), end(w.height), begin(w.width), end(w.width)};
}

void lower_window(Lowering& lowering, NodeId id, const std::string& family, Window window) {
  const Node& node = lowering.graph.nodes[id];
  Attributes counted;
  if (node.op == "avgpool") add_counted_range(node, window, counted);
  window.height.pad_after += overhang(window.height);
  window.width.pad_after += overhang(window.width);
  Attributes attributes = window_attributes_of(window);
  attributes.merge(counted);
  std::vector<int> constants;
  NodeId read = node.inputs[0];
  if (const NodeId norm = lowering.inner[id]; norm >= 0) {
    read = lowering.graph.nodes[norm].inputs[0];
    attributes.merge(prologue_attributes());
    constants = add_scale_and_shift(lowering, norm);
  }
  View input = read_blocked(lowering, read, lowering.layouts[id].block);
  // Of a padded row Halide loads whole vectors of which it uses every second float, and these can begin
  // before the row.
  if (is_padded(window.width)) input = read_in_workspace(lowering, input);
  add_step(lowering, id, family, std::move(attributes), {input}, constants);
}

}  // namespace

// A global pool is a pool with one window, and an adaptive one of equal parts one whose windows do not
// overlap.
void lower_pool(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const Shape& input = lowering.graph.nodes[node.inputs[0]].shape;
  const bool is_max = node.op == "maxpool" || node.op == "global_maxpool" || node.op == "adaptive_maxpool";
  const std::string family = is_max ? "maxpool" : "avgpool";
  if (node.op == "maxpool" || node.op == "avgpool")
    lower_window(lowering, id, family, window_of(node.attributes, input));
  else if (are_equal_parts(input, node.shape))
    lower_window(lowering, id, family, equal_windows(input, node.shape));
  else
    add_step(lowering, id, node.op, {}, {read_blocked(lowering, node.inputs[0], lowering.layouts[id].block)},
             {});
}

// Halide loads whole vectors of which it uses every second float, and these can end behind the row.
void lower_resample(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  View input = read_blocked(lowering, node.inputs[0], lowering.layouts[id].block);
  if (input.layout.width > node.shape.width()) input = read_in_workspace(lowering, input);
  add_step(lowering, id, node.op, node.attributes, {input}, {});
}

}  // namespace cnnc
