// A plan's library in this process; for `verify` and `bench`.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "emit/kernels/kernel_objects.h"
#include "plan/plan.h"
#include "runtime/cnnc_rt.h"

namespace cnnc {

// Memory for a workspace, aligned as a run wants it; never none, whose address would be null.
struct alignas(kAlignment) WorkspaceLine {
  std::byte bytes[kAlignment];
};
using Workspace = std::vector<WorkspaceLine>;
inline Workspace workspace_for(const Plan& plan) {
  return Workspace(static_cast<size_t>(plan.workspace_bytes / kAlignment + 1));
}

// What stands in place of the runtime's loops for several threads (runtime/cnnc_rt.h).
struct ParallelLoops {
  decltype(&cnnc_rt_parallel_loop) loop;
  decltype(&cnnc_rt_parallel_loop_in_scratch) in_scratch;
};

// The plan's target must run here.
class LoadedLibrary {
 public:
  LoadedLibrary(const Plan& plan, const KernelOptions& options);  // throws std::runtime_error
  // The same of kernels that are compiled already, by try_kernels().
  LoadedLibrary(const Plan& plan, const KernelObjects& kernels,
                const std::optional<ParallelLoops>& loops = std::nullopt);
  ~LoadedLibrary();
  // One run, whose inputs and outputs are floats, those of whole numbers too. `workspace` has
  // plan.workspace_bytes, aligned to 64. Returns the library's error code, 0 if all is well. The threads that
  // the pool lacks are started. `layer_seconds`: null, or count_layers(plan) of them. `layer`: null, or where
  // a run with layer_seconds says which layer it is at, before it begins with it: what a parent process sees
  // of one that crashed.
  int run(const std::vector<const float*>& inputs, const std::vector<float*>& outputs, void* workspace,
          const cnnc_rt_threads& threads = {1, nullptr, nullptr}, double* layer_seconds = nullptr,
          int32_t* layer = nullptr) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace cnnc
