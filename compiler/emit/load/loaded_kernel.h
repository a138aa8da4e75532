// One compiled kernel, loaded into this process, for `tune`.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

// What its function is called in an object of kernel_object().
constexpr const char* kKernelSymbol = "kernel";

// The object that LoadedKernel takes. To be called in a child process (see workers.h); throws std::exception.
std::string kernel_object(const Kernel& kernel, const Target& target);

class LoadedKernel {
 public:
  // The object must be the kernel's, for a target that runs here. Throws std::runtime_error.
  LoadedKernel(const Kernel& kernel, const std::string& object);
  ~LoadedKernel();
  LoadedKernel(LoadedKernel&&) noexcept;

  // One run. The pointers are those of inputs, constants and output, as Kernel describes and aligns them;
  // `scratch` has kernel.scratch floats, aligned to kAlignment, or is null where there are none. With more
  // than one thread the process's own pool takes part; see start_threads.
  void run(const std::vector<float*>& pointers, float* scratch, int threads) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

// Makes sure that the process's pool has the threads that a run with so many needs. Throws
// std::runtime_error.
void start_threads(int threads);

}  // namespace cnnc
