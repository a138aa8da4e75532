// Activations of one input.
#include "onnx/mappings.h"

namespace cnnc::onnx {

// Each element on its own: whatever the dimensions, it is computed on the tensor as it lies.
void map_plain_activation(Translation& t, const Node& node) {
  const char* op = node.op == "Relu" ? "relu" : node.op == "Sigmoid" ? "sigmoid" : "tanh";
  View view = need_view(t, node, 0);
  view.node = add_node(t, name_of(node), op, {}, {view.node});
  set_output(t, node, std::move(view));
}

}  // namespace cnnc::onnx
