// Nodes, inputs and outputs of the ONNX schema.
#pragma once
#include <onnx/onnx_pb.h>

#include <string>

#include "onnx/file/read_tensor.h"
#include "onnx/model.h"

namespace cnnc::onnx {

// Throws Refused where it has control characters or is absurdly long.
void check_name(const std::string& name);

// Throw Refused.
Node read_node(::onnx::NodeProto node, ExternalData& external);
ValueInfo read_value_info(const ::onnx::ValueInfoProto& info);

}  // namespace cnnc::onnx
