#pragma once
#include "graph/graph.h"
#include "quantize/quantization.h"
#include "support/diagnostics.h"

namespace cnnc {

// Whether the network has what the quantisation names: reports each name that is none of a node, an input or
// an output of the elaborated graph, and weights' scales that are neither one nor one an output channel.
bool check_names(const Quantization& quantization, const Graph& elaborated, Diagnostics& diagnostics);

}  // namespace cnnc
