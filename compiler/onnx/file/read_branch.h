// The graphs that an If holds.
#pragma once
#include <onnx/onnx_pb.h>

#include <memory>

#include "onnx/file/read_tensor.h"
#include "onnx/model.h"

namespace cnnc::onnx {

// Throws Refused.
std::shared_ptr<const Branch> read_branch(::onnx::GraphProto graph, ExternalData& external);

}  // namespace cnnc::onnx
