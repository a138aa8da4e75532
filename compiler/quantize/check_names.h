#pragma once
#include "graph/graph.h"
#include "quantize/quantization.h"
#include "support/diagnostics.h"

namespace cnnc {

// Whether the network has what the quantisation names: reports each name that is none of a node, an input or
// an output of the elaborated graph, and weights' scales that are neither one nor one an output channel.
bool check_names(const Quantization& quantization, const Graph& elaborated, Diagnostics& diagnostics);

// Whether what the quantisation asks of the network behind the passes can be done: that inputs and outputs
// are bytes, and lines `equalise` (quantize/equalise.h). Reports each that cannot.
bool check_requests(const Quantization& quantization, const Graph& graph, Diagnostics& diagnostics);

}  // namespace cnnc
