// Softmax and LogSoftmax along any axis.
#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/general/general.h"
#include "onnx/general/operations.h"
#include "onnx/tensors/rearrange.h"

namespace cnnc::onnx {
namespace {

View along(Translation& t, const Node& node, const View& x, size_t axis) {
  const Laid all = laid(t, {x}, {axis});
  const char* op = node.op == "Softmax" ? "softmax" : "log_softmax";
  return result_of(t, all, add_node(t, name_of(node), op, {{"along", axis_of(all, axis)}}, all.tensors));
}

}  // namespace

// Before opset 13 over all dimensions from the axis on, as one.
void general_softmax(Translation& t, const Node& node) {
  const View& x = need_view(t, node, 0);
  const Dims dims = dims_of(x);
  const size_t axis = axis_of(integer(node, "axis", t.opset < 13 ? 1 : -1), dims.size());
  if (t.opset >= 13 || axis + 1 == dims.size()) return set_output(t, node, along(t, node, x, axis));
  Dims flat(dims.begin(), dims.begin() + static_cast<std::ptrdiff_t>(axis));
  flat.push_back(elements({dims.begin() + static_cast<std::ptrdiff_t>(axis), dims.end()}));
  set_output(t, node, reshaped_tensor(t, along(t, node, reshaped_tensor(t, x, flat), axis), dims));
}

}  // namespace cnnc::onnx
