// Which tensors of a network are stored as bytes.
#pragma once
#include <optional>
#include <vector>

#include "graph/graph.h"
#include "quantize/quantization.h"

namespace cnnc {

struct ByteTensors {
  // By node of the graph: what its value's bytes stand for, where a node reads them; else empty.
  std::vector<std::optional<ByteScale>> scales;
  std::vector<bool> is_integer;         // nodes that are computed from bytes
  std::vector<bool> is_read_as_floats;  // by a node that is not, or as an output that is not rounded
};

// Of a graph that the passes have made. A conv or dense layer is computed from bytes where its input has a
// line in the quantisation and no line says that it stays in floats; so are pools, sums, elementwise nodes
// and what moves elements, where what they read has lines and another node wants their result as bytes. All
// tensors between which elements only move have one scale, over all that theirs span. A node whose value is
// on the way to one of the elaborated graph, as the passes make them, has the line of what it moves or
// averages.
// An output of the network whose tensor has a line is rounded to its bytes, whether the library has it as
// bytes or as the reals that these stand for; an input is bytes where the library has it so.
// `OutputRule::by_layers`: outputs are bytes only where a layer reads them so or the library has them so.
enum class OutputRule { by_lines, by_layers };
ByteTensors choose_bytes(const Graph& graph, const Quantization& quantization,
                         OutputRule outputs = OutputRule::by_lines);

}  // namespace cnnc
