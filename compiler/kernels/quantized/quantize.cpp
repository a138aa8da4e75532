#include "kernels/activation.h"
#include "kernels/bfloat16.h"
#include "kernels/families.h"
#include "kernels/quantization.h"
#include "kernels/tensors.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

// The element of the first input that belongs to one of the result. Lanes of padding have that of the last
// channel.
Expr element(const Kernel& kernel, const Halide::ImageParam& input, const Expr& lane, const Coordinates& at) {
  const Layout &from = kernel.inputs[0], &to = kernel.output;
  if (from.block == to.block) return input(lane, at.x, at.y, at.plane, at.image);
  const int from_block = static_cast<int>(from.block), to_block = static_cast<int>(to.block);
  const Expr channel = Halide::min(at.plane * to_block + lane, static_cast<int>(to.channels) - 1);
  return input(channel % from_block, at.x, at.y, channel / from_block, at.image);
}

Expr result_of(const Kernel& kernel, const Expr& x) {
  if (kernel.family == "flip_sign_bit") return x ^ Halide::cast<uint8_t>(128);
  const Attributes& attributes = attributes_of(kernel);
  if (kernel.family == "bfloat16") return bfloat16_of(x);
  return kernel.family == "quantize" ? quantized(attributes, x) : dequantized(attributes, x);
}

// Planar results, and bytes in blocks of four as words, along the rows; others along the channels of a block,
// a few pixels at a time.
void schedule(Halide::Func result, const Coordinates& at, const Kernel& kernel, const Target& target,
              bool is_along_rows) {
  if (!is_along_rows) return schedule_bytes(result, at, kernel);
  result.reorder(at.x, at.lane, at.y, at.plane, at.image)
      .vectorize(at.x, largest_vector(target, kernel.output.width), Halide::TailStrategy::ShiftInwards);
  schedule_tasks(result, kernel, {at.y, at.plane, at.image});
}

// Four bytes of a pixel as one word.
ScheduledKernel quantize_to_words(const Kernel& kernel, const Target& target) {
  const Halide::ImageParam input = input_parameter(kernel, 0);
  const Coordinates at;
  Expr word = Halide::cast<uint32_t>(0);
  for (int lane = 0; lane < static_cast<int>(kernel.output.block); ++lane) {
    if (lane >= kernel.output.channels) break;
    const Expr byte = result_of(kernel, element(kernel, input, lane, at));
    word = word | Halide::cast<uint32_t>(byte) << (8 * lane);
  }
  Halide::Func result("result");
  result(at.lane, at.x, at.y, at.plane, at.image) = word;
  Kernel of_words = kernel;
  of_words.output.channels = of_words.output.block = 1;
  constrain_result(result, of_words);
  schedule(result, at, of_words, target, true);
  return {result, {input}};
}

}  // namespace

ScheduledKernel quantize(const Kernel& kernel, const Target& target) {
  if (kernel.family == "quantize" && kernel.output.block == kDotBytes && kernel.inputs[0].block == 1 &&
      kernel.output.planes() == 1)
    return quantize_to_words(kernel, target);
  std::vector<Halide::ImageParam> inputs;
  for (size_t i = 0; i < kernel.inputs.size(); ++i) inputs.push_back(input_parameter(kernel, i));
  const Coordinates at;
  Halide::Func result("result");
  result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_strictly(kernel, result_of(kernel, element(kernel, inputs[0], at.lane, at)),
                     [&](int i) { return operand_at(kernel, inputs[i], at); });
  constrain_result(result, kernel);
  schedule(result, at, kernel, target, kernel.output.block == 1);
  return {result, {inputs.begin(), inputs.end()}};
}

}  // namespace cnnc
