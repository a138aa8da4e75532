// One run of a network's library on random inputs, for what compares its tensors.
#pragma once
#include <cstdint>
#include <vector>

#include "driver/verify_layers.h"
#include "emit/emit.h"
#include "plan/plan.h"

namespace cnnc {

// Uniform in [-1, 1), in steps of 2^-23: the same on every machine. One an input, of all images.
std::vector<std::vector<float>> random_inputs(const Plan& plan, uint64_t seed);

// Runs the library in memory full of NaN: what it does not compute itself, it must not read. `layer_seconds`
// as of LoadedLibrary::run. The result points into the workspace. Throws std::runtime_error if the library
// returns an error.
Run run_library(const Plan& plan, const LoadedLibrary& library, uint64_t seed, Workspace& workspace,
                const cnnc_rt_threads& threads = {1, nullptr, nullptr}, double* layer_seconds = nullptr);

}  // namespace cnnc
