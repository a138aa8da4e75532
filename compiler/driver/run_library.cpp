#include "driver/run_library.h"

#include <fmt/format.h>

#include <cstring>
#include <limits>
#include <random>
#include <stdexcept>

namespace cnnc {

std::vector<std::vector<float>> random_inputs(const Plan& plan, uint64_t seed) {
  std::mt19937_64 generator(seed);
  std::vector<std::vector<float>> inputs;
  for (const Shape& shape : plan.input_shapes) {
    inputs.emplace_back(plan.images * shape.elements());
    for (float& value : inputs.back()) value = static_cast<float>(generator() >> 40) * 0x1p-23f - 1;
  }
  return inputs;
}

Run run_library(const Plan& plan, const LoadedLibrary& library, uint64_t seed, Workspace& workspace,
                const cnnc_rt_threads& threads, double* layer_seconds) {
  Run run;
  run.inputs = random_inputs(plan, seed);
  for (const Shape& shape : plan.output_shapes)
    run.outputs.emplace_back(plan.images * shape.elements(), std::numeric_limits<float>::quiet_NaN());
  workspace = workspace_for(plan);
  std::memset(static_cast<void*>(workspace.data()), 0xff, workspace.size() * sizeof(WorkspaceLine));
  run.workspace = reinterpret_cast<const std::byte*>(workspace.data());
  std::vector<const float*> inputs;
  std::vector<float*> outputs;
  for (const auto& input : run.inputs) inputs.push_back(input.data());
  for (auto& output : run.outputs) outputs.push_back(output.data());
  if (const int error = library.run(inputs, outputs, workspace.data(), threads, layer_seconds))
    throw std::runtime_error(fmt::format("the compiled network returned error {}", error));
  return run;
}

}  // namespace cnnc
