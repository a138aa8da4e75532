#include "driver/run/compiled_graph.h"

#include <fmt/format.h>

#include <stdexcept>

namespace cnnc {

CompiledGraph::CompiledGraph(Plan plan, const KernelOptions& kernels, int threads)
    : plan_(std::move(plan)),
      library_(plan_, kernels),
      workspace_(workspace_for(plan_)),
      threads_{threads, nullptr, nullptr} {}

Tensors CompiledGraph::run(const Tensors& inputs) {
  Tensors outputs;
  for (const Shape& shape : plan_.output_shapes) outputs.emplace_back(shape.elements());
  run(inputs, outputs);
  return outputs;
}

void CompiledGraph::run(const Tensors& inputs, Tensors& outputs) {
  std::vector<const float*> from;
  std::vector<float*> to;
  for (const auto& input : inputs) from.push_back(input.data());
  for (auto& output : outputs) to.push_back(output.data());
  if (const int error = library_.run(from, to, workspace_.data(), threads_))
    throw std::runtime_error(fmt::format("the compiled network returned error {}", error));
}

}  // namespace cnnc
