#include "quantize/choose/choose_equalisation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "ops/registry.h"
#include "quantize/equalise.h"
#include "quantize/integer_forms.h"

namespace cnnc {
namespace {

using Values = std::vector<std::optional<ChannelValues>>;
using Factors = std::vector<double>;

constexpr int64_t kLeastCount = 256;  // of values by which the range of a channel is known
constexpr double kLeastFactorUsed = 1.0 / 64;
constexpr double kLeastGain = 1.122;  // half a decibel
constexpr double kPowers[] = {0.25, 0.5, 0.75, 1};

double magnitude(const Range& range) {
  return std::max(range.greatest, -range.least);
}

// What weights an output has for the channels [first, first + size) of the tensor that is read.
struct Output {
  size_t first = 0;
  std::vector<double> squares, greatest;  // by channel: sum of squares, and greatest magnitude
};

// A layer and the tensor that it reads, by the channels that have factors.
struct Reader {
  std::vector<Range> ranges;
  std::vector<double> squares;  // means
  std::vector<Output> outputs;
  double weights_of_channel = 1;  // that an output has
};

// ---- what is known of a reader
void read_values(const ChannelValues& values, size_t channels, Reader& reader) {
  reader.ranges.resize(channels);
  reader.squares.resize(channels);
  const size_t repeat = values.ranges.size() / channels;
  for (size_t i = 0; i < values.ranges.size(); ++i) {
    reader.ranges[i / repeat] = join(reader.ranges[i / repeat], values.ranges[i]);
    reader.squares[i / repeat] += values.squares[i] / static_cast<double>(values.count * repeat);
  }
}

void read_weights(const Node& layer, const Shape& input, size_t channels, Reader& reader) {
  const Parameter& weight = *find_parameter(layer, "weight");
  const auto outputs = static_cast<size_t>(weight.shape.sizes[0]),
             of_group = static_cast<size_t>(weight.shape.sizes[1]),
             inputs = static_cast<size_t>(input.sizes[0]);
  const size_t row = weight.values->size() / outputs, repeat = inputs / channels, taps = row / of_group;
  const size_t group_outputs = outputs / (inputs / of_group),
               group_channels = std::max<size_t>(of_group / repeat, 1);
  reader.weights_of_channel = static_cast<double>(row) / static_cast<double>(group_channels);
  for (size_t o = 0; o < outputs; ++o) {
    Output output{o / group_outputs * of_group / repeat, std::vector<double>(group_channels),
                  std::vector<double>(group_channels)};
    for (size_t i = 0; i < row; ++i) {
      const double w = std::fabs((*weight.values)[o * row + i]);
      const size_t channel = std::min(i / taps / repeat, group_channels - 1);
      output.squares[channel] += w * w;
      output.greatest[channel] = std::max(output.greatest[channel], w);
    }
    reader.outputs.push_back(std::move(output));
  }
}

// ---- estimates
double byte_step(const Reader& reader, const Factors& factors) {
  double least = 0, most = 0;
  for (size_t c = 0; c < factors.size(); ++c) {
    least = std::min(least, reader.ranges[c].least / factors[c]);
    most = std::max(most, reader.ranges[c].greatest / factors[c]);
  }
  return (most - least) / 255;
}

// Noise by signal of an output, times 12; of one without signal 0.
double noise_of_output(const Reader& reader, const Output& output, const Factors& factors, double step,
                       int greatest_weight) {
  double signal = 0, of_bytes = 0, inputs = 0, greatest = 0;
  for (size_t i = 0; i < output.squares.size(); ++i) {
    const size_t c = output.first + i;
    const double f = factors[c];
    signal += output.squares[i] * reader.squares[c];
    of_bytes += output.squares[i] * f * f * step * step;
    inputs += reader.weights_of_channel * reader.squares[c] / (f * f);
    greatest = std::max(greatest, output.greatest[i] * f);
  }
  const double weight_step = greatest / greatest_weight;
  return signal > 0 ? (of_bytes + weight_step * weight_step * inputs) / signal : 0;
}

double noise(const std::vector<Reader>& readers, const Factors& factors, int greatest_weight) {
  double sum = 0;
  for (const Reader& reader : readers) {
    const double step = byte_step(reader, factors);
    for (const Output& output : reader.outputs)
      sum += noise_of_output(reader, output, factors, step, greatest_weight) /
             static_cast<double>(reader.outputs.size());
  }
  return sum;
}

// ---- factors
// By channel the greatest weight, by the greatest of its output.
std::vector<double> weights_by_channel(const std::vector<Reader>& readers, size_t channels) {
  std::vector<double> result(channels);
  for (const Reader& reader : readers)
    for (const Output& output : reader.outputs) {
      const double most = *std::max_element(output.greatest.begin(), output.greatest.end());
      for (size_t i = 0; i < output.greatest.size() && most > 0; ++i)
        result[output.first + i] = std::max(result[output.first + i], output.greatest[i] / most);
    }
  return result;
}

double of_three_digits(double value) {
  const double unit = std::pow(10, std::floor(std::log10(value)) - 2);
  return std::min(std::ceil(value / unit) * unit, 1.0);
}

// The greatest is 1. A channel that is 0 or is not read keeps 1, too.
Factors factors_of(const std::vector<double>& magnitudes, const std::vector<double>& weights, double power,
                   double limit) {
  Factors factors;
  for (size_t c = 0; c < magnitudes.size(); ++c)
    factors.push_back(magnitudes[c] > 0 && weights[c] > 0
                          ? std::pow(magnitudes[c], power) / std::pow(weights[c], 1 - power)
                          : 0);
  const double most = *std::max_element(factors.begin(), factors.end());
  for (size_t c = 0; c < factors.size(); ++c)
    factors[c] = factors[c] == 0
                     ? 1
                     : of_three_digits(std::clamp(std::max(factors[c] / most, magnitudes[c] / limit),
                                                  kLeastFactorUsed, 1.0));
  return factors;
}

class Equaliser {
 public:
  Equaliser(const Graph& graph, const Values& values, const Quantization& quantization)
      : graph_(graph), values_(values), greatest_weight_(greatest_weight(quantization)) {}

  std::vector<Quantization::Channels> choose() {
    std::vector<Quantization::Channels> lines;
    for (NodeId id = 0; id < static_cast<NodeId>(graph_.nodes.size()); ++id) {
      const Node& node = graph_.nodes[id];
      if ((node.op != "conv" && node.op != "dense") || node.covers.empty() || done_.count(id) > 0) continue;
      const auto found = equalised_region(graph_, id);
      if (const auto* region = std::get_if<EqualisedRegion>(&found)) {
        done_.insert(region->tensors.begin(), region->tensors.end());
        if (const Factors factors = best_factors(*region, static_cast<size_t>(node.shape.sizes[0]));
            !factors.empty())
          lines.push_back({node.name, {factors.begin(), factors.end()}, {}});
      }
    }
    return lines;
  }

 private:
  const ChannelValues* values_of(NodeId id) const {
    while (facts_of(graph_.nodes[id]).is_alias) id = graph_.nodes[id].inputs[0];
    return values_[id] && values_[id]->count >= kLeastCount ? &*values_[id] : nullptr;
  }

  // Those that are computed from bytes.
  std::vector<Reader> readers_of(const EqualisedRegion& region, size_t channels) const {
    std::vector<Reader> readers;
    for (const NodeId id : region.readers) {
      const Node& node = graph_.nodes[id];
      const ChannelValues* values = values_of(node.inputs[0]);
      if (!values || integer_form(graph_, node) != IntegerForm::contraction) continue;
      Reader reader;
      read_values(*values, channels, reader);
      read_weights(node, graph_.nodes[node.inputs[0]].shape, channels, reader);
      readers.push_back(std::move(reader));
    }
    return readers;
  }

  // None where they do not help.
  Factors best_factors(const EqualisedRegion& region, size_t channels) const {
    const std::vector<Reader> readers = readers_of(region, channels);
    if (readers.empty()) return {};
    std::vector<double> magnitudes(channels);
    for (const Reader& reader : readers)
      for (size_t c = 0; c < channels; ++c)
        magnitudes[c] = std::max(magnitudes[c], magnitude(reader.ranges[c]));
    const std::vector<double> weights = weights_by_channel(readers, channels);
    Factors best;
    double least = noise(readers, Factors(channels, 1.0), greatest_weight_) / kLeastGain;
    for (const double power : kPowers) {
      Factors factors = factors_of(magnitudes, weights, power, region.limit);
      const double n = noise(readers, factors, greatest_weight_);
      if (n < least) least = n, best = std::move(factors);
    }
    return best;
  }

  const Graph& graph_;
  const Values& values_;
  const int greatest_weight_;
  std::set<NodeId> done_;
};

}  // namespace

void add(const std::vector<float>& values, size_t channels, ChannelValues& seen) {
  seen.ranges.resize(channels);
  seen.squares.resize(channels);
  const size_t plane = values.size() / channels;
  for (size_t i = 0; i < values.size(); ++i) {
    const float value = values[i];
    if (!std::isfinite(value)) continue;
    Range& range = seen.ranges[i / plane];
    range.least = std::min(range.least, value);
    range.greatest = std::max(range.greatest, value);
    seen.squares[i / plane] += static_cast<double>(value) * static_cast<double>(value);
  }
  seen.count += static_cast<int64_t>(plane);
}

std::vector<Quantization::Channels> choose_equalisation(const Graph& graph, const Values& values,
                                                        const Quantization& quantization) {
  return Equaliser(graph, values, quantization).choose();
}

}  // namespace cnnc
