// What the operators of a network become where they are computed from bytes.
#pragma once
#include <cstddef>
#include <cstdint>

#include "graph/graph.h"

namespace cnnc {

enum class IntegerForm {
  none,         // it is of floats
  contraction,  // conv, dense: integer_conv, integer_dense
  average,      // avgpool, global_avgpool: integer_avgpool
  elementwise,  // a sum of tensors of one shape, an activation: dequantize, with all else in its epilogue
  move          // the elements, or the greatest of some, are the input's: the same operator, on bytes
};
IntegerForm integer_form(const Graph& graph, const Node& node);

// Whether the bytes of the node's result have the scale of those that it reads: what moves elements, and
// means that no node of the elaborated graph has, and no line of a quantisation therefore.
bool keeps_scale(const Node& node);

// The elements of a window, all of which have a part in each mean, of a node whose form is `average`.
int64_t taps_of_average(const Graph& graph, const Node& node);

// Whether a node that is computed from bytes reads that input of it as bytes where they are listed: its
// operator's own, and what its epilogue adds.
bool reads_bytes(const Node& node, size_t input);

}  // namespace cnnc
