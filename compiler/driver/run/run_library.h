// One run of a network's library on random inputs, for what compares its tensors.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "driver/run/child_run.h"
#include "driver/run/verify_layers.h"
#include "emit/load/loaded_library.h"
#include "emit/load/remote_library.h"
#include "plan/plan.h"

namespace cnnc {

// Uniform in [-1, 1), in steps of 2^-23: the same on every machine. One an input, of all images.
std::vector<std::vector<float>> random_inputs(const Plan& plan, uint64_t seed);

// Runs the library in memory full of NaN: what it does not compute itself, it must not read. `workspace` has
// plan.workspace_bytes, aligned to 64; `layer` as of LoadedLibrary::run. The result points into the
// workspace. Throws std::runtime_error if the library returns an error.
Run run_library(const Plan& plan, const LoadedLibrary& library, uint64_t seed, std::byte* workspace,
                const cnnc_rt_threads& threads, int32_t* layer);

// The same in a child process, with memory that both have, so that a crash of the compiled code is this
// std::runtime_error: "layer 'pool1' (maxpool) crashed: it was killed by signal 11 (Segmentation fault)".
Run run_in_child(const Plan& plan, const LoadedLibrary& library, uint64_t seed, SharedMemory& workspace,
                 const cnnc_rt_threads& threads);

// The same by a runner: the result points into the workspace, too, to which that of the other machine is
// copied. A crash is the same std::runtime_error; else throws RunnerError.
Run run_elsewhere(const Plan& plan, RemoteLibrary& library, uint64_t seed, std::byte* workspace);

}  // namespace cnnc
