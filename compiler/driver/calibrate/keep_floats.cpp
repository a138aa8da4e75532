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

double least_decibels(const NetworkNoise& noise) {
  double least = std::numeric_limits<double>::infinity();
  for (const OutputNoise& output : noise.outputs) least = std::min(least, decibels(output.noise));
  return least;
}

namespace {

using Names = std::vector<std::string>;

// What is lost of layers and outputs, as estimates take it.
struct Losses {
  std::vector<LayerLoss> layers;
  std::vector<double> outputs;
};

Losses losses_of(const NetworkNoise& noise) {
  Losses losses;
  for (const LayerNoise& layer : noise.layers)
    losses.layers.push_back({layer.name, loss(layer.alone), loss(layer.together)});
  for (const OutputNoise& output : noise.outputs) losses.outputs.push_back(loss(output.noise));
  return losses;
}

std::vector<Quantization::Name> named(const Names& worst, const Names& more) {
  std::vector<Quantization::Name> names;
  for (const Names* part : {&worst, &more})
    for (const std::string& name : *part) names.push_back({name, {}});
  return names;
}

// More layers each time, while that is not enough and there are such whose losses reach an output; `chosen`
// grows by them.
Quantised until_enough(const Graph& graph, Quantised result, const Names& worst, double least, Names& chosen,
                       const Measure& measure) {
  while (true) {
    const Losses losses = losses_of(result.noise);
    const Names more = choose_floats(graph, losses.layers, losses.outputs, std::pow(10, -least / 10));
    if (more.empty()) return result;
    chosen.insert(chosen.end(), more.begin(), more.end());
    result = measure(named(worst, chosen));
  }
}

// Without those of the chosen layers that are not needed.
Quantised trimmed(Quantised enough, const Names& worst, double least, Names chosen, const Measure& measure) {
  size_t place = 0, size = std::max<size_t>(chosen.size() / 2, 1);
  for (int tries = 0; tries < kMostTries && place < chosen.size(); ++tries) {
    const size_t count = std::min(size, chosen.size() - place);
    Names fewer = chosen;
    const auto first = fewer.begin() + static_cast<std::ptrdiff_t>(place);
    fewer.erase(first, first + static_cast<std::ptrdiff_t>(count));
    Quantised tried = measure(named(worst, fewer));
    if (least_decibels(tried.noise) >= least) {
      enough = std::move(tried);
      chosen = std::move(fewer);
      size = 2 * count;
    } else {
      if (count == 1) ++place;
      size = std::max<size_t>(count / 2, 1);
    }
  }
  return enough;
}

}  // namespace

Quantised with_floats(const Graph& graph, Quantised all, const FloatRules& rules, const Measure& measure) {
  Names worst, chosen;
  for (const LayerNoise& layer : in_order_of_harm(all.noise.layers))
    if (worst.size() < rules.worst) worst.push_back(layer.name);
  Quantised result = worst.empty() ? all : measure(named(worst, {}));
  if (!rules.least) return result;
  result = until_enough(graph, std::move(result), worst, *rules.least, chosen, measure);
  if (least_decibels(result.noise) < *rules.least) return result;
  const Losses losses = losses_of(all.noise);
  chosen = in_order_of_worth(graph, losses.layers, losses.outputs, chosen);
  return trimmed(std::move(result), worst, *rules.least, std::move(chosen), measure);
}

}  // namespace cnnc
