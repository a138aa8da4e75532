// A schedule's way to compute a network, compiled, and checked before a time is taken: what is wrong has no
// time.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "driver/bench/bench_report.h"
#include "emit/kernels/kernel_objects.h"
#include "graph/graph.h"
#include "plan/plan.h"

namespace cnnc {

struct CompiledSchedule {
  Plan plan;  // where a strategy failed, with our own schedule in its place
  KernelObjects kernels;
  std::vector<std::optional<Failure>> failures;  // of each layer
};

// try_kernels(), with its symbols and options.
using CompileKernels =
    std::function<std::vector<Outcome>(const Plan& plan, const std::vector<size_t>& which, double seconds)>;

// `plan` is what is to be timed, `kept` the same with all tensors kept, for the check: the library is run
// once on a random input, and each layer compared with its definition, in double, from the inputs that it has
// read (verify_layers.h); so errors do not add up, and a wrong layer makes no other look wrong. A strategy
// has so many seconds to make a kernel, and as many for the layer to run. A kernel that it does not get done,
// that takes longer, crashes or is wrong gives way to ours. By a command `runner`, if there is one: then what
// crashes there is an error, and nothing has a limit. Throws std::runtime_error where one of ours
// cannot be compiled, or crashes.
CompiledSchedule compile_schedule(const Graph& graph, Plan plan, Plan kept, const CompileKernels& compile,
                                  double seconds, int threads = 1,
                                  const std::optional<std::string>& runner = std::nullopt);

}  // namespace cnnc
