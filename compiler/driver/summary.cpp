// cnnc summary: the layer table, with what the network costs.
#include "driver/commands.h"
#include "driver/console/standard_streams.h"
#include "driver/front/front.h"
#include "driver/front/quantised.h"
#include "driver/front/schedule_files.h"
#include "driver/front/text.h"
#include "driver/layers/folded_layers.h"
#include "driver/layers/summary_facts.h"
#include "driver/layers/summary_json.h"
#include "driver/layers/summary_table.h"
#include "driver/options/option_values.h"

namespace cnnc {
namespace {

LibraryFacts facts_of_library(const Graph& graph, const std::optional<Quantization>& quantization,
                              const std::vector<Target>& targets, const std::vector<Schedules>& schedules) {
  std::vector<PlanOptions> options(targets.size());
  for (size_t i = 0; i < targets.size(); ++i) options[i].choices = schedules[i].choices;
  const Graph planned = optimise(graph, quantization);
  const Plans plans = make_plans(planned, targets, options);
  print_ignored(plans, schedules);
  return library_facts(graph, planned, plans, quantization.has_value());
}

// A network that cannot be compiled yet has a table all the same.
void add_library(SummaryFacts& facts, const Graph& graph, const std::optional<Quantization>& quantization,
                 const SummaryOptions& options) {
  const std::vector<Target> targets = targets_of_library(options.targets, arithmetic_of(quantization));
  const std::vector<Schedules> schedules = read_schedules(options.schedules, targets, 1, true);
  try {
    facts.library = facts_of_library(graph, quantization, targets, schedules);
  } catch (const Unsupported& unsupported) {
    facts.why_no_library = unsupported.message;
  }
}

}  // namespace

int run(const SummaryOptions& options) {
  Text text = read_text(options.model, options.onnx);
  const Graph graph = elaborate_text(text);
  SummaryFacts facts = summary_facts(graph);
  add_library(facts, graph, read_quantization(options.quantization, text, graph), options);
  print(options.json ? summary_json(facts, is_onnx(options.model) ? nullptr : &text.source)
                     : summary_table(facts, layer_lines(graph, text.file, options.expand), options.formulas));
  return 0;
}

}  // namespace cnnc
