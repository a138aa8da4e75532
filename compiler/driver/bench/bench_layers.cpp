#include "driver/bench/bench_layers.h"

#include <algorithm>
#include <stdexcept>

#include "driver/front/counts.h"
#include "driver/layers/plan_layers.h"
#include "ops/registry.h"
#include "plan/choose/multiply_adds.h"
#include "plan/choose/space.h"
#include "plan/tilings.h"

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

int64_t bytes_of(const Shape& shape, ElementType type) {
  return shape.elements() * size_of(type);
}

// Of a node's parameters as they are stored, each once, without what is packed around them.
int64_t parameter_bytes(const Node& node, const Plan& plan) {
  int64_t bytes = 0;
  for (const Parameter& parameter : node.parameters) {
    const auto constant = std::find_if(plan.constants.begin(), plan.constants.end(), [&](const Constant& c) {
      return c.name == node.name + "." + parameter.name;
    });
    bytes +=
        bytes_of(parameter.shape, constant == plan.constants.end() ? parameter.type : constant->packing.type);
  }
  return bytes;
}

// Bytes that the step's node reads and writes, each once; a copy, which is no node's, its one tensor.
// `types`: of the optimised graph's values.
int64_t bytes_of(const Graph& optimised, const std::vector<ElementType>& types, const Plan& plan,
                 const Step& step) {
  const auto node = std::find_if(optimised.nodes.begin(), optimised.nodes.end(),
                                 [&](const Node& n) { return n.name == step.name; });
  if (node == optimised.nodes.end()) {
    const Layout& layout = plan.buffers[static_cast<size_t>(step.output)].layout;
    return 2 * values_of(layout) * size_of(layout.type);
  }
  const auto of_value = [&](size_t id) { return bytes_of(optimised.nodes[id].shape, types[id]); };
  int64_t per_image = of_value(static_cast<size_t>(node - optimised.nodes.begin()));
  for (const NodeId input : node->inputs) per_image += of_value(static_cast<size_t>(input));
  return per_image * plan.images + parameter_bytes(*node, plan);
}

// Of a layer's steps, which may be parts of one tensor. Empty if some of them sum no such products.
std::optional<double> made_flops(const Plan& plan, const PlanLayer& layer) {
  double sum = 0;
  for (const size_t step : layer.steps) {
    const std::optional<double> made =
        multiply_adds(plan.kernels[static_cast<size_t>(plan.steps[step].kernel)]);
    const bool is_bias_of_upconv =
        plan.kernels[static_cast<size_t>(plan.steps[step].kernel)].family == "upconv_bias";
    if (!made && !is_bias_of_upconv) return std::nullopt;
    const bool is_of_image = static_cast<int>(step) < plan.image_steps;
    sum += made.value_or(0) * (is_of_image ? static_cast<double>(plan.images) : 1);
  }
  return 2 * sum;
}

// The same of a group's layers, of those that have any.
std::optional<double> made_flops(const Plan& plan, const std::vector<size_t>& group) {
  const std::vector<PlanLayer> layers = plan_layers(plan);
  std::optional<double> sum;
  for (const size_t layer : group)
    if (const std::optional<double> made = made_flops(plan, layers[layer])) sum = sum.value_or(0) + *made;
  return sum;
}

std::vector<const Step*> layers_of(const Plan& plan) {
  std::vector<const Step*> layers;
  for (const Step& step : plan.steps)
    if (!step.partial) layers.push_back(&step);
  return layers;
}

// Whether a step is, or is a part of, another: by the nodes that it covers, a copy by its name.
bool is_within(const Step& part, const Step& whole) {
  if (part.covers.empty()) return part.name == whole.name;
  return std::all_of(part.covers.begin(), part.covers.end(), [&](const std::string& node) {
    return std::find(whole.covers.begin(), whole.covers.end(), node) != whole.covers.end();
  });
}

// Of each run the sum of the times of a group's layers.
std::vector<double> seconds_of(const std::vector<size_t>& group, const Samples& samples) {
  std::vector<double> sums(samples.layers[group.front()].size());
  for (const size_t layer : group)
    for (size_t run = 0; run < sums.size(); ++run) sums[run] += samples.layers[layer][run];
  return sums;
}

TimedLayer timed_layer(const CompiledSchedule& compiled, const std::vector<size_t>& group,
                       const Samples& samples) {
  const Step& last = *layers_of(compiled.plan)[group.back()];
  TimedLayer timed{choice_of(compiled.plan.kernels[static_cast<size_t>(last.kernel)]), {}, {}};
  for (const size_t layer : group)
    if (!timed.failure) timed.failure = compiled.failures[layer];
  if (!timed.failure) timed.seconds = spread_of(seconds_of(group, samples));
  timed.made_flops = made_flops(compiled.plan, group);
  return timed;
}

}  // namespace

LayerGroups layer_groups(const Plan& plan, const Plan& coarse) {
  const std::vector<const Step*> wholes = layers_of(coarse), parts = layers_of(plan);
  LayerGroups groups(wholes.size());
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto whole = std::find_if(wholes.begin(), wholes.end(),
                                    [&](const Step* step) { return is_within(*parts[i], *step); });
    if (whole == wholes.end())
      throw std::logic_error("no layer of another schedule computes " + parts[i]->name);
    groups[static_cast<size_t>(whole - wholes.begin())].push_back(i);
  }
  for (size_t i = 0; i < groups.size(); ++i)
    if (groups[i].empty()) throw std::logic_error("another schedule has no layer for " + wholes[i]->name);
  return groups;
}

std::vector<BenchLayer> bench_layers(const Graph& graph, const Graph& optimised, const Plan& plan) {
  const std::vector<ElementType> types = element_types(optimised);
  std::vector<BenchLayer> layers;
  for (const Step& step : plan.steps) {
    if (step.partial) continue;
    layers.push_back({step.name, to_string(plan.buffers[static_cast<size_t>(step.output)].layout),
                      2.0 * static_cast<double>(macs_of(graph, step) * plan.images),
                      static_cast<double>(bytes_of(optimised, types, plan, step)),
                      sums_dots(plan.kernels[static_cast<size_t>(step.kernel)], plan.target),
                      computed_by(step, plan.kernels[static_cast<size_t>(step.kernel)].family)});
  }
  return layers;
}

TimedSchedule timed_schedule(std::string name, bool has_numbers, const CompiledSchedule& compiled,
                             const LayerGroups& groups, const Samples& samples, const Samples& first) {
  TimedSchedule timed;
  timed.name = std::move(name);
  timed.has_numbers = has_numbers;
  timed.runs = static_cast<int64_t>(samples.runs.size());
  bool is_right = true;
  for (const std::vector<size_t>& group : groups) {
    timed.layers.push_back(timed_layer(compiled, group, samples));
    const std::optional<Failure>& failure = timed.layers.back().failure;
    if (failure) timed.is_complete = false;
    if (failure && failure->wrong) is_right = false;
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
