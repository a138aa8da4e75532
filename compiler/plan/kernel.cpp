#include "plan/kernel.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <tuple>

namespace cnnc {

namespace {

std::string epilogue_text(const std::vector<EpilogueStep>& epilogue) {
  std::string text;
  for (const EpilogueStep& step : epilogue) {
    text += " | " + step.op + text_of(KernelParameters(step.attributes));
    if (step.operand >= 0) text += fmt::format(" input {}", step.operand);
  }
  return text;
}

// What is done to each element of the first of two operators.
std::string inner_text(const Kernel& kernel) {
  if (const BatchnormPrologue* prologue = find_prologue(kernel)) return epilogue_text(prologue->activations);
  if (const InnerConv* inner = find_inner_conv(kernel)) return epilogue_text(inner->epilogue);
  return "";
}

}  // namespace

bool operator==(const Kernel& a, const Kernel& b) {
  const auto all = [](const Kernel& k) {
    return std::tie(k.family, k.parameters, k.inputs, k.constants, k.output, k.epilogue, k.schedule,
                    k.strategy, k.strategy_threads, k.alignments, k.tasks, k.scratch, k.own_scratch,
                    k.scratch_places);
  };
  return all(a) == all(b);
}

std::string to_string(const Kernel& kernel) {
  std::string text = kernel.family + text_of(kernel.parameters) + " (";
  for (size_t i = 0; i < kernel.inputs.size(); ++i) text += (i ? ", " : "") + to_string(kernel.inputs[i]);
  text += ")";
  text += inner_text(kernel) + " -> " + to_string(kernel.output) + epilogue_text(kernel.epilogue);
  if (!kernel.constants.empty()) text += fmt::format(" constants {}", fmt::join(kernel.constants, ","));
  text += fmt::format(" aligned {}", fmt::join(kernel.alignments, ","));
  if (!kernel.schedule.empty()) text += fmt::format(" schedule {}", to_string(kernel.schedule));
  if (!kernel.strategy.empty()) text += " strategy " + kernel.strategy;
  if (kernel.strategy_threads > 1) text += fmt::format(" for {} threads", kernel.strategy_threads);
  if (kernel.scratch > 0) text += fmt::format(" scratch {}", kernel.scratch);
  if (kernel.own_scratch > 0)
    text += fmt::format(" scratch {} x {}", kernel.scratch_places, kernel.own_scratch);
  return kernel.tasks > 1 ? text + fmt::format(" tasks {}", kernel.tasks) : text;
}

const Attributes& attributes_of(const Kernel& kernel) {
  return std::get<Attributes>(kernel.parameters);
}

const TensorProgram& program_of(const Kernel& kernel) {
  return std::get<TensorProgram>(kernel.parameters);
}

const ConvParameters& conv_of(const Kernel& kernel) {
  return std::get<ConvParameters>(kernel.parameters);
}

const PoolParameters& pool_of(const Kernel& kernel) {
  return std::get<PoolParameters>(kernel.parameters);
}

const DenseParameters& dense_of(const Kernel& kernel) {
  return std::get<DenseParameters>(kernel.parameters);
}

const WindowParameters* find_window(const Kernel& kernel) {
  if (const auto* conv = std::get_if<ConvParameters>(&kernel.parameters)) return &conv->window;
  if (const auto* pool = std::get_if<PoolParameters>(&kernel.parameters)) return &pool->window;
  return nullptr;
}

const WindowParameters& window_parameters(const Kernel& kernel) {
  if (const WindowParameters* window = find_window(kernel)) return *window;
  throw std::logic_error("a kernel of the family " + kernel.family + " has no window");
}

const BatchnormPrologue* find_prologue(const Kernel& kernel) {
  const std::optional<BatchnormPrologue>* prologue = nullptr;
  if (const auto* conv = std::get_if<ConvParameters>(&kernel.parameters)) prologue = &conv->prologue;
  if (const auto* pool = std::get_if<PoolParameters>(&kernel.parameters)) prologue = &pool->prologue;
  return prologue && *prologue ? &**prologue : nullptr;
}

size_t own_constants(const Kernel& kernel) {
  return kernel.constants.size() - (find_prologue(kernel) ? 2 : 0);
}

int64_t weight_bits_of(const Kernel& kernel) {
  if (const auto* conv = std::get_if<ConvParameters>(&kernel.parameters)) return conv->weight_bits;
  if (const auto* dense = std::get_if<DenseParameters>(&kernel.parameters)) return dense->weight_bits;
  return 0;
}

const InnerConv* find_inner_conv(const Kernel& kernel) {
  const auto* conv = std::get_if<ConvParameters>(&kernel.parameters);
  return conv && conv->inner ? &*conv->inner : nullptr;
}

}  // namespace cnnc
