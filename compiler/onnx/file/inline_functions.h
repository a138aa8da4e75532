// Operators that a model defines itself, as exporters by module do: PyTorch's `export_modules_as_functions`,
// and its newer exporter until 2.4.
#pragma once
#include <onnx/onnx_pb.h>

namespace cnnc::onnx {

// Puts the nodes of each function where it is called, in functions and in the graphs of nodes as well. Values
// and nodes of a function have the name of what its call writes, and their own. At most `most_nodes` come of
// it. Throws Refused.
void inline_functions(::onnx::ModelProto& model, int most_nodes);

}  // namespace cnnc::onnx
