// Tensors of the ONNX schema: their types, where their values lie, and their values.
#pragma once
#include <onnx/onnx_pb.h>

#include <map>
#include <optional>
#include <string>

#include "onnx/model.h"

namespace cnnc::onnx {

constexpr int kMaxRank = 64;  // PyTorch's limit

// Why something in a file is refused: thrown where it is found, reported where its name is known.
struct Refused {
  std::string why;
  std::string hint;
};

// The external data of one model: the folder that it must lie in, and how many bytes were read of each file
// there, so that tensors which share bytes cannot make a small file fill the memory.
struct ExternalData {
  std::string folder;
  std::map<std::string, int64_t> bytes_read;
};

// Give the tensor away, so that its values are not in memory twice. Throws Refused.
Constant read_tensor(::onnx::TensorProto tensor, ExternalData& external);

// The bytes of a tensor whose values lie in another file. `bytes` is how many they must be. Throws Refused.
std::string read_external(const ::onnx::TensorProto& tensor, int64_t bytes, ExternalData& external);

}  // namespace cnnc::onnx
