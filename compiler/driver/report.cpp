// cnnc report: all about a network on one page.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <map>

#include "driver/commands.h"
#include "driver/console/numbers.h"
#include "driver/front/filters.h"
#include "driver/front/front.h"
#include "driver/front/outputs.h"
#include "driver/front/quantised.h"
#include "driver/front/schedule_files.h"
#include "driver/front/text.h"
#include "driver/layers/layer_facts.h"
#include "driver/layers/summary_facts.h"
#include "driver/options/version.h"
#include "driver/report/report_html.h"
#include "driver/report/report_times.h"
#include "driver/run/activations.h"
#include "picture/diagram/diagram.h"
#include "picture/field.h"
#include "picture/memory.h"
#include "picture/values/filters.h"
#include "picture/volumes/volumes.h"
#include "support/checked.h"
#include "target/host.h"

namespace cnnc {
namespace {

// "2026-11-30", in Greenwich.
std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

// "'digit' (784 numbers, 1x28x28)"
std::string named(const std::string& name, const Shape& shape) {
  if (shape.is_vector()) return fmt::format("'{}' ({})", name, counted(shape.elements(), "number"));
  return fmt::format("'{}' ({}, {})", name, counted(shape.elements(), "number"), to_string(shape));
}

Plans plans_for(const Graph& graph, const Text& text, const std::vector<Target>& targets, bool bfloat16) {
  const std::vector<Schedules> schedules = read_schedules({}, targets, 1, true);
  PlanOptions common;
  if (bfloat16) common.weights_type = ElementType::bfloat16;
  return plan_network(optimise(graph, text.quantization, nullptr, bfloat16), targets,
                      options_of_plans(common, schedules), text.source);
}

// In what it is computed, where that is not floats; else "".
std::string arithmetic_text(const Graph& graph, const Text& text, const Plans& plans, bool bfloat16) {
  if (bfloat16)
    return "Convolutions that no fast algorithm takes, and dense layers, are computed in bfloat16.";
  if (!text.quantization) return "";
  const LibraryFacts facts = library_facts(graph, optimise(graph, text.quantization), plans, true);
  return fmt::format("{} of its {} layers are computed from bytes.", facts.layers_of_bytes,
                     facts.counted_layers);
}

std::string field_text(const std::optional<picture::Field>& field) {
  return field ? fmt::format("{:.4g}x{:.4g}", field->rows.size, field->columns.size) : "";
}

// What the text says of each layer, without its time.
std::vector<ReportLayer> costs_of(const Graph& graph, const std::vector<picture::Layer>& layers) {
  const std::vector<LayerFacts> facts = layer_facts(graph);
  std::map<std::string, size_t> node_of;
  for (size_t n = 0; n < graph.nodes.size(); ++n) node_of[graph.nodes[n].name] = n;
  std::vector<ReportLayer> costs;
  for (const picture::Layer& layer : layers) {
    ReportLayer cost;
    for (const std::string& name : layer.nodes) {
      const LayerFacts& node = facts[node_of[name]];
      cost.parameters =
          cost.parameters && node.parameters ? checked_add(*cost.parameters, *node.parameters) : std::nullopt;
      cost.macs += static_cast<double>(node.macs);
    }
    if (layer.kind != picture::Kind::input)
      cost.field = field_text(facts[node_of[layer.nodes.front()]].field);
    costs.push_back(cost);
  }
  return costs;
}

// How much of a run each layer is: by multiply-adds, or as it was measured here.
void add_work(Report& report, const Graph& graph, const Text& text, const Plan& best,
              const ReportOptions& options) {
  report.is_measured = options.measure;
  if (!options.measure) {
    report.where = best.target.name;
    set_work(report, graph, best, made_multiply_adds(best));
    return;
  }
  Graph bound = graph;
  if (!has_all_values(bound)) bind_weights(bound, RandomWeights{1}, text.source);
  const Target host = target_to_run(std::nullopt, std::nullopt, "report --measure",
                                    arithmetic_of(text.quantization, text, options.bfloat16));
  const Plans plans = plans_for(bound, text, {host}, options.bfloat16);
  const MeasuredSteps steps = measured_step_seconds(plans.best(), options.jobs, options.cache);
  report.seconds = steps.total;
  report.where = fmt::format("{} ({})", processor_name(), host.name);
  set_work(report, graph, plans.best(), steps.seconds);
}

// One that is too large is a note instead.
void add_diagram(Report& report, const Text& text) {
  try {
    report.pictures.push_back(
        {"All layers, and what reads what", "From the input at the top; groups that repeat stand once.",
         picture::draw_diagram(report.network, picture::tree_of(report.layers, text.file, true),
                               report.layers),
         true});
  } catch (const picture::TooLarge& large) {
    report.notes.push_back("There is no diagram of all layers: " + large.message + ".");
  }
}

std::vector<ReportPicture> pictures_of(const Report& report, const Graph& graph, const Text& text,
                                       const Plan& best, const ReportOptions& options) {
  std::vector<ReportPicture> pictures;
  const auto stages = picture::stages_of(report.layers, text.file, {});
  pictures.push_back(
      {"The network",
       "From the input on the left to the output. A block is as high as its maps are and as wide as "
       "they have channels; an arc leads around layers to where its tensor is read again.",
       picture::draw_volumes(report.network, stages, report.layers)});
  if (options.input)
    pictures.push_back({"What it makes of one input",
                        "Run on " + options.input->path + ". A row shows what a stage has found in it." +
                            (options.bfloat16 ? " The numbers are those of floats." : ""),
                        picture::draw_maps(activations_of(graph, text, *options.input))});
  const std::optional<NodeId> layer = first_layer_with_filters(graph);
  if (layer && has_all_values(graph))
    pictures.push_back(
        {"What the first layer looks for", "Its filters: each is laid over every place of the input.",
         picture::draw_filters(report.network, picture::filters_of(graph.nodes[*layer], reads_bgr(graph)))});
  pictures.push_back(
      {"Memory over a run",
       "Layers from left to right. A rectangle is a tensor, for as long as it is needed; what is hatched is "
       "scratch memory.",
       picture::draw_memory(best)});
  pictures.push_back({"What of the input each layer sees",
                      "The receptive field of one element of a layer's result.", picture::draw_field(graph),
                      true});
  return pictures;
}

Report report_of(const Graph& graph, const Text& text, const ReportOptions& options) {
  const std::vector<Target> targets =
      targets_of_library(options.targets, arithmetic_of(text.quantization, text, options.bfloat16));
  const Plans plans = plans_for(graph, text, targets, options.bfloat16);
  Report report;
  report.network = graph.name;
  report.version = kVersion;
  report.command = options.command;
  if (options.date) report.date = today();
  for (const NodeId input : graph.inputs)
    report.inputs.push_back(named(graph.nodes[input].name, graph.nodes[input].shape));
  for (const GraphOutput& output : graph.outputs)
    report.outputs.push_back(named(output.name, graph.nodes[output.node].shape));
  report.layers = picture::layers_of(graph);
  report.tree = picture::tree_of(report.layers, text.file, false);
  report.costs = costs_of(graph, report.layers);
  for (const Target& target : targets) report.targets.emplace_back(target.name);
  report.arithmetic = arithmetic_text(graph, text, plans, options.bfloat16);
  report.weights_bytes = plans.weights_bytes;
  report.workspace_bytes = workspace_bytes(plans);
  for (const Plan& plan : plans.of_targets) {
    report.tensor_bytes = std::max(report.tensor_bytes, plan.tensor_bytes);
    report.scratch_bytes = std::max(report.scratch_bytes, plan.scratch_bytes);
  }
  report.pictures = pictures_of(report, graph, text, plans.best(), options);
  add_diagram(report, text);
  add_work(report, graph, text, plans.best(), options);
  return report;
}

}  // namespace

int run(const ReportOptions& options) {
  const std::string path = choose_report(options);
  Text text = read_text(options.model, options.onnx);
  Graph graph = elaborate_text(text);
  if (options.input) {
    require_one_picture(graph, text.source);
    require_weights(graph, options.weights, text.source);
  }
  bind_weights(graph, options.weights, text.source);
  text.quantization = read_quantization(options.quantization, text, graph);
  write_file(path, report_html(report_of(graph, text, options)));
  return 0;
}

}  // namespace cnnc
