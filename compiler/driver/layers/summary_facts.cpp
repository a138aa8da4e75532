#include "driver/layers/summary_facts.h"

#include <algorithm>

#include "driver/front/counts.h"
#include "ops/registry.h"

namespace cnnc {
namespace {

void count_bytes(LibraryFacts& facts, const Graph& planned) {
  const std::vector<ElementType> types = element_types(planned);
  for (const Node& node : planned.nodes) {
    if (is_input(node) || node.covers.empty()) continue;
    ++facts.counted_layers;
    if (types[static_cast<size_t>(node.inputs[0])] == ElementType::uint8) ++facts.layers_of_bytes;
  }
}

}  // namespace

LibraryFacts library_facts(const Graph& graph, const Graph& planned, const Plans& plans, bool is_quantised) {
  LibraryFacts facts;
  for (const Plan& plan : plans.of_targets) {
    facts.targets.emplace_back(plan.target.name);
    facts.tensor_bytes = std::max(facts.tensor_bytes, plan.tensor_bytes);
    facts.scratch_bytes = std::max(facts.scratch_bytes, plan.scratch_bytes);
  }
  facts.layers = plan_layers(plans.best());
  facts.computed_in = places_in(graph, facts.layers);
  facts.workspace_bytes = workspace_bytes(plans);
  facts.weights_bytes = plans.weights_bytes;
  facts.pixels_bytes = pixels_bytes(plans.best());
  if (is_quantised) count_bytes(facts, planned);
  return facts;
}

SummaryFacts summary_facts(const Graph& graph) {
  SummaryFacts facts;
  facts.network = graph.name;
  facts.layers = layer_facts(graph);
  facts.parameters = count_parameters(graph).learnable;
  facts.statistics = count_parameters(graph).statistics;
  facts.macs = macs(graph);
  return facts;
}

}  // namespace cnnc
