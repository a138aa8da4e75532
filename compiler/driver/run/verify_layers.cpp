#include "driver/run/verify_layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>

#include "ops/evaluation/evaluate.h"
#include "ops/registry.h"
#include "ops/volume/parts.h"
#include "plan/choose/choose_winograd.h"
#include "support/half.h"

namespace cnnc {
namespace {

// |compiled - reference|; what is no number is infinitely wrong, unless the reference is none either.
double error_of(double compiled, double reference) {
  if (compiled == reference || (std::isnan(compiled) && std::isnan(reference)) ||
      (std::isinf(compiled) && std::isinf(reference)))
    return 0;
  const double error = std::fabs(compiled - reference);
  return std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
}

// A bound that is infinite says that nothing is known; one that is no number, nothing at all.
double ratio_of(double error, double bound) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (error == 0 || bound == infinity) return 0;
  return std::isnan(bound) ? infinity : error / bound;
}

// A buffer's place, halo and padding included.
const std::byte* memory_of(const Buffer& buffer, const Run& run) {
  const auto bytes_of = [](const std::vector<float>& tensor) {
    return reinterpret_cast<const std::byte*>(tensor.data());
  };
  switch (buffer.place) {
    case Buffer::Place::input:
      return bytes_of(run.inputs.at(buffer.index)) + buffer.offset;
    case Buffer::Place::output:
      return bytes_of(run.outputs.at(buffer.index)) + buffer.offset;
    case Buffer::Place::workspace:
      break;
  }
  return run.workspace + buffer.offset;
}

// Whether a run of a batch leaves that image in the buffer; of what was computed image by image, the last.
bool holds(const Plan& plan, const Buffer& buffer, int64_t image) {
  return buffer.layout.images == plan.images || image == plan.images - 1;
}

template <class T>
std::vector<float> elements_of(const Layout& layout, const std::byte* memory, int64_t image) {
  const T* elements = reinterpret_cast<const T*>(memory);
  std::vector<float> values;
  values.reserve(layout.channels * layout.height * layout.width);
  for (int64_t c = 0; c < layout.channels; ++c)
    for (int64_t y = 0; y < layout.height; ++y)
      for (int64_t x = 0; x < layout.width; ++x)
        values.push_back(static_cast<float>(elements[layout.index(c, y, x, image)]));
  return values;
}

// The values of an image that the buffer holds, channels x height x width, row-major; bytes as they are
// stored. Of the caller's tensors of whole numbers there are floats.
std::vector<float> values_of(const Buffer& buffer, const Run& run, int64_t image) {
  const Layout& layout = buffer.layout;
  if (layout.images == 1) image = 0;
  const std::byte* memory = memory_of(buffer, run);
  if (buffer.place != Buffer::Place::workspace) return elements_of<float>(layout, memory, image);
  if (layout.type == ElementType::uint8) return elements_of<uint8_t>(layout, memory, image);
  if (layout.type != ElementType::bfloat16) return elements_of<float>(layout, memory, image);
  std::vector<float> values = elements_of<uint16_t>(layout, memory, image);
  for (float& value : values) value = float_from_bf16(static_cast<uint16_t>(value));
  return values;
}

NodeId find_node(const Graph& graph, const std::string& name) {
  for (size_t id = 0; id < graph.nodes.size(); ++id)
    if (graph.nodes[id].name == name) return static_cast<NodeId>(id);
  throw std::logic_error(fmt::format("a step covers '{}', which is no node", name));
}

using KnownValues = std::map<NodeId, std::vector<float>>;

// Which nodes lie between the known tensors and the target, both included.
std::vector<bool> needed_nodes(const Graph& graph, NodeId target, const KnownValues& known) {
  std::vector<bool> needed(graph.nodes.size());
  needed[target] = true;
  for (NodeId id = target; id >= 0; --id) {
    if (!needed[id] || (id != target && known.count(id))) continue;
    if (is_input(graph.nodes[id]))
      throw std::logic_error(fmt::format("the step of '{}' reads nothing that '{}' can be computed from",
                                         graph.nodes[target].name, graph.nodes[target].name));
    for (const NodeId input : graph.nodes[id].inputs) needed[input] = true;
  }
  return needed;
}

// The value of `target` by the definition of the nodes between it and the known tensors, which are taken as
// exact: the evaluation of the part of the graph that has them as its inputs.
Reference evaluate_from(const Graph& graph, NodeId target, const KnownValues& known,
                        const WinogradConvs& by_winograd) {
  const std::vector<bool> needed = needed_nodes(graph, target, known);
  Graph part;
  std::vector<std::vector<float>> inputs;
  std::vector<NodeId> place(graph.nodes.size(), -1);
  WinogradConvs by_winograd_in_part;
  for (NodeId id = 0; id <= target; ++id) {
    if (!needed[id]) continue;
    place[id] = static_cast<NodeId>(part.nodes.size());
    Node node = graph.nodes[id];
    if (const auto found = by_winograd.find(id); found != by_winograd.end())
      by_winograd_in_part[place[id]] = found->second;
    if (id != target && known.count(id)) {
      part.inputs.push_back(place[id]);
      inputs.push_back(known.at(id));
      Node input;
      input.name = node.name;
      input.op = "input";
      input.shape = node.shape;
      node = std::move(input);
    }
    for (NodeId& input : node.inputs) input = place[input];
    part.nodes.push_back(std::move(node));
  }
  return std::move(evaluate_nodes(part, inputs, {place[target]}, by_winograd_in_part).front());
}

Reference exactly(const std::vector<float>& values) {
  Reference reference;
  reference.values.assign(values.begin(), values.end());
  reference.bounds.assign(values.size(), 0);
  return reference;
}

// A buffer holds the value of its node, and of those that the node only reshapes.
void learn(const Graph& original, NodeId node, std::vector<float> values, KnownValues& known) {
  while (facts_of(original.nodes[node]).is_alias) {
    known[node] = values;
    node = original.nodes[node].inputs[0];
  }
  known[node] = std::move(values);
}

// The node whose value a buffer holds.
NodeId node_of(const Graph& original, const Buffer& buffer) {
  return find_node(original, buffer.name);
}

// Whether the buffer holds what no node of the elaborated graph does: it is compared with the step that reads
// it.
bool is_on_the_way(const Graph& original, const Buffer& buffer) {
  return std::none_of(original.nodes.begin(), original.nodes.end(),
                      [&](const Node& node) { return node.name == buffer.name; });
}

// A step and those on the way to it, by their numbers.
std::vector<size_t> with_steps_on_the_way(const Graph& original, const Plan& plan, size_t step) {
  std::vector<size_t> steps{step};
  for (size_t i = 0; i < steps.size(); ++i)
    for (const int input : plan.steps[steps[i]].inputs) {
      if (!is_on_the_way(original, plan.buffers.at(input))) continue;
      for (size_t writer = 0; writer < plan.steps.size(); ++writer)
        if (plan.steps[writer].output == input) steps.push_back(writer);
    }
  return steps;
}

// The conv, or layer of volumes, among the nodes that the step covers.
NodeId conv_of(const Graph& graph, const Step& step) {
  // From the end: a node that the step's stands for comes before it.
  for (auto name = step.covers.rbegin(); name != step.covers.rend(); ++name)
    if (const NodeId id = find_node(graph, *name);
        graph.nodes[id].op == "conv" || is_of_volumes(graph.nodes[id]))
      return id;
  throw std::logic_error(fmt::format("'{}' covers no conv", step.name));
}

// The tensors that these steps together read.
KnownValues read_by(const Graph& original, const Plan& plan, const Run& run, const std::vector<size_t>& steps,
                    int64_t image) {
  KnownValues known;
  for (const size_t step : steps)
    for (const int input : plan.steps[step].inputs)
      if (const Buffer& buffer = plan.buffers.at(input); !is_on_the_way(original, buffer))
        learn(original, node_of(original, buffer), values_of(buffer, run, image), known);
  return known;
}

// Which nodes' values follow from the known ones.
std::vector<bool> derivable_nodes(const Graph& original, const KnownValues& known) {
  std::vector<bool> derivable(original.nodes.size());
  for (size_t id = 0; id < derivable.size(); ++id) {
    const Node& node = original.nodes[id];
    const auto is_derivable = [&](NodeId input) { return derivable[input]; };
    derivable[id] = known.count(static_cast<NodeId>(id)) > 0 ||
                    (!is_input(node) && std::all_of(node.inputs.begin(), node.inputs.end(), is_derivable));
  }
  return derivable;
}

// A step can read a tensor that stands for others of the same value, or for a part of one (see passes/). What
// these others are computed from, the step does not read: here it is learned from where else the plan has it.
void learn_what_is_not_read(const Graph& original, const Plan& plan, const Run& run, int64_t image,
                            NodeId target, KnownValues& known) {
  if (known.empty()) return;  // a step that reads nothing is a fault of the plan
  const std::vector<bool> derivable = derivable_nodes(original, known);
  std::vector<bool> needed(original.nodes.size());
  needed[target] = true;
  for (NodeId id = target; id >= 0; --id) {
    if (!needed[id] || derivable[id]) continue;
    const Node& node = original.nodes[id];
    const auto holds_it = [&](const Buffer& buffer) {
      return buffer.name == node.name && holds(plan, buffer, image);
    };
    const auto buffer = std::find_if(plan.buffers.begin(), plan.buffers.end(), holds_it);
    if (id != target && buffer != plan.buffers.end())
      learn(original, id, values_of(*buffer, run, image), known);
    else
      for (const NodeId input : node.inputs) needed[input] = true;
  }
}

// The conv that one of these steps, the first and those on the way to it, computes by Winograd's transforms.
WinogradConvs winograd_conv(const Graph& graph, const Plan& plan, const std::vector<size_t>& steps) {
  for (const size_t step : steps)
    if (const auto transform = winograd_of(plan.kernels.at(plan.steps[step].kernel)))
      return {{conv_of(graph, plan.steps[steps.front()]), *transform}};
  return {};
}

// A step's result beside what it should be.
struct StepResult {
  NodeId node;  // whose value it is
  std::vector<float> compiled;
  Reference reference;
};

// Of the first of these steps, with the others on the way to it.
StepResult result_of(const Graph& original, const Plan& plan, const Run& run,
                     const std::vector<size_t>& steps, int64_t image) {
  const Step& step = plan.steps[steps.front()];
  const Buffer& output = plan.buffers.at(step.output);
  std::vector<float> compiled = values_of(output, run, image);
  if (step.covers.empty())
    return {node_of(original, output), std::move(compiled),
            exactly(values_of(plan.buffers.at(step.inputs.at(0)), run, image))};
  const NodeId node = find_node(original, step.covers.back());
  KnownValues known = read_by(original, plan, run, steps, image);
  learn_what_is_not_read(original, plan, run, image, node, known);
  return {node, std::move(compiled),
          evaluate_from(original, node, known, winograd_conv(original, plan, steps))};
}

Comparison compare_step(const Graph& original, const Plan& plan, const Run& run,
                        const std::vector<size_t>& steps, int64_t image) {
  const StepResult result = result_of(original, plan, run, steps, image);
  return compare(plan.steps[steps.front()].name, original.nodes.at(result.node).shape, result.compiled,
                 result.reference);
}

// Steps that are compared: parts of a layer and what is on the way are with the one that ends or reads them.
bool is_compared(const Graph& original, const Plan& plan, const Step& step) {
  return !step.partial && !is_on_the_way(original, plan.buffers.at(step.output));
}

}  // namespace

Comparison compare(std::string name, Shape shape, const std::vector<float>& compiled,
                   const Reference& reference) {
  Comparison result;
  result.name = std::move(name);
  result.shape = std::move(shape);
  if (compiled.size() != reference.values.size())
    throw std::logic_error(fmt::format("'{}' has {} values; its reference has {}", result.name,
                                       compiled.size(), reference.values.size()));
  result.ratio = -1;
  for (size_t i = 0; i < compiled.size(); ++i) {
    const bool is_open = reference.bounds[i] == std::numeric_limits<double>::infinity();
    const double error = is_open ? 0 : error_of(compiled[i], reference.values[i]);
    const double ratio = ratio_of(error, reference.bounds[i]);
    result.largest_error = std::max(result.largest_error, error);
    if (ratio <= result.ratio) continue;
    result.ratio = ratio;
    result.worst = static_cast<int64_t>(i);
    result.compiled = compiled[i];
    result.reference = reference.values[i];
    result.bound = reference.bounds[i];
    result.error = error;
  }
  return result;
}

// Of two images of a batch the one that is worse for its bound.
void keep_worse(Comparison& worst, Comparison next) {
  const double largest = std::max(worst.largest_error, next.largest_error);
  if (next.ratio > worst.ratio) worst = std::move(next);
  worst.largest_error = largest;
}

WinogradConvs winograd_convs(const Graph& original, const Plan& plan) {
  WinogradConvs convs;
  for (size_t s = 0; s < plan.steps.size(); ++s)
    if (is_compared(original, plan, plan.steps[s]))
      convs.merge(winograd_conv(original, plan, with_steps_on_the_way(original, plan, s)));
  return convs;
}

std::vector<Comparison> compare_steps(const Graph& original, const Plan& plan, const Run& run) {
  std::vector<Comparison> comparisons;
  for (size_t s = 0; s < plan.steps.size(); ++s) {
    if (!is_compared(original, plan, plan.steps[s])) continue;
    const std::vector<size_t> steps = with_steps_on_the_way(original, plan, s);
    const auto first_step = static_cast<int>(*std::min_element(steps.begin(), steps.end()));
    const int64_t first_image = first_step < plan.image_steps ? plan.images - 1 : 0;
    comparisons.push_back(compare_step(original, plan, run, steps, first_image));
    for (int64_t image = first_image + 1; image < plan.images; ++image)
      keep_worse(comparisons.back(), compare_step(original, plan, run, steps, image));
  }
  return comparisons;
}

// What each step's result is off by, from what its inputs were: no more than its bound, so that a step that
// is wrong is no excuse for the outputs. Of steps that are run image by image memory holds the last image
// alone.
std::map<std::string, std::vector<double>> errors_of_steps(const Graph& original, const Plan& plan,
                                                           const Run& run, int64_t image) {
  std::map<std::string, std::vector<double>> errors;
  for (size_t s = 0; s < plan.steps.size(); ++s) {
    if (!is_compared(original, plan, plan.steps[s]) || plan.steps[s].covers.empty()) continue;
    const std::vector<size_t> steps = with_steps_on_the_way(original, plan, s);
    const auto first_step = static_cast<int>(*std::min_element(steps.begin(), steps.end()));
    const StepResult result =
        result_of(original, plan, run, steps, first_step < plan.image_steps ? plan.images - 1 : image);
    std::vector<double>& error = errors[original.nodes[result.node].name] = {};
    for (size_t i = 0; i < result.compiled.size(); ++i) {
      const double bound = result.reference.bounds[i], e = result.compiled[i] - result.reference.values[i];
      error.push_back(std::isnan(e) ? 0 : std::clamp(e, -bound, bound));
    }
  }
  return errors;
}

}  // namespace cnnc
