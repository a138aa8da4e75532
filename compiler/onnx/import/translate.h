// Models to networks: ONNX's operators and shapes to those of cnnc.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "onnx/import/quantization.h"
#include "onnx/import/translate_options.h"
#include "onnx/model.h"
#include "support/diagnostics.h"

namespace cnnc::onnx {

// A network as elaboration makes it, its weights bound. A name of a node is a path that a text may have
// (layer1.0.conv1), made from the names of weights and nodes; "%12" where the model has none that says
// anything. Whether a text can have exactly these names is left to describe().
struct Network {
  Graph graph;
  int64_t images = 1;  // of one run of the model
  // Where the library is used otherwise than the model: inputs and outputs whose elements have another order,
  // that have other names, or that are none of the network.
  std::vector<std::string> notes = {};
  std::optional<NetworkQuantization> quantization = {};  // of a model that has tensors of bytes
};

// Empty where something cannot be mapped: then all that cannot is reported at once, each node by name and
// operator, with the reason.
std::optional<Network> translate(const Model& model, const TranslateOptions& options, const std::string& file,
                                 Diagnostics& diagnostics);

// The sizes of the model's outputs, as far as they can be found; a batch that the model leaves open stays so.
std::map<std::string, std::vector<Dimension>> sizes_of_values(const Model& model,
                                                              const TranslateOptions& options,
                                                              const std::string& file);

}  // namespace cnnc::onnx
