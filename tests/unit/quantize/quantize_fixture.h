// Quantisations of small networks, calibrated on one image by the reference evaluation.
#pragma once
#include <string>
#include <vector>

#include "quantize/apply.h"
#include "quantize/list_tensors.h"
#include "unit/passes/passes_fixture.h"

namespace cnnc::testing {

inline std::vector<std::vector<float>> some_images(const Graph& graph) {
  std::vector<std::vector<float>> images;
  for (const NodeId id : graph.inputs) images.push_back(some_image(graph.nodes[id].shape));
  return images;
}

// Of a graph behind the passes: ranges from the least to the greatest value of some_images.
inline Quantization calibrated(const Graph& graph, Quantization quantization = {}) {
  const std::vector<Reference> all = evaluate(graph, some_images(graph));
  std::vector<std::optional<Range>> ranges;
  for (const Reference& reference : all)
    ranges.emplace_back(with(Range(), {reference.values.begin(), reference.values.end()}));
  if (quantization.network.empty()) quantization.network = graph.name;
  return list_tensors(graph, ranges, std::move(quantization));
}

// 10 log10 of the signal's energy by that of the difference, over all outputs.
inline double signal_to_noise(const Graph& graph, const Graph& other) {
  const auto a = outputs_of(graph), b = outputs_of(other);
  double signal = 0, noise = 0;
  for (size_t o = 0; o < a.size(); ++o)
    for (size_t i = 0; i < a[o].size(); ++i) {
      signal += a[o][i] * a[o][i];
      noise += (a[o][i] - b[o][i]) * (a[o][i] - b[o][i]);
    }
  return 10 * std::log10(signal / noise);
}

// "conv1 as bytes: quantize(conv1)"; a line a node that is no input, its epilogue behind it.
inline std::string outline(const Graph& graph) {
  std::string text;
  for (const Node& node : graph.nodes) {
    if (is_input(node)) continue;
    text += node.name + ": " + node.op + "(";
    for (size_t i = 0; i < node.inputs.size(); ++i)
      text += (i ? ", " : "") + graph.nodes[node.inputs[i]].name;
    text += ")" + (node.epilogue.empty() ? "" : " " + epilogue(node)) + "\n";
  }
  return text;
}

}  // namespace cnnc::testing
