#include "driver/calibrate/compare_networks.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cnnc {
namespace {

// Infinite where that of bytes is no finite number.
double error_of(float of_floats, float of_bytes) {
  const double error = std::abs(static_cast<double>(of_floats) - of_bytes);
  return std::isfinite(error) ? error : std::numeric_limits<double>::infinity();
}

void add(const std::vector<float>& floats, const std::vector<float>& others, Noise& noise) {
  for (size_t i = 0; i < floats.size(); ++i) {
    if (!std::isfinite(floats[i])) continue;
    const double signal = floats[i], error = error_of(floats[i], others[i]);
    noise.signal += signal * signal;
    noise.noise += error * error;
  }
}

void add(const std::vector<float>& floats, const std::vector<float>& others, OutputNoise& output) {
  add(floats, others, output.noise);
  for (size_t i = 0; i < floats.size(); ++i)
    if (std::isfinite(floats[i]))
      output.largest_error = std::max(output.largest_error, error_of(floats[i], others[i]));
    else
      ++output.not_finite;
}

// The channel, or feature, of the greatest element; `at` is its place in each channel.
int64_t greatest_channel(const std::vector<float>& values, int64_t channels, int64_t at) {
  const int64_t plane = static_cast<int64_t>(values.size()) / channels;
  int64_t best = 0;
  for (int64_t c = 1; c < channels; ++c)
    if (values[static_cast<size_t>(c * plane + at)] > values[static_cast<size_t>(best * plane + at)])
      best = c;
  return best;
}

void count_answers(const Shape& shape, const std::vector<float>& floats, const std::vector<float>& others,
                   OutputNoise& output) {
  const int64_t channels = shape.sizes[0];
  if (channels < 2 || !(shape.is_vector() || shape.is_map())) return;
  const int64_t plane = static_cast<int64_t>(floats.size()) / channels;
  for (int64_t at = 0; at < plane; ++at, ++output.answers)
    if (greatest_channel(floats, channels, at) == greatest_channel(others, channels, at)) ++output.agree;
}

}  // namespace

double decibels(const Noise& noise) {
  if (noise.noise == 0) return std::numeric_limits<double>::infinity();
  return 10 * std::log10(noise.signal / noise.noise);
}

NetworkNoise compare_networks(const Graph& graph, const Quantization& quantization, const DataSet& data,
                              const Compile& compile) {
  const ComparisonGraph comparison = comparison_graph(graph, quantization);
  NetworkNoise result;
  for (const ComparedLayer& layer : comparison.layers)
    result.layers.push_back({layer.name, layer.op, {}, {}});
  for (const GraphOutput& output : graph.outputs) result.outputs.push_back({output.name, {}});
  const auto compiled = compile(comparison.graph);
  for (int64_t example = 0; example < data.examples; ++example) {
    const Tensors tensors = compiled->run(data.example(example));
    for (size_t i = 0; i < result.layers.size(); ++i) {
      const ComparedLayer& layer = comparison.layers[i];
      add(tensors[layer.floats], tensors[layer.alone], result.layers[i].alone);
      add(tensors[layer.floats], tensors[layer.together], result.layers[i].together);
    }
    for (size_t i = 0; i < result.outputs.size(); ++i) {
      const auto [floats, bytes] = comparison.outputs[i];
      OutputNoise& output = result.outputs[i];
      add(tensors[floats], tensors[bytes], output);
      count_answers(graph.nodes[graph.outputs[i].node].shape, tensors[floats], tensors[bytes], output);
    }
  }
  return result;
}

}  // namespace cnnc
