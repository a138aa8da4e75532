// How much of a run each layer of a network is.
#pragma once
#include <vector>

#include "driver/options/options.h"
#include "driver/report/report.h"
#include "graph/graph.h"
#include "plan/plan.h"

namespace cnnc {

// By step of the plan the multiply-adds that its kernel makes for an image (plan/choose/multiply_adds.h), of
// other kernels 0. They are no times: what else kernels do has no estimate in the same unit.
std::vector<double> made_multiply_adds(const Plan& plan);

// By step of the plan seconds of one run on one core: the median of runs on a random input in a child
// process, of steps that compute a part of a tensor none but for the last. `total` are those of a run as a
// whole. Throws std::runtime_error where the compiled code fails.
struct MeasuredSteps {
  std::vector<double> seconds;
  double total = 0;
};
MeasuredSteps measured_step_seconds(const Plan& plan, int jobs, const std::optional<KernelCache>& cache);

// Sets what steps, layers and the rest of the report's table have of the work, which is given by step of the
// plan. What computes several layers counts for the one with the most multiply-adds; copies and the like,
// which are no layer's, stand among the report's steps alone.
void set_work(Report& report, const Graph& graph, const Plan& plan, const std::vector<double>& work);

}  // namespace cnnc
