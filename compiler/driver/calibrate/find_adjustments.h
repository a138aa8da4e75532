// What a quantisation changes of the weights, by what the network computes on given inputs.
#pragma once
#include <vector>

#include "driver/calibrate/watched_graph.h"
#include "graph/graph.h"
#include "quantize/quantization.h"

namespace cnnc {

// The lines `equalise` that choose_equalisation makes of the channels' values.
std::vector<Quantization::Channels> find_equalisation(const Graph& graph, const Quantization& quantization,
                                                      const DataSet& data, const Compile& compile);

// The lines `correct` of the layers that are computed from bytes, see quantize/bias_correction.h, under the
// names that they have in the elaborated graph, of which the passes made `graph`. The quantisation has its
// lines of tensors.
std::vector<Quantization::Channels> find_corrections(const Graph& elaborated, const Graph& graph,
                                                     const Quantization& quantization, const DataSet& data,
                                                     const Compile& compile);

}  // namespace cnnc
