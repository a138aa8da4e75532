// How long each layer of a network takes.
#pragma once
#include <vector>

#include "driver/options/options.h"
#include "graph/graph.h"
#include "picture/layers.h"
#include "plan/plan.h"

namespace cnnc {

// By step of the plan seconds of one run on one core, by an estimate (plan/choose/tasks.h).
std::vector<double> estimated_step_seconds(const Plan& plan);

// The same, measured: the median of runs on a random input in a child process, of steps that compute a part
// of a tensor none but for the last. `total` are those of a run as a whole. Throws std::runtime_error where
// the compiled code fails.
struct MeasuredSteps {
  std::vector<double> seconds;
  double total = 0;
};
MeasuredSteps measured_step_seconds(const Plan& plan, int jobs, const std::optional<KernelCache>& cache);

// By layer: the seconds of the steps that compute it. A step that computes several layers counts for the one
// with the most multiply-adds, a copy for the layer whose result it copies.
std::vector<double> layer_seconds(const Graph& graph, const std::vector<picture::Layer>& layers,
                                  const Plan& plan, const std::vector<double>& step_seconds);

}  // namespace cnnc
