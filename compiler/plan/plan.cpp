#include "plan/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace cnnc {

namespace {

std::string place_of(const Buffer& buffer) {
  switch (buffer.place) {
    case Buffer::Place::input:
      return fmt::format("input {}", buffer.index);
    case Buffer::Place::output:
      return fmt::format("output {}", buffer.index);
    case Buffer::Place::workspace:
      return fmt::format("workspace {} + {}, steps {}..{}{}", buffer.offset, buffer.layout.bytes(),
                         buffer.first, buffer.last,
                         buffer.onto < 0 ? "" : fmt::format(", onto buffer {}", buffer.onto));
  }
  return "";
}

}  // namespace

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
  for (size_t i = 0; i < plan.constants.size(); ++i) {
    const Packing& packing = plan.constants[i].packing;
    const std::string_view kind = packing.type == ElementType::float32 ? "floats" : to_string(packing.type);
    text += fmt::format("  {:3} {:24} {} {} at {}\n", i, plan.constants[i].name, packing.elements(), kind,
                        plan.constants[i].offset);
  }
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
