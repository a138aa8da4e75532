// cnnc bench: compiles the network and times it here, layer by layer, beside the machine's peak.
#include <fmt/format.h>

#include <algorithm>

#include "driver/clock.h"
#include "driver/commands.h"
#include "driver/front.h"
#include "driver/peak.h"
#include "driver/progress.h"
#include "driver/schedule_files.h"
#include "driver/table.h"
#include "driver/text.h"
#include "emit/emit.h"
#include "passes/passes.h"

namespace cnnc {
namespace {

// A network in memory with all that a run takes.
struct Bench {
  const Plan& plan;
  LoadedLibrary library;
  cnnc_rt_threads threads;
  std::vector<std::vector<float>> inputs, outputs;
  Workspace workspace;
  std::vector<const float*> input_pointers;
  std::vector<float*> output_pointers;

  Bench(const Plan& p, const BenchOptions& options)
      : plan(p),
        library(p, {options.jobs, options.cache, progress_line()}),
        threads{options.threads, nullptr, nullptr},
        workspace(workspace_for(p)) {
    for (const Shape& shape : plan.input_shapes) inputs.emplace_back(plan.images * shape.elements(), 0.5f);
    for (const Shape& shape : plan.output_shapes) outputs.emplace_back(plan.images * shape.elements());
    for (const auto& input : inputs) input_pointers.push_back(input.data());
    for (auto& output : outputs) output_pointers.push_back(output.data());
  }

  // Seconds.
  double run(double* layer_seconds = nullptr) {
    const double begin = now();
    if (const int error =
            library.run(input_pointers, output_pointers, workspace.data(), threads, layer_seconds))
      throw std::runtime_error(fmt::format("the compiled network returned error {}", error));
    return now() - begin;
  }
};

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

double least(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

struct Times {
  std::vector<double> runs;                 // seconds, of plain runs
  std::vector<std::vector<double>> layers;  // by layer: seconds, of timed runs
  double peak = 0;                          // FLOP/s of one thread, the median of readings in between
};

// Plain runs, timed runs and readings of the peak in alternation.
Times measure(Bench& bench, const BenchOptions& options, Isa isa) {
  Times times;
  times.layers.resize(static_cast<size_t>(count_layers(bench.plan)));
  std::vector<double> seconds(times.layers.size()), peaks;
  bench.run();
  const double end = now() + options.seconds;
  do {
    peaks.push_back(peak_flops(isa, 0.02));
    const double slice = now() + options.seconds / 20;
    do {
      times.runs.push_back(bench.run());
      bench.run(seconds.data());
      for (size_t i = 0; i < seconds.size(); ++i) times.layers[i].push_back(seconds[i]);
    } while (now() < slice);
  } while (now() < end || times.runs.size() < 5);
  times.peak = median(peaks);
  return times;
}

// Multiply-adds of all nodes that a step covers, for one image, by their definition.
int64_t macs_of(const Graph& graph, const Step& step) {
  int64_t sum = 0;
  for (const Node& node : graph.nodes) {
    if (std::find(step.covers.begin(), step.covers.end(), node.name) != step.covers.end())
      sum += macs(graph, node);
  }
  return sum;
}

// A layer, or all of them: seconds of each run, and operations of a run.
struct Timed {
  std::string name, kernel, result;
  std::vector<double> seconds;
  double flops = 0;
};

std::vector<Timed> timed_layers(const Graph& graph, const Plan& plan, const Times& times) {
  std::vector<Timed> layers;
  for (const Step& step : plan.steps) {
    if (step.partial) continue;
    layers.push_back({step.name, plan.kernels[static_cast<size_t>(step.kernel)].family,
                      to_string(plan.buffers[static_cast<size_t>(step.output)].layout),
                      times.layers[layers.size()],
                      2.0 * static_cast<double>(macs_of(graph, step) * plan.images)});
  }
  return layers;
}

// Of a run that takes `total` seconds on a machine that does `peak` operations a second.
Row row_of(const Timed& timed, double total, double peak) {
  const bool counts = timed.flops > 0;
  const double middle = median(timed.seconds), best = least(timed.seconds);
  return {timed.name,
          timed.kernel,
          timed.result,
          fmt::format("{:.4f}", middle * 1e3),
          fmt::format("{:.4f}", best * 1e3),
          fmt::format("{:.1f}", 100 * middle / total),
          counts ? fmt::format("{:.1f}", timed.flops * 1e-6) : "",
          counts ? fmt::format("{:.1f}", timed.flops / best * 1e-9) : "",
          counts ? fmt::format("{:.0f}", 100 * timed.flops / best / peak) : ""};
}

std::string report(const std::vector<Timed>& layers, const Times& times, int threads) {
  Timed all{"all", "", "", times.runs};
  for (const Timed& layer : layers) all.flops += layer.flops;
  const double total = median(times.runs), peak = times.peak * threads;
  std::vector<Row> rows = {
      {"layer", "kernel", "result", "ms", "best", "% of time", "MFLOP", "GFLOP/s", "% of peak"}};
  for (const Timed& layer : layers) rows.push_back(row_of(layer, total, peak));
  rows.push_back(row_of(all, total, peak));
  return table(rows, "lllrrrrrr") +
         fmt::format("\nmedian {:.4f} ms, best {:.4f} ms of {} runs; peak {:.1f} GFLOP/s a thread, {}\n",
                     total * 1e3, least(times.runs) * 1e3, times.runs.size(), times.peak * 1e-9,
                     counted(threads, "thread"));
}

}  // namespace

int run(const BenchOptions& options) {
  const Target target = target_that_runs_here(options.target, "bench");
  Text text = read_text(options.model, options.onnx);
  const bool has_weights = text.with_weights.has_value();
  Graph graph = elaborate_text(text);
  const bool none_given = std::holds_alternative<std::monostate>(options.weights) && !has_weights;
  bind_weights(graph, none_given ? RandomWeights{1} : options.weights, text.source);
  PlanOptions plan_options;
  plan_options.images = options.images.value_or(text.images);
  const Schedules schedules = read_schedules(options.schedules, target, options.threads, true);
  plan_options.choices = schedules.choices;
  const Plan plan = plan_network(optimise(graph), target, plan_options, text.source);
  print_ignored(plan, schedules);
  Bench bench(plan, options);
  const Times times = measure(bench, options, target.isa);
  print(report(timed_layers(graph, plan, times), times, options.threads));
  return 0;
}

}  // namespace cnnc
