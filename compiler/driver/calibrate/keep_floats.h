// Which layers stay in floats because of what the network of bytes loses.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "driver/calibrate/compare_networks.h"
#include "graph/graph.h"
#include "quantize/quantization.h"

namespace cnnc {

// The most harmed first.
std::vector<LayerNoise> in_order_of_harm(std::vector<LayerNoise> layers);

// The outputs' least, in dB; infinite where nothing is lost.
double least_decibels(const NetworkNoise& noise);

// A quantisation, and what is lost by it.
struct Quantised {
  Quantization quantization;
  NetworkNoise noise;
};
// With these layers in floats.
using Measure = std::function<Quantised(const std::vector<Quantization::Name>& floats)>;

struct FloatRules {
  size_t worst = 0;             // so many of the layers stay in floats, those that lose most alone
  std::optional<double> least;  // and more of them, until each output has so many decibels
};

// With the layers in floats that the rules want so. `all`: with none of them.
//
// For `least` they are estimated (quantize/choose/choose_floats.h) and measured, and more are taken where
// that was too few. Then those that were too many go back to bytes, first those that save most for what they
// harm: in groups, of which the next one is twice as large where all outputs keep their decibels, and half as
// large where they do not; until each layer that is left was tried alone, or kMostTries groups were.
constexpr int kMostTries = 24;
Quantised with_floats(const Graph& graph, Quantised all, const FloatRules& rules, const Measure& measure);

}  // namespace cnnc
