// What a network loses where it computes with bytes.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "driver/calibrate/watched_graph.h"
#include "quantize/comparison_graph.h"

namespace cnnc {

// Energies, summed over elements and examples. Elements that are no finite numbers in the network of floats
// count for nothing; where those of bytes alone are none, the noise is infinite.
struct Noise {
  double signal = 0, noise = 0;
};
// 10 log10 of signal by noise: infinite without noise, minus infinity of nothing but noise.
double decibels(const Noise& noise);

struct LayerNoise {
  std::string name, op;
  Noise alone;     // of the layer's result if it alone is computed from bytes
  Noise together;  // in the network of bytes
};

struct OutputNoise {
  std::string name;
  Noise noise;
  double largest_error = 0;  // of one element
  int64_t not_finite = 0;    // elements that are no finite numbers as floats
  // Of how many vectors, or pixels of maps, the greatest element is the same; none where there is one element
  // alone, and of tensors of other ranks.
  int64_t agree = 0, answers = 0;
};

struct NetworkNoise {
  std::vector<LayerNoise> layers;  // in the order of the network
  std::vector<OutputNoise> outputs;
};

// The network as floats and as bytes on all examples. `graph`: as the passes have made it.
NetworkNoise compare_networks(const Graph& graph, const Quantization& quantization, const DataSet& data,
                              const Compile& compile);

}  // namespace cnnc
