#include "onnx/file/read_branch.h"

#include <fmt/format.h>

#include "onnx/file/read_node.h"
#include "weights/text.h"

namespace cnnc::onnx {

std::shared_ptr<const Branch> read_branch(::onnx::GraphProto graph, ExternalData& external) {
  Branch branch;
  for (::onnx::TensorProto& tensor : *graph.mutable_initializer()) {
    const std::string name = tensor.name();
    check_name(name);
    if (!branch.constants.emplace(name, read_tensor(std::move(tensor), external)).second)
      throw Refused{fmt::format("two initializers are called {}", quote(name)), ""};
  }
  for (::onnx::NodeProto& node : *graph.mutable_node())
    branch.nodes.push_back(read_node(std::move(node), external));
  for (const auto& output : graph.output()) {
    check_name(output.name());
    branch.outputs.push_back(output.name());
  }
  return std::make_shared<const Branch>(std::move(branch));
}

}  // namespace cnnc::onnx
