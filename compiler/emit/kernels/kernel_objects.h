// The kernels of a plan → their objects, from the cache or compiled.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "emit/kernels/kernel_cache.h"
#include "emit/kernels/workers.h"
#include "plan/plan.h"

namespace cnnc {

struct KernelOptions {
  int jobs = 1;  // kernels compiled at a time, each in a child process
  std::optional<KernelCache> cache = std::nullopt;
  // Called when the first of `count` kernels that are not in the cache is begun, and whenever one is done.
  std::function<void(size_t done, size_t count)> progress = nullptr;
};

// The objects of a plan's kernels, in their order, with their functions' names.
struct KernelObjects {
  std::vector<std::string> objects;
};

// By plan.kernels; `symbols` are the names of their functions. The same bytes from the cache and without one.
// Throws std::runtime_error when one cannot be compiled.
std::vector<std::string> kernel_objects(const Plan& plan, const std::vector<std::string>& symbols,
                                        const KernelOptions& options);

// The objects of some of the plan's kernels, by `which`, each from the cache or compiled in a child process
// that has so many seconds: for strategies, which may take longer, or crash. Of these the cache keeps none:
// autoschedulers come as plugins, of which it does not know the build. Throws std::runtime_error where the
// system fails.
std::vector<Outcome> try_kernels(const Plan& plan, const std::vector<size_t>& which,
                                 const std::vector<std::string>& symbols, const KernelOptions& options,
                                 double seconds);

}  // namespace cnnc
