// plan → the library: kernels compiled to objects, the run function, the packed weights, an archive and a
// header.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "emit/workers.h"
#include "plan/plan.h"
#include "runtime/cnnc_rt.h"
#include "support/bytes.h"

namespace cnnc {

// The weights are packed while a file is written: the plan must live until then.
struct Library {
  ByteSource archive;  // MODEL.a
  std::string header;  // the text of MODEL.h
  ByteSource weights;  // the weights file, for a library that wants one
};

// A folder that keeps the objects of kernels from one compilation to the next. It is made where it is
// missing; whatever is wrong with it, kernels are compiled as without one.
struct KernelCache {
  std::string folder;
  int64_t most_bytes = 0;  // of all entries, after a compilation; kUnlimited: whatever they take
  static constexpr int64_t kUnlimited = -1;
};

struct KernelOptions {
  int jobs = 1;  // kernels compiled at a time, each in a child process
  std::optional<KernelCache> cache = std::nullopt;
  // Called when the first of `count` kernels that are not in the cache is begun, and whenever one is done.
  std::function<void(size_t done, size_t count)> progress = nullptr;
};

struct EmitOptions {
  KernelOptions kernels;
  bool weights_file = false;  // weights go to a file of their own, which the application opens
  bool check_finite = false;  // a run returns an error if an input or an output is not finite
};

// The same plan gives the same bytes. Throws std::runtime_error when a kernel cannot be compiled or the
// system fails, and
// std::logic_error for a plan that has kernels by a strategy.
Library emit_library(const Plan& plan, const EmitOptions& options);

// What a stage of the backend makes of each kernel, as text: Halide's lowered statement, LLVM's intermediate
// representation, or assembly.
enum class KernelText { stmt, llvm, assembly };
std::string emit_text(const Plan& plan, KernelText kind, int jobs);

// The objects of a plan's kernels, in their order, with their functions' names.
struct KernelObjects {
  std::vector<std::string> objects;
};

// The objects of some of the plan's kernels, each from the cache or compiled in a child process that has so
// many seconds: for strategies, which may take longer, or crash. Of these the cache keeps none:
// autoschedulers come as plugins, of which it does not know the build. Throws std::runtime_error where the
// system fails.
std::vector<Outcome> try_kernels(const Plan& plan, const std::vector<size_t>& which,
                                 const KernelOptions& options, double seconds);

// Memory for a workspace, aligned as a run wants it; never none, whose address would be null.
struct alignas(kAlignment) WorkspaceLine {
  std::byte bytes[kAlignment];
};
using Workspace = std::vector<WorkspaceLine>;
inline Workspace workspace_for(const Plan& plan) {
  return Workspace(static_cast<size_t>(plan.workspace_bytes / kAlignment + 1));
}

// The library of a plan, loaded into this process; for `verify` and `bench`. The plan's target must run here.
class LoadedLibrary {
 public:
  LoadedLibrary(const Plan& plan, const KernelOptions& options);  // throws std::runtime_error
  // The same of kernels that are compiled already, by try_kernels().
  LoadedLibrary(const Plan& plan, const KernelObjects& kernels);
  ~LoadedLibrary();
  // One run. `workspace` has plan.workspace_bytes, aligned to 64. Returns the library's error code, 0 if all
  // is well. The threads that the pool lacks are started. `layer_seconds`: null, or count_layers(plan) of
  // them. `layer`: null, or where a run with layer_seconds says which layer it is at, before it begins with
  // it: what a parent process sees of one that crashed.
  int run(const std::vector<const float*>& inputs, const std::vector<float*>& outputs, void* workspace,
          const cnnc_rt_threads& threads = {1, nullptr, nullptr}, double* layer_seconds = nullptr,
          int32_t* layer = nullptr) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace cnnc
