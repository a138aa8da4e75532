// cnnc summary: the layer table, with what the network costs.
#include <fmt/format.h>

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

// Inputs and outputs that are no floats to who runs the library: "image u8".
std::vector<std::string> words_of(const BytePorts& ports, const Plan& plan) {
  std::vector<std::string> words;
  const auto add = [&](const std::string& name, const BytePort& port) {
    words.push_back(fmt::format("{} {}", name, port.has_sign ? "s8" : "u8"));
  };
  for (const auto& [i, port] : ports.inputs) add(plan.inputs[i], port);
  for (const auto& [i, port] : ports.outputs) add(plan.outputs[i].name, port);
  return words;
}

LibraryFacts facts_of_library(const Graph& graph, const std::optional<Quantization>& quantization,
                              const std::vector<Target>& targets, const std::vector<Schedules>& schedules,
                              bool bfloat16) {
  PlanOptions options;
  if (bfloat16) options.weights_type = ElementType::bfloat16;
  const Graph planned = optimise(graph, quantization, nullptr, bfloat16);
  const Plans plans = make_plans(planned, targets, options_of_plans(options, schedules));
  print_ignored(plans, schedules);
  LibraryFacts facts = library_facts(graph, planned, plans, quantization.has_value());
  facts.byte_ports = words_of(ports_of(quantization, graph), plans.best());
  return facts;
}

// A network that cannot be compiled yet has a table all the same.
void add_library(SummaryFacts& facts, const Graph& graph, const Text& text, const SummaryOptions& options) {
  const std::optional<Quantization> quantization = read_quantization(options.quantization, text, graph);
  const std::vector<Target> targets =
      targets_of_library(options.targets, arithmetic_of(quantization, text, options.bfloat16));
  const std::vector<Schedules> schedules = read_schedules(options.schedules, targets, 1, true);
  try {
    facts.library = facts_of_library(graph, quantization, targets, schedules, options.bfloat16);
  } catch (const Unsupported& unsupported) {
    facts.why_no_library = unsupported.message;
  }
}

}  // namespace

int run(const SummaryOptions& options) {
  Text text = read_text(options.model, options.onnx);
  const Graph graph = elaborate_text(text);
  SummaryFacts facts = summary_facts(graph);
  add_library(facts, graph, text, options);
  print(options.json ? summary_json(facts, is_onnx(options.model) ? nullptr : &text.source)
                     : summary_table(facts, layer_lines(graph, text.file, options.expand), options.formulas));
  return 0;
}

}  // namespace cnnc
