#include "driver/report/report_times.h"

#include <algorithm>
#include <map>

#include "driver/bench/bench_measure.h"
#include "driver/bench/bench_report.h"
#include "driver/console/progress.h"
#include "driver/front/counts.h"
#include "emit/kernels/kernel_objects.h"
#include "emit/library/symbols.h"
#include "plan/choose/tasks.h"

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

// The layer that a step counts for; none where it covers no node and is called after none.
std::optional<size_t> layer_of(const std::map<std::string, Place>& places, const Step& step) {
  std::optional<Place> best;
  for (const std::string& name : step.covers)
    if (const auto found = places.find(name); found != places.end())
      if (!best || found->second.macs > best->macs) best = found->second;
  if (!best)  // a copy's name says its layout behind a space
    if (const auto found = places.find(step.name.substr(0, step.name.find(' '))); found != places.end())
      best = found->second;
  return best ? std::optional(best->layer) : std::nullopt;
}

}  // namespace

std::vector<double> estimated_step_seconds(const Plan& plan) {
  std::vector<double> seconds;
  for (const Step& step : plan.steps)
    seconds.push_back(estimated_seconds(plan.kernels[static_cast<size_t>(step.kernel)], plan.target));
  return seconds;
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

std::vector<double> layer_seconds(const Graph& graph, const std::vector<picture::Layer>& layers,
                                  const Plan& plan, const std::vector<double>& step_seconds) {
  const std::map<std::string, Place> places = places_of(graph, layers);
  std::vector<double> seconds(layers.size());
  double pending = 0;  // of steps on the way to a layer that a later one completes
  size_t last = 0;
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    pending += step_seconds[i];
    const std::optional<size_t> layer = layer_of(places, plan.steps[i]);
    if (!layer) continue;
    seconds[last = *layer] += pending;
    pending = 0;
  }
  seconds[last] += pending;
  return seconds;
}

}  // namespace cnnc
