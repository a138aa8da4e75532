// A plan's library on another machine; for `verify` and `bench`.
#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "emit/kernels/kernel_objects.h"
#include "emit/load/remote.h"
#include "plan/plan.h"

namespace cnnc {

// The compiled code crashed there; what() is "was killed by signal 11 (Segmentation fault)".
struct RemoteCrash : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class RemoteLibrary {
 public:
  // By the command `runner` (Remote), for so many threads. Throws RunnerError, as all below do, and
  // std::runtime_error where a kernel cannot be compiled.
  RemoteLibrary(const Plan& plan, const KernelObjects& kernels, const std::string& runner, int threads);

  // One run, with tensors that are copied there and back, and the workspace too where it is not null: what it
  // holds at first is 0xff. The result is the library's error code. `layer` as of LoadedLibrary::run, also
  // for RemoteCrash.
  int run(const std::vector<const float*>& inputs, const std::vector<float*>& outputs, void* workspace,
          int32_t* layer);

  void set_inputs(const std::vector<const float*>& inputs);

  // Seconds of a run on the tensors that are there. `layer_seconds` is null, or where those of each layer go.
  double time(double* layer_seconds, int32_t* layer);

  // FLOP/s of one thread by multiplies and adds in registers alone: the best of what is measured in about so
  // many seconds.
  double flops(double seconds);

 private:
  cnnc_program_call call(bool timed, int32_t* layer);

  const Plan& plan_;
  Remote remote_;
  std::vector<int64_t> inputs_, outputs_;  // memories
  int64_t workspace_ = 0, weights_ = -1, threads_ = 0, layer_seconds_ = 0, layer_ = 0, operations_ = 0;
};

}  // namespace cnnc
