// Weights: where they come from, and binding them to a graph's parameters by name and shape.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "support/diagnostics.h"

namespace cnnc {

// A tensor of a weights file, converted to float.
struct NamedTensor {
  Shape shape;
  std::shared_ptr<const std::vector<float>> values;
};
using NamedTensors = std::map<std::string, NamedTensor>;

// Reads a safetensors file (https://huggingface.co/docs/safetensors: 8-byte little-endian header length, JSON
// header, data). Types F32, F16 and BF16; others are an error where the name is wanted. All of the header (its
// size, types, offsets, overlaps, holes) is checked before any tensor is read.
std::optional<NamedTensors> read_safetensors(const std::string& path, Diagnostics& diagnostics);

// Gives every parameter of the graph its values. One error lists all that is missing, unexpected, or of the wrong
// shape; false then. `num_batches_tracked`, which PyTorch adds to batch normalisation, is not unexpected.
bool bind(Graph& graph, const NamedTensors& tensors, const std::string& file, Diagnostics& diagnostics);

// Seeded weights for tests and benchmarks, the same on every machine: He initialisation (He et al. 2015, eq. 10) for
// conv and dense weights, small biases, batch normalisation statistics around (0, 1).
void bind_random(Graph& graph, uint64_t seed);

}  // namespace cnnc
