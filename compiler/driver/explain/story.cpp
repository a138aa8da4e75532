#include "driver/explain/story.h"

#include <fmt/format.h>

#include <algorithm>

#include "driver/explain/definition.h"
#include "driver/explain/kernel_story.h"
#include "driver/front/counts.h"
#include "ops/registry.h"
#include "plan/choose/space.h"

namespace cnnc {
namespace {

const Node& node_of(const Explained& layer, const std::string& name) {
  return *std::find_if(layer.graph.nodes.begin(), layer.graph.nodes.end(),
                       [&](const Node& node) { return node.name == name; });
}

bool is_contraction(const Node& node) {
  const Operator* op = find_operator(node.op);
  return op && op->facts.is_contraction;
}

bool is_elementwise(const Node& node) {
  const Operator* op = find_operator(node.op);
  return op && op->facts.is_elementwise;
}

// What becomes of one of the layers that a kernel computes together. `main`: the first that sums products, or
// else the first of all.
std::string part_of(const Node& node, const Node& main, bool is_before_main) {
  if (&node == &main) return is_contraction(node) ? "the sums" : "what the kernel is made for";
  if (is_contraction(node)) return "a sum of its own, of what the one before left on the stack";
  if (is_before_main) return "applied to what the kernel reads";
  if (node.op == "batchnorm" && is_contraction(main)) return "folded into the weights and the bias";
  if (is_elementwise(node)) return "applied to each element before it is stored";
  return "computed on the way";
}

std::string why_no_code(const Explained& layer) {
  const Node& node = layer.graph.nodes[layer.node];
  if (is_input(node)) return "  It is an input: its elements lie in the caller's memory.\n";
  const Operator* op = find_operator(node.op);
  if (op && op->facts.is_alias)
    return "  It needs no code: its elements are those that it reads, under another shape or none.\n";
  return "  It needs no code of its own: nobody needs its value, or another layer has the same one.\n";
}

std::string where_it_went(const Explained& layer, const PlanLayer& of_plan) {
  std::string text = fmt::format("Where it is computed\n  Step {} of the plan for {}: {}\n",
                                 of_plan.steps.back(), layer.plan.target.name, of_plan.what);
  if (of_plan.steps.size() > 1)
    text += fmt::format("  It is made in {} steps, of which this is the last.\n", of_plan.steps.size());
  if (of_plan.covers.size() < 2) return text + "\n";
  const auto main = std::find_if(of_plan.covers.begin(), of_plan.covers.end(), [&](const std::string& name) {
    return is_contraction(node_of(layer, name));
  });
  const auto first = main == of_plan.covers.end() ? of_plan.covers.begin() : main;
  size_t width = 0;
  for (const std::string& name : of_plan.covers) width = std::max(width, name.size());
  for (auto name = of_plan.covers.begin(); name != of_plan.covers.end(); ++name)
    text += fmt::format("  {:<{}}  {}{}\n", *name, width,
                        part_of(node_of(layer, *name), node_of(layer, *first), name < first),
                        *name == layer.graph.nodes[layer.node].name ? "  <- this layer" : "");
  return text + "\n";
}

// Of all layers that the kernel computes, and the images that it computes together.
double definition_of_kernel(const Explained& layer, const PlanLayer& of_plan) {
  double sum = 0;
  for (const std::string& name : of_plan.covers)
    sum += static_cast<double>(macs(layer.graph, node_of(layer, name)));
  const bool is_of_image = static_cast<int>(of_plan.steps.back()) < layer.plan.image_steps;
  return sum * static_cast<double>(is_of_image ? 1 : layer.plan.images);
}

std::string title_of(const Explained& layer, const LayerFacts& facts) {
  std::string text = fmt::format("{} of {}: {}", facts.name, layer.graph.name, facts.written);
  if (layer.source)
    text += fmt::format(" (line {} of {})", position_of(*layer.source, facts.where.begin).line,
                        layer.source->name);
  return text + "\n\n";
}

// A record whose schedule does not fit is ignored.
std::string why_chosen(const Explained& layer, const Kernel& kernel) {
  const std::string problem = problem_of(kernel);
  const std::vector<std::string>& ignored = layer.plan.ignored_choices;
  const Schedules& schedules = layer.schedules;
  if (schedules.choices.count(problem) == 0 ||
      std::find(ignored.begin(), ignored.end(), problem) != ignored.end())
    return "The estimates decide; a transform has to be well below the definition's.";
  const auto place = schedules.places.find(problem);
  for (const auto& [file, choices] : schedules.files)
    if (place != schedules.places.end() && place->second.rfind(file + ":", 0) == 0)
      return fmt::format("{}, of '--schedule', has the chosen one.", place->second);
  return "A record of measured schedules has the chosen one (docs/schedules.md).";
}

}  // namespace

std::optional<PlanLayer> plan_layer_of(const Explained& layer) {
  const std::vector<PlanLayer> layers = plan_layers(layer.plan);
  const std::optional<size_t> place = places_in(layer.graph, layers)[layer.node];
  return place ? std::optional<PlanLayer>(layers[*place]) : std::nullopt;
}

std::string story_of(const Explained& layer) {
  const LayerFacts facts = layer_facts(layer.graph)[layer.node];
  std::string text =
      title_of(layer, facts) + what_it_computes(layer.graph, layer.graph.nodes[layer.node], facts) + "\n";
  const std::optional<PlanLayer> of_plan = plan_layer_of(layer);
  if (!of_plan) return text + "Where it is computed\n" + why_no_code(layer);
  const Step& step = layer.plan.steps[of_plan->steps.back()];
  const Kernel& kernel = layer.plan.kernels[static_cast<size_t>(step.kernel)];
  return text + where_it_went(layer, *of_plan) +
         algorithms_text(kernel, layer.plan.target, why_chosen(layer, kernel)) +
         loops_text(kernel, layer.plan.target) +
         memory_text(layer.plan, step, definition_of_kernel(layer, *of_plan));
}

}  // namespace cnnc
