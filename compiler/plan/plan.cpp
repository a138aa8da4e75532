#include "plan/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

namespace cnnc {

namespace {

bool equal(const EpilogueStep& a, const EpilogueStep& b) {
  return std::tie(a.op, a.attributes, a.operand) == std::tie(b.op, b.attributes, b.operand);
}

bool equal(const std::vector<EpilogueStep>& a, const std::vector<EpilogueStep>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (!equal(a[i], b[i])) return false;
  return true;
}

std::string text_of(const Attributes& attributes) {
  std::string text;
  for (const auto& [name, value] : attributes) text += fmt::format(" {} {}", name, to_string(value));
  return text;
}

std::string text_of(const std::vector<EpilogueStep>& epilogue) {
  std::string text;
  for (const EpilogueStep& step : epilogue) {
    text += " | " + step.op + text_of(step.attributes);
    if (step.operand >= 0) text += fmt::format(" input {}", step.operand);
  }
  return text;
}

std::string place_of(const Buffer& buffer) {
  switch (buffer.place) {
    case Buffer::Place::input:
      return fmt::format("input {}", buffer.index);
    case Buffer::Place::output:
      return fmt::format("output {}", buffer.index);
    case Buffer::Place::workspace:
      return fmt::format("workspace {} + {}, steps {}..{}{}", buffer.offset,
                         buffer.layout.elements() * static_cast<int64_t>(sizeof(float)), buffer.first,
                         buffer.last, buffer.onto < 0 ? "" : fmt::format(", onto buffer {}", buffer.onto));
  }
  return "";
}

}  // namespace

bool operator==(const Kernel& a, const Kernel& b) {
  const auto all = [](const Kernel& k) {
    return std::tie(k.family, k.attributes, k.inputs, k.constants, k.output, k.schedule, k.strategy,
                    k.strategy_threads, k.alignments, k.tasks, k.scratch, k.own_scratch, k.scratch_places);
  };
  return all(a) == all(b) && equal(a.epilogue, b.epilogue) && equal(a.inner_epilogue, b.inner_epilogue);
}

std::string to_string(const Kernel& kernel) {
  std::string text = kernel.family + text_of(kernel.attributes) + " (";
  for (size_t i = 0; i < kernel.inputs.size(); ++i) text += (i ? ", " : "") + to_string(kernel.inputs[i]);
  text += ")";
  text += text_of(kernel.inner_epilogue) + " -> " + to_string(kernel.output) + text_of(kernel.epilogue);
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

int64_t count_layers(const Plan& plan) {
  return std::count_if(plan.steps.begin(), plan.steps.end(), [](const Step& s) { return !s.partial; });
}

std::string to_string(const Plan& plan) {
  std::string text = fmt::format("plan {} for {}: workspace {} bytes, weights {} bytes\n", plan.name,
                                 plan.target.name, plan.workspace_bytes, plan.weights_bytes);
  text += "buffers\n";
  for (size_t i = 0; i < plan.buffers.size(); ++i)
    text += fmt::format("  {:3} {:24} {:24} {}\n", i, plan.buffers[i].name, to_string(plan.buffers[i].layout),
                        place_of(plan.buffers[i]));
  text += "constants\n";
  for (size_t i = 0; i < plan.constants.size(); ++i)
    text += fmt::format("  {:3} {:24} {} floats at {}\n", i, plan.constants[i].name,
                        plan.constants[i].packing.elements(), plan.constants[i].offset);
  text += "kernels\n";
  for (size_t i = 0; i < plan.kernels.size(); ++i)
    text += fmt::format("  {:3} {}\n", i, to_string(plan.kernels[i]));
  text += "steps\n";
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    if (plan.image_steps > 0 && i == 0) text += "  for each image\n";
    if (plan.image_steps > 0 && i == static_cast<size_t>(plan.image_steps)) text += "  for all images\n";
    text += fmt::format(
        "  {:3} {:24} kernel {} buffers {} constants {} -> buffer {}; computes {}\n", i, step.name,
        step.kernel, fmt::join(step.inputs, ","), fmt::join(step.constants, ","), step.output,
        step.partial           ? "a part"
        : !step.covers.empty() ? fmt::format("{}", fmt::join(step.covers, ", "))
        : plan.kernels[static_cast<size_t>(step.kernel)].family == "copy" ? "a copy"
                                                                          : "what another step needs");
  }
  return text;
}

}  // namespace cnnc
