#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "kernels/window.h"
#include "plan/choose/few_outputs.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

struct Stages {
  Halide::Func partial;  // (lane, x, y, channel, image), lane of the input, updated over `taps`
  Halide::Func sums;     // (x, y, channel, image): over the lanes
  Halide::Func blocks;   // (lane, x, y, plane, image): the same where they belong, and zeros; of blocked ones
  Halide::Func result;
  Coordinates at;
  Halide::Var channel;
  Halide::RDom taps;   // filter x, filter y, input block
  Halide::RDom lanes;  // of a partial sum
  Halide::RDom channels;
};

constexpr auto registers = Halide::MemoryType::Register;

// The partial sums of a few pixels, of all channels, are in registers.
void schedule_partial(Stages s, const Halide::Var& tile, int lanes) {
  s.partial.compute_at(s.result, tile).store_in(registers).bound_extent(s.at.lane, lanes);
  s.partial.vectorize(s.at.lane, lanes).unroll(s.at.x).unroll(s.channel);
  s.partial.update()
      .reorder(s.at.lane, s.at.x, s.channel, s.taps.x, s.taps.y, s.taps.z)
      .vectorize(s.at.lane, lanes)
      .unroll(s.at.x)
      .unroll(s.channel);
}

// A vector of the result is some pixels of a row: the lanes of all their sums are added up together.
void schedule_planar(Stages s, const Kernel& kernel, const Target& target) {
  const int lanes = static_cast<int>(kernel.inputs[0].block);
  const int tile = static_cast<int>(few_outputs_tile(kernel.output, target));
  const Halide::Var xo("xo"), xi("xi");
  s.result.split(s.at.x, xo, xi, tile, Halide::TailStrategy::ShiftInwards)
      .reorder(xi, s.at.lane, s.at.plane, xo, s.at.y)
      .vectorize(xi)
      .unroll(s.at.plane);
  schedule_tasks(s.result, kernel, {s.at.y, s.at.image});
  s.sums.compute_at(s.result, xo).store_in(registers).bound_extent(s.at.x, tile);
  s.sums.vectorize(s.at.x, tile).unroll(s.channel);
  s.sums.update().atomic().reorder(s.lanes.x, s.at.x, s.channel);
  s.sums.update().vectorize(s.lanes.x, lanes).vectorize(s.at.x, tile).unroll(s.channel);
  schedule_partial(s, xo, lanes);
}

void schedule_blocked(Stages s, const Kernel& kernel, const Target& target) {
  const int lanes = static_cast<int>(kernel.output.block);
  const int tile = static_cast<int>(few_outputs_tile(kernel.output, with_vectors(target, lanes)));
  const Halide::Var xo("xo"), xi("xi");
  s.result.split(s.at.x, xo, xi, tile, Halide::TailStrategy::ShiftInwards)
      .reorder(s.at.lane, xi, s.at.plane, xo, s.at.y)
      .vectorize(s.at.lane, lanes)
      .unroll(xi)
      .unroll(s.at.plane);
  schedule_tasks(s.result, kernel, {s.at.y, s.at.image});
  s.blocks.compute_at(s.result, xo).store_in(registers).bound_extent(s.at.lane, lanes);
  s.blocks.vectorize(s.at.lane, lanes).unroll(s.at.x).unroll(s.at.plane);
  s.blocks.update().unroll(s.channels.x).unroll(s.at.x);
  s.sums.compute_at(s.result, xo).store_in(registers).unroll(s.at.x).unroll(s.channel);
  s.sums.update().atomic().vectorize(s.lanes.x, lanes).unroll(s.at.x).unroll(s.channel);
  schedule_partial(s, xo, lanes);
}

}  // namespace

ScheduledKernel conv_few_outputs(const Kernel& kernel, const Target& target) {
  const KernelWindow w = window_of(kernel);
  const bool is_planar = kernel.output.block == 1;
  const int lanes = static_cast<int>(kernel.inputs[0].block);
  const int outputs = static_cast<int>(kernel.output.channels);
  const int planes = static_cast<int>(kernel.inputs[0].planes());
  const LayerTensors layer =
      layer_tensors(kernel, {lanes, w.filter_width, w.filter_height, planes, outputs}, {outputs});

  const Coordinates at;
  const Halide::Var channel("channel");
  const Halide::RDom taps(0, w.filter_width, 0, w.filter_height, 0, planes);
  const Halide::RDom of_sum(0, lanes), channels(0, outputs);
  Halide::Func partial("partial"), sums("sums"), blocks("blocks"), result("result");
  partial(at.lane, at.x, at.y, channel, at.image) = 0.0f;
  partial(at.lane, at.x, at.y, channel, at.image) +=
      layer.inputs[0](at.lane, w.column(at.x, taps.x), w.row(at.y, taps.y), taps.z, at.image) *
      layer.weight(at.lane, taps.x, taps.y, taps.z, channel);
  sums(at.x, at.y, channel, at.image) = layer.has_bias ? layer.bias(channel) : Expr(0.0f);
  sums(at.x, at.y, channel, at.image) += partial(of_sum, at.x, at.y, channel, at.image);
  blocks(at.lane, at.x, at.y, at.plane, at.image) = 0.0f;
  blocks(channels % lanes, at.x, at.y, channels / lanes, at.image) = sums(at.x, at.y, channels, at.image);
  const Expr sum =
      is_planar ? sums(at.x, at.y, at.plane, at.image) : blocks(at.lane, at.x, at.y, at.plane, at.image);
  result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_epilogue(kernel, sum, [&](int i) { return operand_at(kernel, layer.inputs[i], at); });

  constrain_result(result, kernel);
  const Stages stages{partial, sums, blocks, result, at, channel, taps, of_sum, channels};
  if (is_planar)
    schedule_planar(stages, kernel, target);
  else
    schedule_blocked(stages, kernel, target);
  return {result, layer.arguments()};
}

}  // namespace cnnc
