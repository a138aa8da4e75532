#include "driver/report/report_times.h"

#include <algorithm>
#include <map>

#include "driver/bench/bench_measure.h"
#include "driver/bench/bench_report.h"
#include "driver/console/progress.h"
#include "driver/front/counts.h"
#include "driver/layers/plan_layers.h"
#include "emit/kernels/kernel_objects.h"
#include "emit/library/symbols.h"
#include "plan/choose/multiply_adds.h"

namespace cnnc {
namespace {

struct Place {
  size_t layer = 0;
  double macs = 0;
};

// By name of a node its layer.
std::map<std::string, Place> places_of(const Graph& graph, const std::vector<picture::Layer>& layers) {
  std::map<std::string, double> macs_of;
  for (const Node& node : graph.nodes) macs_of[node.name] = static_cast<double>(macs(graph, node));
  std::map<std::string, Place> places;
  for (size_t i = 0; i < layers.size(); ++i)
    for (const std::string& node : layers[i].nodes) places[node] = {i, macs_of[node]};
  return places;
}

// The layer that a layer of the plan counts for; none of a copy, which covers no node.
std::optional<size_t> layer_of(const std::map<std::string, Place>& places, const PlanLayer& of_plan) {
  std::optional<Place> best;
  for (const std::string& name : of_plan.covers)
    if (const auto found = places.find(name); found != places.end())
      if (!best || found->second.macs > best->macs) best = found->second;
  return best ? std::optional(best->layer) : std::nullopt;
}

// What pictures say of its operator, where it computes that: not of a softmax behind it.
std::string what_of(const picture::Layer& layer, const PlanLayer& of_plan) {
  const auto& covers = of_plan.covers;
  const bool has_operator = std::find(covers.begin(), covers.end(), layer.name) != covers.end();
  return has_operator ? layer.what : "";
}

}  // namespace

std::vector<double> made_multiply_adds(const Plan& plan) {
  std::vector<double> made;
  for (const Step& step : plan.steps)
    made.push_back(multiply_adds(plan.kernels[static_cast<size_t>(step.kernel)]).value_or(0));
  return made;
}

MeasuredSteps measured_step_seconds(const Plan& plan, int jobs, const std::optional<KernelCache>& cache) {
  constexpr double kSeconds = 1;
  CompiledSchedule compiled{
      plan, {kernel_objects(plan, symbols_of(plan).kernels, {jobs, cache, progress_line()})}, {}};
  compiled.failures.resize(static_cast<size_t>(count_layers(plan)));
  const Samples samples = measure_in_child({compiled}, {"tuned"}, 1, kSeconds).schedules.front();
  MeasuredSteps measured;
  measured.total = spread_of(samples.runs).median;
  size_t layer = 0;
  for (const Step& step : plan.steps)
    measured.seconds.push_back(step.partial ? 0 : spread_of(samples.layers[layer++]).median);
  return measured;
}

void set_work(Report& report, const Graph& graph, const Plan& plan, const std::vector<double>& work) {
  const std::map<std::string, Place> places = places_of(graph, report.layers);
  std::vector<bool> is_begun(report.layers.size());
  for (const PlanLayer& of_plan : plan_layers(plan)) {
    ReportStep step{of_plan.what, "", 0};
    for (const size_t each : of_plan.steps) step.work += work[each];
    if (const std::optional<size_t> layer = layer_of(places, of_plan)) {
      step.what = what_of(report.layers[*layer], of_plan);
      report.costs[*layer].work += step.work;
      if (is_begun[*layer]) report.costs[*layer].also += " + " + of_plan.name;
      is_begun[*layer] = true;
    }
    report.steps.push_back(step);
  }
}

}  // namespace cnnc
