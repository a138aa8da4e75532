#include "schedules/conv_blocked.h"

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/prologue.h"
#include "kernels/tensors.h"
#include "kernels/window.h"
#include "plan/tilings.h"

namespace cnnc {

using Halide::Expr;

// sums[c, x, y, b] = bias + Σ input[i, x·stride + k·dilation - pad, …] · weight[c, i, k, …]
// in one go or, where the schedule has a chunk, as the sum of the sums over so many input blocks each.
ScheduledKernel conv_blocked(const Kernel& kernel, const Target& target) {
  const KernelWindow w = window_of(kernel);
  const int groups = static_cast<int>(conv_of(kernel).groups);
  const int64_t lanes = kernel.output.block, input_block = kernel.inputs[0].block;
  const int input_blocks = static_cast<int>(kernel.inputs[0].planes() / groups);
  const int output_blocks = static_cast<int>(kernel.output.planes() / groups);
  const int chunk = kernel.strategy.empty() ? static_cast<int>(blocked_tiling(kernel.schedule).chunk) : 0;
  const int summed_blocks = chunk > 0 ? chunk : input_blocks;
  const std::vector<BlockRange> ranges =
      chunk > 0 || groups > 1 ? std::vector<BlockRange>{{0, summed_blocks, static_cast<int>(input_block)}}
                              : block_ranges(kernel.inputs[0]);

  const LayerTensors layer = layer_tensors(
      kernel, {lanes, input_block, w.filter_width, w.filter_height, input_blocks, kernel.output.planes()},
      {lanes, kernel.output.planes()});

  const Coordinates at;
  const Halide::Var part("part");
  const Halide::RDom parts(0, input_blocks / summed_blocks, "parts");
  const Expr first_block = groups == 1 ? Expr(0) : at.plane / output_blocks * input_blocks;
  const Expr start = layer.has_bias ? layer.bias(at.lane, at.plane) : Expr(0.0f);
  Halide::Func prepared("prepared"), sums("sums"), total("total"), result("result");
  const Prologue prologue = prologue_of(kernel);
  if (prologue.exists)  // of a filter with one tap
    prepared(at.lane, at.x, at.y, at.plane, at.image) =
        prologue(kernel, layer.inputs[0](at.lane, w.column(at.x, 0), w.row(at.y, 0), at.plane, at.image), at);
  sums(at.lane, at.x, at.y, at.plane, at.image, part) = chunk > 0 ? Expr(0.0f) : start;
  std::vector<Halide::RDom> taps;
  std::vector<Halide::Func> pixels;
  const Halide::Var tap_x("tap_x"), tap_y("tap_y");
  for (const BlockRange& range : ranges) {
    const Halide::RDom r(0, range.channels, 0, w.filter_width, 0, w.filter_height, 0, range.blocks);
    const Expr block = part * summed_blocks + range.first_block + r.w;
    const auto input = [&](const Expr& lane, const Expr& tap_column, const Expr& tap_row, const Expr& plane) {
      return prologue.exists
                 ? prepared(lane, at.x, at.y, plane, at.image)
                 : layer.inputs[0](lane, w.column(at.x, tap_column), w.row(at.y, tap_row), plane, at.image);
    };
    Expr element = input(r.x, r.y, r.z, first_block + block);
    if (kernel.strategy.empty() && stages_pixels(kernel, target)) {
      pixels.emplace_back("pixels");
      pixels.back()(at.lane, at.x, at.y, tap_x, tap_y, at.plane, at.image) =
          input(at.lane, tap_x, tap_y, at.plane);
      element = pixels.back()(r.x, at.x, at.y, r.y, r.z, block, at.image);
    }
    sums(at.lane, at.x, at.y, at.plane, at.image, part) +=
        element * layer.weight(at.lane, r.x, r.y, r.z, block, at.plane);
    taps.push_back(r);
  }
  Expr sum = sums(at.lane, at.x, at.y, at.plane, at.image, 0);
  if (chunk > 0) {
    total(at.lane, at.x, at.y, at.plane, at.image) = start;
    total(at.lane, at.x, at.y, at.plane, at.image) += sums(at.lane, at.x, at.y, at.plane, at.image, parts);
    sum = total(at.lane, at.x, at.y, at.plane, at.image);
  }
  result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_epilogue(kernel, sum, [&](int i) { return operand_at(kernel, layer.inputs[i], at); });

  constrain_result(result, kernel);
  if (kernel.strategy.empty())
    schedule_conv_blocked({prepared, sums, total, result, layer.weight, at.lane, at.x, at.y, at.plane,
                           at.image, part, taps, parts, pixels},
                          kernel);

  std::vector<Halide::Argument> arguments = layer.arguments();
  prologue.add_to(arguments);
  return {result, arguments};
}

}  // namespace cnnc
