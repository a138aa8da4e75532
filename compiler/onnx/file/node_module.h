// What nodes say beside their operators.
#pragma once
#include <onnx/onnx_pb.h>

#include <optional>
#include <string>

namespace cnnc::onnx {

// The module of a PyTorch network that a node computes a part of, as PyTorch's newer exporter (dynamo) writes
// it into the node's metadata: "layer1.0.relu", "" for what the whole network's own function does. None where
// nothing says it.
std::optional<std::string> module_of(const ::onnx::NodeProto& node);

}  // namespace cnnc::onnx
