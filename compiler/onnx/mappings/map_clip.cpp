// Clip, and Min and Max with constants.
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "onnx/attributes.h"
#include "onnx/mappings/clipped.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/mappings.h"

namespace cnnc::onnx {
namespace {

constexpr float kInfinite = std::numeric_limits<float>::infinity();

// A limit as an input, since opset 11, or as an attribute.
double limit(const Translation& t, const Node& node, size_t index, const char* name, float none) {
  if (t.opset < 11) return decimal(real(node, name, none));
  if (!has_input(node, index)) return none;
  return single_value(need_numbers(t, node, index, "its limit"), need_view(t, node, 0), "its limit");
}

// The one input that is no constant.
const View& only_view(const Translation& t, const Node& node) {
  const View* x = nullptr;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (constant_input(t, node, i)) continue;
    if (x) throw Unmapped{"cnnc has no minimum and no maximum of two tensors of the network", ""};
    x = &need_view(t, node, i);
  }
  if (!x) throw Unmapped{"its inputs are constants", ""};
  return *x;
}

}  // namespace

void map_clip(Translation& t, const Node& node) {
  const View x = need_view(t, node, 0);
  const double least = limit(t, node, 1, "min", -kInfinite), greatest = limit(t, node, 2, "max", kInfinite);
  set_output(t, node, clipped(t, name_of(node), x, least, greatest));
}

// Of one tensor and constants.
void map_min_max(Translation& t, const Node& node) {
  const View x = only_view(t, node);
  double least = -kInfinite, greatest = kInfinite;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (!constant_input(t, node, i)) continue;
    const double value = single_value(need_numbers(t, node, i, "its constant"), x, "its constant");
    if (std::isnan(value))
      throw Unmapped{"a limit of it is not a number", kNoNumberHint};  // std::max would drop it
    if (node.op == "Max") least = std::max(least, value);
    if (node.op == "Min") greatest = std::min(greatest, value);
  }
  set_output(t, node, clipped(t, name_of(node), x, least, greatest));
}

}  // namespace cnnc::onnx
