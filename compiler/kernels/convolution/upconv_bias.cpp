#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "schedules/tasks.h"

namespace cnnc {

ScheduledKernel upconv_bias(const Kernel& kernel, const Target&) {
  const Coordinates at;
  std::vector<Halide::ImageParam> inputs;
  for (size_t i = 0; i < kernel.inputs.size(); ++i) inputs.push_back(input_parameter(kernel, i));
  ScheduledKernel scheduled{Halide::Func("result"), {inputs.begin(), inputs.end()}};
  Halide::Expr value = 0.0f;
  if (!kernel.constants.empty()) {
    Halide::ImageParam bias = constant_parameter("bias", {kernel.output.block, kernel.output.planes()});
    scheduled.arguments.push_back(bias);
    value = bias(at.lane, at.plane);
  }
  scheduled.result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_epilogue(kernel, value, [&](int i) { return operand_at(kernel, inputs[i], at); });
  constrain_result(scheduled.result, kernel);
  if (kernel.output.block > 1) scheduled.result.vectorize(at.lane, static_cast<int>(kernel.output.block));
  schedule_tasks(scheduled.result, kernel, {at.y, at.plane, at.image});
  return scheduled;
}

}  // namespace cnnc
