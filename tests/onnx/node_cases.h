// ONNX's own tests of single nodes, as networks: what an operator takes as weights becomes a constant.
#pragma once
#include <string>
#include <vector>

#include "onnx/model.h"

namespace cnnc::onnx::test {

struct NodeCase {
  std::string name;                         // of its folder, without "test_"
  std::string bytes;                        // of the model
  std::vector<std::vector<float>> inputs;   // of the network, in the model's order
  std::vector<std::vector<float>> outputs;  // as ONNX has them
};

// The cases in a folder (Debian: libonnx-testdata) that have one node, of an operator that cnnc maps, with
// inputs and outputs of floats, weights aside; by their names.
std::vector<NodeCase> node_cases(const std::string& folder);

}  // namespace cnnc::onnx::test
