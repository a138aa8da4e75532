#include "quantize/bias_correction.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "ops/window/window.h"

namespace cnnc {
namespace {

// ---- sums of what taps meet
struct Taps {
  std::vector<Tap> rows, columns;
  int64_t height_stride = 1, width_stride = 1, width = 1, outputs = 1;
};

// A dense layer's features are channels of one element.
Taps taps_of_layer(const Node& layer, const Shape& input) {
  if (layer.op == "dense") return {{{0, 1, 0}}, {{0, 1, 0}}};
  const Window window = window_of(layer.attributes, input);
  return {taps_of(window.height), taps_of(window.width), window.height.stride,
          window.width.stride,    input.width(),         window.height.output * window.width.output};
}

// Of one channel, to as many sums as there are taps: first along rows, then over these.
void add_taps(const Taps& taps, const double* plane, int64_t height, double* sums) {
  std::vector<double> of_rows(static_cast<size_t>(height));
  for (size_t s = 0; s < taps.columns.size(); ++s) {
    const Tap& column = taps.columns[s];
    for (int64_t y = 0; y < height; ++y) {
      double sum = 0;
      for (int64_t x = column.begin; x < column.end; ++x)
        sum += plane[y * taps.width + x * taps.width_stride + column.offset];
      of_rows[static_cast<size_t>(y)] = sum;
    }
    for (size_t r = 0; r < taps.rows.size(); ++r)
      for (int64_t y = taps.rows[r].begin; y < taps.rows[r].end; ++y)
        sums[r * taps.columns.size() + s] +=
            of_rows[static_cast<size_t>(y * taps.height_stride + taps.rows[r].offset)];
  }
}

// What the byte of a value stands for.
double through_byte(float value, const ByteScale& scale) {
  const double byte = std::clamp(
      std::nearbyint(static_cast<double>(value * (1 / scale.scale))) + scale.zero_point, 0.0, 255.0);
  return (byte - scale.zero_point) * scale.scale;
}

// ---- noise
struct Row {                 // of an output's weights
  size_t size, first_input;  // first_input: the place of its first tap in LayerInputs
};

Row row_of(const Node& layer, const LayerInputs& seen, size_t output) {
  const Shape& weight = find_parameter(layer, "weight")->shape;
  const auto outputs = static_cast<size_t>(weight.sizes[0]),
             row = static_cast<size_t>(weight.elements()) / outputs;
  const size_t groups = seen.floats.size() / row;
  return {row, output / (outputs / groups) * row};
}

}  // namespace

void add(const std::vector<float>& values, const Node& layer, const Shape& input, const ByteScale& scale,
         LayerInputs& seen) {
  const Taps taps = taps_of_layer(layer, input);
  const size_t channels = static_cast<size_t>(input.sizes[0]), plane = values.size() / channels,
               filter = taps.rows.size() * taps.columns.size();
  seen.floats.resize(channels * filter);
  seen.bytes.resize(channels * filter);
  seen.squares.resize(channels);
  seen.noise.resize(channels);
  std::vector<double> floats(plane), bytes(plane);
  for (size_t c = 0; c < channels; ++c) {
    for (size_t i = 0; i < plane; ++i) {
      const float value = values[c * plane + i];
      floats[i] = std::isfinite(value) ? value : 0;
      bytes[i] = through_byte(static_cast<float>(floats[i]), scale);
      seen.squares[c] += bytes[i] * bytes[i];
      seen.noise[c] += (floats[i] - bytes[i]) * (floats[i] - bytes[i]);
    }
    const int64_t height = static_cast<int64_t>(plane) / taps.width;
    add_taps(taps, floats.data(), height, &seen.floats[c * filter]);
    add_taps(taps, bytes.data(), height, &seen.bytes[c * filter]);
  }
  seen.outputs += taps.outputs;
  seen.elements += static_cast<int64_t>(plane);
}

std::vector<double> mean_errors(const Node& layer, const ByteScale& scale, const WeightRules& rules,
                                const LayerInputs& seen) {
  constexpr double kLeastShare = 0.02;
  const std::vector<float>& weight = *find_parameter(layer, "weight")->values;
  const auto outputs = static_cast<size_t>(find_parameter(layer, "weight")->shape.sizes[0]);
  const IntegerWeights numbers = integer_weights(weight, {}, outputs, scale.scale, rules);
  const size_t filter = seen.floats.size() / seen.squares.size();
  std::vector<double> errors;
  double mean_squares = 0, noise = 0;
  for (size_t o = 0; o < outputs; ++o) {
    const Row row = row_of(layer, seen, o);
    double error = 0;
    for (size_t i = 0; i < row.size; ++i) {
      const double w = weight[o * row.size + i],
                   rounded = static_cast<double>(numbers.weight[o * row.size + i]) * numbers.scales[o];
      const size_t tap = row.first_input + i, channel = tap / filter;
      error += (rounded * seen.bytes[tap] - w * seen.floats[tap]) / static_cast<double>(seen.outputs);
      noise += (w * w * seen.noise[channel] + (rounded - w) * (rounded - w) * seen.squares[channel]) /
               static_cast<double>(seen.elements);
    }
    errors.push_back(error);
    mean_squares += error * error;
  }
  if (mean_squares < kLeastShare * noise || mean_squares == 0) return {};
  return errors;
}

namespace {

void add_to_bias(Node& layer, const std::vector<float>& numbers) {
  const bool is_bound = find_parameter(layer, "weight")->values != nullptr;
  if (!find_parameter(layer, "bias")) {
    layer.attributes["bias"] = true;
    layer.parameters.push_back({"bias", {static_cast<int64_t>(numbers.size())}, nullptr});
    if (is_bound) layer.parameters.back().values = std::make_shared<const std::vector<float>>(numbers.size());
  }
  for (Parameter& parameter : layer.parameters) {
    if (parameter.name != "bias" || !is_bound) continue;
    std::vector<float> sums = *parameter.values;
    for (size_t i = 0; i < sums.size(); ++i) sums[i] += numbers[i];
    parameter.values = std::make_shared<const std::vector<float>>(std::move(sums));
  }
}

}  // namespace

Graph with_corrections(Graph graph, const Quantization& quantization, const std::vector<bool>& is_integer) {
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    Node& node = graph.nodes[id];
    if (!is_integer[id] || (node.op != "conv" && node.op != "dense")) continue;
    for (const auto& line : quantization.corrections)
      if (std::find(node.covers.begin(), node.covers.end(), line.name) != node.covers.end())
        add_to_bias(node, line.numbers);
  }
  return graph;
}

}  // namespace cnnc
