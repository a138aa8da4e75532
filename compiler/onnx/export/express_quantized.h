// Quantised networks to models in the form that ONNX calls QDQ: all operators are of floats, and
// QuantizeLinear and DequantizeLinear around them say what is stored as bytes.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>

#include "graph/graph.h"
#include "onnx/model.h"
#include "quantize/quantization.h"
#include "support/diagnostics.h"

namespace cnnc::onnx {

// What is stored as bytes, by names of nodes.
struct StoredNames {
  std::map<std::string, ByteScale> tensors;
  std::set<std::string> layers;  // convs and dense layers whose weights are whole numbers
  std::map<std::string, bool> inputs,
      outputs;  // of the library that are bytes themselves: whether with a sign
  int greatest_weight = 127;
  std::map<std::string, std::vector<float>> weights;  // the scales that are given, see WeightRules
};

// As choose_bytes says of the network behind all passes; and where a line is of a tensor that cnnc computes
// on the way to another, as what a sum adds, that one too: other engines compute a sum of bytes faster.
StoredNames stored_names(const Graph& elaborated, const Quantization& quantization);

// The graph's model, see express.h: batchnorms that can be are folded into the weights before these become
// numbers.
std::optional<Model> express_quantized(const Graph& elaborated, const Quantization& quantization,
                                       Diagnostics& diagnostics);

}  // namespace cnnc::onnx
