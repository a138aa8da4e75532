// Compiled kernels, together in one program on another machine; for `tune`.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "emit/load/remote.h"
#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

class RemoteKernels {
 public:
  struct Code {
    Kernel kernel;
    std::string object;  // of kernel_object()
  };
  // By the command `runner` (Remote), for so many threads. Throws RunnerError, as all below do.
  RemoteKernels(const std::vector<Code>& kernels, const Target& target, const std::string& runner,
                int threads);

  // Memory for tensors and constants, see Remote.
  Remote& remote() { return remote_; }

  // Runs a kernel so many times, call number i, from `first` on, with copy i % copies of inputs, constants
  // and output, which lie there as Kernel describes them. Seconds of all: with one thread its own time.
  // Throws std::runtime_error if it crashes.
  double run(size_t kernel, const std::vector<RemotePlace>& tensors, int64_t copies, int64_t count,
             int64_t first);

 private:
  Remote remote_;
  int threads_;
  RemotePlace threads_place_;
  std::vector<RemotePlace> scratch_;  // of each kernel
};

}  // namespace cnnc
