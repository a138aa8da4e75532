// A plan as code in this process.
#pragma once
#include <vector>

#include "emit/load/loaded_library.h"
#include "plan/plan.h"

namespace cnnc {

using Tensors = std::vector<std::vector<float>>;

// Compiled once, run any number of times.
class CompiledGraph {
 public:
  // For this machine. Throws std::runtime_error where a kernel cannot be compiled.
  CompiledGraph(Plan plan, const KernelOptions& kernels, int threads);

  // One tensor an output, in their order, of one image. Throws std::runtime_error.
  Tensors run(const Tensors& inputs);
  void run(const Tensors& inputs, Tensors& outputs);  // into tensors that are there

  const Plan& plan() const { return plan_; }

 private:
  Plan plan_;
  LoadedLibrary library_;
  Workspace workspace_;
  cnnc_rt_threads threads_;
};

}  // namespace cnnc
