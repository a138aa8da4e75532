// Softmax and LogSoftmax.
#include <fmt/format.h>

#include <algorithm>

#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/mappings.h"
#include "onnx/tensors/tensors.h"

namespace cnnc::onnx {
namespace {

bool by_stride(const Factor& a, const Factor& b) {
  return a.stride > b.stride;
}

// Whether these dimensions run over all channels and nothing else, in whatever order: the sum is the same.
bool is_over_channels(const View& view, size_t begin, size_t end, int64_t channels) {
  Factors factors, merged;
  for (size_t i = begin; i < end; ++i)
    factors.insert(factors.end(), view.dims[i].begin(), view.dims[i].end());
  if (std::any_of(factors.begin(), factors.end(), [](const Factor& f) { return f.axis != Axis::channel; }))
    return false;
  std::sort(factors.begin(), factors.end(), by_stride);
  for (const Factor& factor : factors) append(merged, factor);
  return merged == whole_axis(Axis::channel, channels);
}

}  // namespace

// Before opset 13 over all dimensions from the axis on, since then over the axis alone.
void map_softmax(Translation& t, const Node& node) {
  const View view = flat_as_vector(t, need_view(t, node, 0));
  const size_t rank = view.dims.size();
  const size_t begin = axis_of(integer(node, "axis", t.opset < 13 ? 1 : -1), rank);
  const size_t end = t.opset < 13 ? rank : begin + 1;
  const char* op = node.op == "Softmax" ? "softmax" : "log_softmax";
  want_map_or_vector(t, view);
  if (is_over_channels(view, begin, end, shape_of(t, view.node).channels())) {
    View result = view;
    result.node = add_node(t, name_of(node), op, {}, {view.node});
    return set_output(t, node, std::move(result));
  }
  const Dims dims = dims_of(view);
  const auto flat = reshaped(view, {t.images, checked_elements(dims) / t.images});
  if (size(view.dims[0]) != t.images || begin != 1 || end != rank || !flat)
    throw Unmapped{fmt::format("of its input of {} it works along axis {}, which is not the channels alone",
                               to_string(dims), begin),
                   "cnnc has it over the channels of each pixel, and over all features of a vector"};
  const NodeId result = add_node(t, name_of(node), op, {}, {as_vector(t, *flat)});
  set_output(t, node, reshaped(plain_view(t, result), dims).value());
}

}  // namespace cnnc::onnx
