// cnnc bench: compiles the network by each schedule, checks it, and times it here, layer by layer, beside the
// machine's peak.
#include "driver/bench.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "driver/bench/bandwidth.h"
#include "driver/bench/bench_compile.h"
#include "driver/bench/bench_html.h"
#include "driver/bench/bench_json.h"
#include "driver/bench/bench_layers.h"
#include "driver/bench/bench_measure.h"
#include "driver/bench/bench_report.h"
#include "driver/bench/bench_table.h"
#include "driver/commands.h"
#include "driver/console/numbers.h"
#include "driver/console/standard_streams.h"
#include "driver/front/front.h"
#include "driver/front/outputs.h"
#include "driver/front/quantised.h"
#include "driver/front/schedule_files.h"
#include "driver/front/text.h"
#include "driver/simulate/simulation_table.h"
#include "driver/simulate/task_times.h"
#include "emit/kernels/kernel_objects.h"
#include "emit/library/symbols.h"
#include "emit/load/remote.h"
#include "kernels/strategies.h"
#include "support/parallel.h"
#include "target/host.h"

namespace cnnc {
namespace {

bool is_strategy(const std::string& schedule) {
  const std::vector<std::string>& names = strategy_names();
  return std::find(names.begin(), names.end(), schedule) != names.end();
}

void require_plugins(const std::vector<std::string>& schedules) {
  try {
    for (const std::string& schedule : schedules) require_plugin(schedule);
  } catch (const std::runtime_error& error) {
    throw UsageError{error.what()};
  }
}

// A network in the forms that a benchmark needs.
struct Network {
  const Text& text;
  Defined graphs;  // with weights
  Target target;
};

Network read_network(Text& text, const BenchOptions& options, const Target& target) {
  const bool has_weights = text.with_weights.has_value();
  Graph graph = elaborate_text(text);
  const bool none_given = std::holds_alternative<std::monostate>(options.weights) && !has_weights;
  bind_weights(graph, none_given ? RandomWeights{1} : options.weights, text.source, options.weights_type);
  const std::optional<Quantization> quantization = read_quantization(options.quantization, text, graph);
  return {text, define(std::move(graph), quantization, options.bfloat16), target};
}

// On a terminal, since autoschedulers may take minutes.
void say_on_terminal(const std::string& what) {
  if (isatty(STDERR_FILENO)) say(fmt::format("cnnc: {}\n", what));
}

// By strategies, by the analytic default without records, or as a compilation has it, with records and
// --schedule.
Plan plan_by(const std::string& schedule, const Network& network, const BenchOptions& options,
             bool keep_all_tensors) {
  PlanOptions plan_options;
  plan_options.images = options.images.value_or(network.text.images);
  plan_options.threads = options.threads;
  plan_options.keep_all_tensors = keep_all_tensors;
  plan_options.weights_type = options.weights_type;
  Schedules schedules;
  if (is_strategy(schedule)) {
    plan_options.strategy = schedule;
    plan_options.strategy_threads = options.threads;
  } else if (schedule == "tuned") {
    schedules = read_schedules(options.schedules, network.target, options.threads, true);
    plan_options.choices = schedules.choices;
  }
  Plan plan = plan_network(network.graphs.planned, network.target, plan_options, network.text.source);
  if (!keep_all_tensors) print_ignored(plan, schedules);
  return plan;
}

CompiledSchedule compile(const std::string& schedule, const Network& network, const BenchOptions& options) {
  say_on_terminal("compiling and checking by '" + schedule + "'");
  Plan plan = plan_by(schedule, network, options, /*keep_all_tensors=*/false);
  Plan kept = plan_by(schedule, network, options, /*keep_all_tensors=*/true);
  const auto compile_kernels = [&](const Plan& p, const std::vector<size_t>& which, double seconds) {
    return try_kernels(p, which, symbols_of(p).kernels, {options.jobs, options.cache}, seconds);
  };
  try {
    return compile_schedule(network.graphs.definition, std::move(plan), std::move(kept), compile_kernels,
                            options.limit, options.threads, options.runner);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("by '{}': {}", schedule, error.what()));
  }
}

// A run here has no more threads than there are processors; elsewhere it is as many as are asked for, at
// most.
int threads_of_runs(const BenchOptions& options) {
  const int here = processors();
  if (options.runner || options.threads <= here) return options.threads;
  say(fmt::format(
      "cnnc: note: runs have {}, as many as there are processors; 'cnnc bench --simulate' tells of more\n",
      counted(here, "thread")));
  return here;
}

// What was measured on what.
BenchReport report_without_layers(const Network& network, const BenchOptions& options,
                                  const Measurement& measurement) {
  BenchReport report;
  report.network = network.graphs.definition.name;
  report.target = network.target.name;
  report.processor = options.runner ? fmt::format("what '{}' runs on", *options.runner) : processor_name();
  report.threads = threads_of_runs(options);
  report.peak = measurement.peak * report.threads;
  report.byte_peak = measurement.byte_peak * report.threads;
  if (options.bfloat16) report.of_dots = "bfloat16";
  if ((options.json || options.html) && !options.runner)
    report.bandwidths = read_bandwidths(network.target.isa, report.threads);
  report.rounds = static_cast<int64_t>(measurement.schedules.front().rounds.size());
  return report;
}

BenchReport bench(const Network& network, const BenchOptions& options) {
  std::vector<CompiledSchedule> compiled;
  for (const std::string& schedule : options.compared)
    compiled.push_back(compile(schedule, network, options));
  say_on_terminal("measuring");
  const Measurement measurement =
      measure_in_child(compiled, options.compared, options.threads, options.seconds, options.runner);
  BenchReport report = report_without_layers(network, options, measurement);
  report.images = compiled.front().plan.images;
  const Plan& coarse = std::min_element(compiled.begin(), compiled.end(), [](const auto& a, const auto& b) {
                         return count_layers(a.plan) < count_layers(b.plan);
                       })->plan;
  report.layers = bench_layers(network.graphs.definition, network.graphs.planned, coarse);
  for (size_t i = 0; i < compiled.size(); ++i)
    report.schedules.push_back(timed_schedule(options.compared[i], !is_strategy(options.compared[i]),
                                              compiled[i], layer_groups(compiled[i].plan, coarse),
                                              measurement.schedules[i], measurement.schedules[0]));
  if (!report.schedules.front().total)  // there is nothing to be in the ratio to
    for (TimedSchedule& schedule : report.schedules) schedule.ratio.reset();
  return report;
}

// Of each layer, the family of the kernel that computes it last.
std::vector<std::string> families_of(const Plan& plan) {
  std::vector<std::string> families;
  for (const Step& step : plan.steps)
    if (!step.partial) families.push_back(plan.kernels[static_cast<size_t>(step.kernel)].family);
  return families;
}

std::string simulation(const Network& network, const BenchOptions& options) {
  const CompiledSchedule compiled = compile("tuned", network, options);
  const PoolCosts costs = measure_pool();
  say_on_terminal("measuring");
  return simulation_table(bench_layers(network.graphs.definition, network.graphs.planned, compiled.plan),
                          families_of(compiled.plan), time_tasks_in_child(compiled, options.seconds),
                          options.threads, costs);
}

// The network to bench and the target, from the options.
template <class Use>
auto with_network(const BenchOptions& options, Use use) {
  Text text = read_text(options.model, options.onnx);
  const Target target =
      target_to_run(options.target, options.runner, "bench",
                    arithmetic_of(options.quantization, text, options.bfloat16), options.system);
  if (options.runner) check_runner(*options.runner, target);
  return use(read_network(text, options, target), options);
}

}  // namespace

BenchReport measure_network(const BenchOptions& options) {
  require_plugins(options.compared);
  return with_network(options, bench);
}

int run(const BenchOptions& options) {
  check_reports(options);
  if (options.simulate) {
    print(with_network(options, simulation));
    return 0;
  }
  const BenchReport report = measure_network(options);
  const std::string json = options.json ? bench_json(report) : "",
                    html = options.html ? bench_html(report) : "";
  std::vector<std::pair<std::string, Content>> files;
  if (options.json) files.emplace_back(*options.json, json);
  if (options.html) files.emplace_back(*options.html, html);
  write_files(files);
  print(bench_table(report));
  return 0;
}

}  // namespace cnnc
