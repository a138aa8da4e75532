#include "quantize/choose/choose_floats.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace cnnc {
namespace {

// What a layer costs in floats beyond what it does as bytes, in multiply-adds: those that it makes, and for
// each element that is read or written as four bytes instead of one about as much as so many of them.
double cost(const Graph& graph, const Node& node) {
  constexpr double kOfElement = 16;
  double multiply_adds = 0, elements = static_cast<double>(node.shape.elements());
  if (const Parameter* weight = find_parameter(node, "weight"))
    multiply_adds = elements * static_cast<double>(weight->shape.elements()) /
                    static_cast<double>(weight->shape.sizes[0]);
  for (const NodeId input : node.inputs)
    elements += static_cast<double>(graph.nodes[static_cast<size_t>(input)].shape.elements());
  return multiply_adds + kOfElement * elements;
}

// How what is lost comes together, by node of the graph.
struct Flow {
  std::vector<double> own;   // that the node adds
  std::vector<double> gain;  // of each of its inputs' losses, what is in its own
  std::vector<int> layers;   // its number among the layers; or -1
};

Flow flow_of(const Graph& graph, const std::vector<LayerLoss>& layers) {
  const size_t count = graph.nodes.size();
  std::map<std::string_view, int> numbers;
  for (size_t i = 0; i < layers.size(); ++i) numbers[layers[i].name] = static_cast<int>(i);
  Flow flow{std::vector<double>(count), std::vector<double>(count), std::vector<int>(count, -1)};
  std::vector<double> losses(count);
  for (size_t id = 0; id < count; ++id) {
    const Node& node = graph.nodes[id];
    double read = 0;
    for (const NodeId input : node.inputs) read += losses[static_cast<size_t>(input)];
    const auto found = numbers.find(node.name);
    if (found == numbers.end()) {
      flow.gain[id] = node.inputs.empty() ? 0 : 1 / static_cast<double>(node.inputs.size());
      losses[id] = read * flow.gain[id];
      continue;
    }
    const LayerLoss& layer = layers[static_cast<size_t>(found->second)];
    flow.layers[id] = found->second;
    flow.own[id] = read > 0 ? std::min(layer.alone, layer.together) : layer.together;
    flow.gain[id] = read > 0 ? (layer.together - flow.own[id]) / read : 0;
    losses[id] = layer.together;
  }
  return flow;
}

// By layer, its part in what the output loses; together they are `loss`.
std::vector<double> parts_of(const Graph& graph, const Flow& flow, size_t layers, NodeId output,
                             double loss) {
  std::vector<double> reaches(graph.nodes.size()), parts(layers);
  reaches[static_cast<size_t>(output)] = 1;
  for (size_t id = graph.nodes.size(); id-- > 0;) {
    if (flow.layers[id] >= 0) parts[static_cast<size_t>(flow.layers[id])] = reaches[id] * flow.own[id];
    for (const NodeId input : graph.nodes[id].inputs)
      reaches[static_cast<size_t>(input)] += reaches[id] * flow.gain[id];
  }
  const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
  for (double& part : parts) part = sum > 0 ? part / sum * loss : 0;
  return parts;
}

// What is estimated of layers.
struct Estimate {
  std::vector<std::vector<double>> parts;  // by output and layer, in what that loses
  std::vector<double> costs;               // by layer
};

Estimate estimate_of(const Graph& graph, const std::vector<LayerLoss>& layers,
                     const std::vector<double>& losses) {
  Estimate estimate{{}, std::vector<double>(layers.size(), 1)};
  const Flow flow = flow_of(graph, layers);
  for (size_t o = 0; o < losses.size(); ++o)
    estimate.parts.push_back(parts_of(graph, flow, layers.size(), graph.outputs[o].node, losses[o]));
  for (size_t id = 0; id < graph.nodes.size(); ++id)
    if (flow.layers[id] >= 0)
      estimate.costs[static_cast<size_t>(flow.layers[id])] = cost(graph, graph.nodes[id]);
  return estimate;
}

class Choice {
 public:
  Choice(const Graph& graph, const std::vector<LayerLoss>& layers, std::vector<double> losses, double allowed)
      : losses_(std::move(losses)),
        allowed_(allowed),
        estimate_(estimate_of(graph, layers, losses_)),
        is_chosen_(layers.size()) {}

  // By what is won for its cost; those that the later ones have made needless are taken back.
  std::vector<bool> choose() {
    std::vector<size_t> chosen;
    while (!is_enough()) {
      const size_t best = best_layer();
      if (best == is_chosen_.size()) return is_chosen_;
      take(best, -1);
      chosen.push_back(best);
    }
    std::stable_sort(chosen.begin(), chosen.end(),
                     [&](size_t a, size_t b) { return estimate_.costs[a] > estimate_.costs[b]; });
    for (const size_t layer : chosen) {
      take(layer, 1);
      if (!is_enough()) take(layer, -1);
    }
    return is_chosen_;
  }

 private:
  bool is_enough() const {
    return std::all_of(losses_.begin(), losses_.end(), [&](double loss) { return loss <= allowed_; });
  }

  void take(size_t layer, double sign) {
    is_chosen_[layer] = sign < 0;
    for (size_t o = 0; o < losses_.size(); ++o) losses_[o] += sign * estimate_.parts[o][layer];
  }

  // The number of layers if none has a part in what is too much.
  size_t best_layer() const {
    size_t best = is_chosen_.size();
    double most = 0;
    for (size_t i = 0; i < is_chosen_.size(); ++i) {
      double won = 0;
      for (size_t o = 0; o < losses_.size(); ++o)
        if (losses_[o] > allowed_) won += std::min(estimate_.parts[o][i] / (losses_[o] - allowed_), 1.0);
      if (!is_chosen_[i] && won / estimate_.costs[i] > most) most = won / estimate_.costs[i], best = i;
    }
    return best;
  }

  std::vector<double> losses_;
  const double allowed_;
  const Estimate estimate_;
  std::vector<bool> is_chosen_;
};

}  // namespace

std::vector<std::string> choose_floats(const Graph& graph, const std::vector<LayerLoss>& layers,
                                       const std::vector<double>& outputs, double allowed) {
  const std::vector<bool> is_chosen = Choice(graph, layers, outputs, allowed).choose();
  std::vector<std::string> names;
  for (size_t i = 0; i < layers.size(); ++i)
    if (is_chosen[i]) names.push_back(layers[i].name);
  return names;
}

std::vector<std::string> in_order_of_worth(const Graph& graph, const std::vector<LayerLoss>& layers,
                                           const std::vector<double>& outputs,
                                           std::vector<std::string> names) {
  const Estimate estimate = estimate_of(graph, layers, outputs);
  std::map<std::string_view, double> harms;  // by what they save: of outputs' losses together
  for (size_t i = 0; i < layers.size(); ++i)
    for (size_t o = 0; o < outputs.size(); ++o)
      if (outputs[o] > 0) harms[layers[i].name] += estimate.parts[o][i] / outputs[o] / estimate.costs[i];
  std::stable_sort(names.begin(), names.end(),
                   [&](const std::string& a, const std::string& b) { return harms[a] < harms[b]; });
  return names;
}

}  // namespace cnnc
