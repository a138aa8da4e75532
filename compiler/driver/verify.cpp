// cnnc verify: compiles the network, runs it, here or by --runner, and compares each layer with its
// definition.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "driver/commands.h"
#include "driver/console/progress.h"
#include "driver/console/standard_streams.h"
#include "driver/console/table.h"
#include "driver/front/front.h"
#include "driver/front/quantised.h"
#include "driver/front/schedule_files.h"
#include "driver/front/text.h"
#include "driver/run/run_library.h"
#include "driver/run/verify_layers.h"
#include "driver/run/verify_outputs.h"
#include "emit/kernels/kernel_objects.h"
#include "emit/library/symbols.h"
#include "emit/load/loaded_library.h"
#include "emit/load/remote_library.h"

namespace cnnc {
namespace {

Row comparison_row(const Comparison& c) {
  return {c.name,
          to_string(c.shape),
          fmt::format("{:.2e}", c.largest_error),
          fmt::format("{:.2e} of {:.2e}", c.error, c.bound),
          fmt::format("{:.3f}", c.ratio),
          c.ok() ? "ok" : "FAILED"};
}

// "conv1: element 17 is 0.5; the reference is 0.25, give or take 1e-06"
std::string failure_line(const Comparison& c) {
  return c.ok() ? ""
                : fmt::format("{}: element {} is {:.9g}; the reference is {:.9g}, give or take {:.2g}\n",
                              c.name, c.worst, c.compiled, c.reference, c.bound);
}

std::string report(const std::string& heading, const std::vector<Comparison>& comparisons) {
  std::vector<Row> rows = {{heading, "shape", "largest error", "worst for its bound", "ratio", ""}};
  std::string failures;
  for (const Comparison& c : comparisons) {
    rows.push_back(comparison_row(c));
    failures += failure_line(c);
  }
  return table(rows, "lrrrrl") + failures;
}

bool all_ok(const std::vector<Comparison>& comparisons) {
  return std::all_of(comparisons.begin(), comparisons.end(), [](const Comparison& c) { return c.ok(); });
}

Run run_compiled(const Plan& plan, const VerifyOptions& options, SharedMemory& workspace) {
  const KernelObjects kernels{
      kernel_objects(plan, symbols_of(plan).kernels, {options.jobs, options.cache, progress_line()})};
  if (options.runner) {
    RemoteLibrary library(plan, kernels, *options.runner, options.threads);
    return run_elsewhere(plan, library, options.seed, workspace.data());
  }
  const LoadedLibrary library(plan, kernels);
  return run_in_child(plan, library, options.seed, workspace, {options.threads, nullptr, nullptr});
}

// Compiles the plan, runs it and prints how its layers compare; whether all are right.
bool verify(const Graph& graph, const Plan& plan, const VerifyOptions& options, const std::string& name) {
  SharedMemory workspace(static_cast<size_t>(plan.workspace_bytes));
  const Run run = run_compiled(plan, options, workspace);
  const std::vector<Comparison> steps = compare_steps(graph, plan, run);
  const std::vector<Comparison> outputs = compare_outputs(graph, plan, run);
  const bool ok = all_ok(steps) && all_ok(outputs);
  print(fmt::format("{}\n{}\n{}: {} ({}, input seed {})\n", report("step", steps),
                    report("end to end", outputs), name, ok ? "ok" : "FAILED", plan.target.name,
                    options.seed));
  return ok;
}

PlanOptions plan_options(const VerifyOptions& options, const Text& text) {
  PlanOptions plan;
  plan.images = options.images.value_or(text.images);
  plan.threads = options.threads;
  plan.keep_all_tensors = true;
  plan.weights_type = options.weights_type;
  plan.allow_winograd = options.allow_winograd;
  return plan;
}

}  // namespace

int run(const VerifyOptions& options) {
  Text text = read_text(options.model, options.onnx);
  const std::vector<Target> targets =
      targets_to_run(options.targets, options.runner, "verify",
                     arithmetic_of(options.quantization, text, options.bfloat16), options.system);
  const Source& source = text.source;
  Graph graph = elaborate_text(text);
  require_weights(graph, options.weights, source);
  bind_weights(graph, options.weights, source, options.weights_type);
  const std::optional<Quantization> quantization = read_quantization(options.quantization, text, graph);
  const Defined defined = define(std::move(graph), quantization, options.bfloat16);
  const std::vector<Schedules> schedules =
      read_schedules(options.schedules, targets, options.threads, options.allow_winograd);
  const Plans plans = plan_network(defined.planned, targets,
                                   options_of_plans(plan_options(options, text), schedules), source);
  print_ignored(plans, schedules);
  bool ok = true;
  for (const Plan& plan : plans.of_targets) {
    if (&plan != &plans.best()) print("\n");
    ok &= verify(defined.definition, plan, options, source.name);
  }
  return ok ? 0 : 1;
}

}  // namespace cnnc
