// Networks to ONNX files, for other tools.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "graph/graph.h"
#include "support/atomic_file.h"

namespace cnnc::onnx {

// The opset and the version of the file format that is written: those of ONNX 1.12.
constexpr int64_t kWrittenOpset = 17, kWrittenIrVersion = 8;

// Why a network has no form in ONNX: of which node.
struct Unwritable {
  std::string node, why;
};

// The file at `path`, and where the weights are more than a gigabyte a second one beside it that holds them:
// paths and contents, for write_files_atomically. Weights are bound; the graph is as elaboration made it. The
// first dimension of inputs and outputs is the batch, left open. Throws Unwritable.
std::vector<std::pair<std::string, Content>> write_model(const Graph& graph, const std::string& path);

}  // namespace cnnc::onnx
