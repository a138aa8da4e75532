// Weights: where they come from, and binding them to a graph's parameters by name and shape.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "support/bytes.h"
#include "support/diagnostics.h"

namespace cnnc {

// A tensor of a weights file, converted to float. A type that does not convert exactly (F64, I64, …) may
// stand in a file, but not be bound: `values` is null then.
struct NamedTensor {
  Shape shape;       // no sizes: a scalar
  std::string type;  // as the file has it: "F32"
  std::shared_ptr<const std::vector<float>> values;
};
using NamedTensors = std::map<std::string, NamedTensor>;

// Reads a safetensors file (https://huggingface.co/docs/safetensors: 8-byte little-endian header length, JSON
// header, data). Types F32, F16 and BF16 convert exactly; others are an error where the name is wanted. All
// of the header (its size, types, offsets, overlaps, holes) is checked before any tensor is read; empty if
// anything is wrong.
std::optional<NamedTensors> read_safetensors(const std::string& path, Diagnostics& diagnostics);

// Gives every parameter of the graph its values. One error lists all that is missing, unexpected, of the
// wrong shape, of a type that is not read, or not a finite number; false then, and the graph is as it was.
// `num_batches_tracked`, which PyTorch adds to batch normalisation, is not unexpected. Run before the passes,
// which rename nodes.
bool bind(Graph& graph, const NamedTensors& tensors, const std::string& file, Diagnostics& diagnostics);

// Whether all values that the graph has are numbers that can be computed with: finite, and variances at least
// 0. Else one error lists those that are not, by the names that files give them.
bool check_values(const Graph& graph, const std::string& file, Diagnostics& diagnostics);

// The graph's parameters as a safetensors file that binds to it, in the order of the nodes. All have values.
ByteSource safetensors_bytes(const Graph& graph);

// Seeded weights for tests and benchmarks, the same on every machine: He initialisation (He et al. 2015, eq.
// 10) for conv and dense weights, small biases, batch normalisation statistics around (0, 1). The values of a
// parameter depend on the seed and its name alone, so a change elsewhere in the network leaves them as they
// are.
void bind_random(Graph& graph, uint64_t seed);

}  // namespace cnnc
