#include "driver/calibrate/keep_floats.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "quantize/choose/choose_floats.h"

namespace cnnc {
namespace {

// What has hardly a signal loses no more than this.
double loss(const Noise& noise) {
  constexpr double kMost = 1e6;
  return noise.noise == 0 ? 0 : std::min(noise.noise / noise.signal, kMost);
}

}  // namespace

std::vector<LayerNoise> in_order_of_harm(std::vector<LayerNoise> layers) {
  std::stable_sort(layers.begin(), layers.end(), [](const LayerNoise& a, const LayerNoise& b) {
    return decibels(a.alone) < decibels(b.alone);
  });
  return layers;
}

std::vector<Quantization::Name> worst_layers(const NetworkNoise& noise, size_t count) {
  std::vector<Quantization::Name> names;
  for (const LayerNoise& layer : in_order_of_harm(noise.layers))
    if (names.size() < count) names.push_back({layer.name, {}});
  return names;
}

double least_decibels(const NetworkNoise& noise) {
  double least = std::numeric_limits<double>::infinity();
  for (const OutputNoise& output : noise.outputs) least = std::min(least, decibels(output.noise));
  return least;
}

std::vector<Quantization::Name> more_floats(const Graph& graph, const NetworkNoise& noise, double least) {
  std::vector<LayerLoss> layers;
  for (const LayerNoise& layer : noise.layers)
    layers.push_back({layer.name, loss(layer.alone), loss(layer.together)});
  std::vector<double> outputs;
  for (const OutputNoise& output : noise.outputs) outputs.push_back(loss(output.noise));
  std::vector<Quantization::Name> names;
  for (const std::string& name : choose_floats(graph, layers, outputs, std::pow(10, -least / 10)))
    names.push_back({name, {}});
  return names;
}

}  // namespace cnnc
