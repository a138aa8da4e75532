#include "driver/run/run_library.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>

#include "plan/ports.h"

namespace cnnc {
namespace {

// The outputs on their way out of a child.
std::string bytes_of(const std::vector<std::vector<float>>& outputs) {
  std::string bytes;
  for (const std::vector<float>& output : outputs)
    bytes.append(reinterpret_cast<const char*>(output.data()), output.size() * sizeof(float));
  return bytes;
}

std::vector<std::vector<float>> outputs_of(const Plan& plan, const std::string& bytes) {
  std::vector<std::vector<float>> outputs;
  size_t at = 0;
  for (const Shape& shape : plan.output_shapes) {
    outputs.emplace_back(plan.images * shape.elements());
    at +=
        bytes.copy(reinterpret_cast<char*>(outputs.back().data()), outputs.back().size() * sizeof(float), at);
  }
  return outputs;
}

using Inputs = std::vector<const float*>;
using Outputs = std::vector<float*>;

// `run` returns the library's error code.
Run run_by(const Plan& plan, uint64_t seed, const std::byte* workspace,
           const std::function<int(const Inputs&, const Outputs&)>& run) {
  Run result;
  result.inputs = random_inputs(plan, seed);
  for (const Shape& shape : plan.output_shapes)
    result.outputs.emplace_back(plan.images * shape.elements(), std::numeric_limits<float>::quiet_NaN());
  result.workspace = workspace;
  Inputs inputs;
  Outputs outputs;
  for (const auto& input : result.inputs) inputs.push_back(input.data());
  for (auto& output : result.outputs) outputs.push_back(output.data());
  if (const int error = run(inputs, outputs))
    throw std::runtime_error(fmt::format("the compiled network returned error {}", error));
  return result;
}

}  // namespace

std::vector<std::vector<float>> random_inputs(const Plan& plan, uint64_t seed) {
  std::mt19937_64 generator(seed);
  std::vector<std::vector<float>> inputs;
  for (size_t i = 0; i < plan.input_shapes.size(); ++i) {
    const bool is_of_bytes = type_of_input(plan, i) == ElementType::uint8;
    inputs.emplace_back(plan.images * plan.input_shapes[i].elements());
    for (float& value : inputs.back())
      value = is_of_bytes ? static_cast<float>(generator() >> 56)
                          : static_cast<float>(generator() >> 40) * 0x1p-23f - 1;
  }
  return inputs;
}

Run run_library(const Plan& plan, const LoadedLibrary& library, uint64_t seed, std::byte* workspace,
                const cnnc_rt_threads& threads, int32_t* layer) {
  std::memset(workspace, 0xff, static_cast<size_t>(plan.workspace_bytes));
  std::vector<double> layer_seconds(static_cast<size_t>(count_layers(plan)));
  return run_by(plan, seed, workspace, [&](const Inputs& inputs, const Outputs& outputs) {
    return library.run(inputs, outputs, workspace, threads, layer_seconds.data(), layer);
  });
}

Run run_elsewhere(const Plan& plan, RemoteLibrary& library, uint64_t seed, std::byte* workspace) {
  int32_t layer = Progress::kNoLayer;
  try {
    return run_by(plan, seed, workspace, [&](const Inputs& inputs, const Outputs& outputs) {
      return library.run(inputs, outputs, workspace, &layer);
    });
  } catch (const RemoteCrash& crash) {
    throw std::runtime_error(failure_of(plan, layer, {Outcome::Kind::death, crash.what()}));
  }
}

Run run_in_child(const Plan& plan, const LoadedLibrary& library, uint64_t seed, SharedMemory& workspace,
                 const cnnc_rt_threads& threads) {
  Progress progress;
  const Outcome outcome =
      try_in_children(1, 1, INFINITY, [&](size_t) {
        return bytes_of(
            run_library(plan, library, seed, workspace.data(), threads, progress.layer()).outputs);
      }).front();
  if (!outcome.ok()) throw std::runtime_error(failure_of(plan, progress.current(), outcome));
  return {random_inputs(plan, seed), outputs_of(plan, outcome.text), workspace.data()};
}

}  // namespace cnnc
