// cnnc explain: the story of one layer.
#include <fmt/format.h>

#include <algorithm>

#include "driver/bench.h"
#include "driver/bench/bench_rows.h"
#include "driver/commands.h"
#include "driver/console/numbers.h"
#include "driver/console/standard_streams.h"
#include "driver/explain/story.h"
#include "driver/front/front.h"
#include "driver/front/quantised.h"
#include "driver/front/schedule_files.h"
#include "driver/front/text.h"
#include "driver/options/option_values.h"
#include "support/suggest.h"

namespace cnnc {
namespace {

// A layer below a scope that was named instead, or "".
std::string layer_below(const Graph& graph, const std::string& scope) {
  for (const Node& node : graph.nodes)
    if (node.name.rfind(scope + ".", 0) == 0) return node.name;
  return "";
}

size_t find_layer(const Graph& graph, const ExplainOptions& options) {
  std::vector<std::string> names;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].name == options.layer) return i;
    names.push_back(graph.nodes[i].name);
  }
  const std::string below = layer_below(graph, options.layer);
  const std::string error =
      below.empty()
          ? fmt::format("there is no layer '{}'{}", options.layer, did_you_mean(options.layer, names))
          : fmt::format("'{}' is a scope of several layers, such as '{}'", options.layer, below);
  throw InputError{fmt::format("{}: error: {}\n  hint: 'cnnc summary {} --expand' lists the layers\n",
                               options.model, error, options.model)};
}

// As in a library with the same '--precision'.
ElementType weights_type_of(const ExplainOptions& options) {
  return options.bfloat16 ? ElementType::bfloat16 : ElementType::float32;
}

BenchOptions bench_of(const ExplainOptions& options) {
  BenchOptions bench;
  bench.model = options.model;
  bench.onnx = options.onnx;
  bench.quantization = options.quantization;
  bench.bfloat16 = options.bfloat16;
  bench.weights_type = weights_type_of(options);
  bench.target = options.target;
  bench.jobs = options.jobs;
  bench.cache = options.cache;
  bench.threads = options.threads;
  bench.schedules = options.schedules;
  bench.seconds = 1;
  return bench;
}

std::string measured_text(const std::string& name, const BenchReport& report) {
  const auto found = std::find_if(report.layers.begin(), report.layers.end(),
                                  [&](const BenchLayer& layer) { return layer.name == name; });
  const TimedSchedule& schedule = report.schedules.front();
  const TimedLayer& timed = schedule.layers[static_cast<size_t>(found - report.layers.begin())];
  std::string text =
      fmt::format("\nMeasured on {}, {}\n", report.processor, counted(report.threads, "thread"));
  if (!timed.seconds) return text + fmt::format("  It has no time: {}\n", timed.failure->reason);
  text += fmt::format("  {} in the median of {} runs, {} at best", with_unit(timed.seconds->median),
                      with_commas(schedule.runs), with_unit(timed.seconds->best));
  if (schedule.total)
    text +=
        fmt::format("; {:.1f} % of the network's {}", 100 * timed.seconds->median / schedule.total->median,
                    with_unit(schedule.total->median));
  text += "\n";
  if (found->flops <= 0) return text;
  const double made = timed.made_flops.value_or(found->flops) / timed.seconds->best;
  return text +
         fmt::format(
             "  {:.1f} GFLOP/s by the multiply-adds that are made, {:.0f} % of the peak of {:.1f}; {:.1f} by "
             "the definition's\n",
             made * 1e-9, 100 * made / peak_of(report, *found), peak_of(report, *found) * 1e-9,
             found->flops / timed.seconds->best * 1e-9);
}

}  // namespace

int run(const ExplainOptions& options) {
  Text text = read_text(options.model, options.onnx);
  const Graph graph = elaborate_text(text);
  const size_t node = find_layer(graph, options);
  const std::optional<Quantization> quantization = read_quantization(options.quantization, text, graph);
  const Target target = target_or_host(options.target, arithmetic_of(quantization, text, options.bfloat16));
  const Schedules schedules = read_schedules(options.schedules, target, options.threads, true);
  PlanOptions plan_options;
  plan_options.images = text.images;
  plan_options.threads = options.threads;
  plan_options.choices = schedules.choices;
  plan_options.weights_type = weights_type_of(options);
  const Plan plan = plan_network(optimise(graph, quantization, nullptr, options.bfloat16), target,
                                 plan_options, text.source);
  print_ignored(plan, schedules);
  const Explained layer{graph, node, plan, schedules, is_onnx(options.model) ? nullptr : &text.source};
  std::string story = story_of(layer);
  const std::optional<PlanLayer> of_plan = plan_layer_of(layer);
  if (options.measure && of_plan) story += measured_text(of_plan->name, measure_network(bench_of(options)));
  print(story);
  return 0;
}

}  // namespace cnnc
