// Which layers stay in floats because of what the network of bytes loses.
#pragma once
#include <optional>
#include <vector>

#include "driver/calibrate/compare_networks.h"
#include "graph/graph.h"
#include "quantize/quantization.h"

namespace cnnc {

// The most harmed first.
std::vector<LayerNoise> in_order_of_harm(std::vector<LayerNoise> layers);

// So many of the layers, those that lose most alone.
std::vector<Quantization::Name> worst_layers(const NetworkNoise& noise, size_t count);

// The outputs' least, in dB; infinite where nothing is lost.
double least_decibels(const NetworkNoise& noise);

// The layers to leave in floats, too, for each output to have so many decibels
// (quantize/choose/choose_floats.h): none where all have them, or where no layer's loss reaches one that has
// not.
std::vector<Quantization::Name> more_floats(const Graph& graph, const NetworkNoise& noise, double least);

}  // namespace cnnc
