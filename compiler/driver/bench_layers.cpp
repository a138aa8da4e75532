#include "driver/bench_layers.h"

#include <algorithm>

#include "driver/front.h"
#include "plan/space.h"

namespace cnnc {
namespace {

// Multiply-adds of all nodes that a step covers, for one image, by their definition.
int64_t macs_of(const Graph& graph, const Step& step) {
  int64_t sum = 0;
  for (const Node& node : graph.nodes) {
    if (std::find(step.covers.begin(), step.covers.end(), node.name) != step.covers.end())
      sum += macs(graph, node);
  }
  return sum;
}

int64_t values_of(const Layout& layout) {
  return layout.images * layout.channels * layout.height * layout.width;
}

// Floats that the step's node reads and writes, each once; a copy, which is no node's, its one tensor.
int64_t floats_of(const Graph& optimised, const Plan& plan, const Step& step) {
  const auto node = std::find_if(optimised.nodes.begin(), optimised.nodes.end(),
                                 [&](const Node& n) { return n.name == step.name; });
  if (node == optimised.nodes.end())
    return 2 * values_of(plan.buffers[static_cast<size_t>(step.output)].layout);
  int64_t per_image = node->shape.elements(), parameters = 0;
  for (const NodeId input : node->inputs)
    per_image += optimised.nodes[static_cast<size_t>(input)].shape.elements();
  for (const Parameter& parameter : node->parameters) parameters += parameter.shape.elements();
  return per_image * plan.images + parameters;
}

}  // namespace

std::vector<BenchLayer> bench_layers(const Graph& graph, const Graph& optimised, const Plan& plan) {
  std::vector<BenchLayer> layers;
  for (const Step& step : plan.steps) {
    if (step.partial) continue;
    layers.push_back({step.name, to_string(plan.buffers[static_cast<size_t>(step.output)].layout),
                      2.0 * static_cast<double>(macs_of(graph, step) * plan.images),
                      static_cast<double>(floats_of(optimised, plan, step)) * sizeof(float)});
  }
  return layers;
}

TimedSchedule timed_schedule(std::string name, bool has_numbers, const CompiledSchedule& compiled,
                             const Samples& samples, const Samples& first) {
  TimedSchedule timed;
  timed.name = std::move(name);
  timed.has_numbers = has_numbers;
  timed.runs = static_cast<int64_t>(samples.runs.size());
  bool is_right = true;
  for (const Step& step : compiled.plan.steps) {
    if (step.partial) continue;
    const size_t i = timed.layers.size();
    TimedLayer layer{
        choice_of(compiled.plan.kernels[static_cast<size_t>(step.kernel)]), compiled.failures[i], {}};
    if (!layer.failure) layer.seconds = spread_of(samples.layers[i]);
    if (layer.failure) timed.is_complete = false;
    if (layer.failure && layer.failure->wrong) is_right = false;
    timed.layers.push_back(std::move(layer));
  }
  if (!is_right) return timed;
  timed.total = spread_of(samples.runs);
  std::vector<double> ratios;
  for (size_t i = 0; i < std::min(samples.rounds.size(), first.rounds.size()); ++i)
    ratios.push_back(samples.rounds[i] / first.rounds[i]);
  timed.ratio = spread_of(ratios);
  return timed;
}

}  // namespace cnnc
