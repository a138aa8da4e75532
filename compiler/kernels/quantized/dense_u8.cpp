#include <algorithm>

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "plan/tilings.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

constexpr int kTogether = 4;  // products that one instruction sums

struct Stages {
  Halide::Func sums, result;
  Coordinates at;
  Halide::Var way;
  std::vector<Halide::RDom> rounds;  // of the updates of the sums: input of four, fours
};

// Sums of a vector of `lanes` outputs each in registers: of a tile of outputs, all ways, and some images.
void schedule_sums(const Stages& s, int tile, int lanes) {
  Halide::Func sums = s.sums;
  const Coordinates& at = s.at;
  const Halide::Var so("so"), si("si");
  sums.store_in(Halide::MemoryType::Register)
      .bound_extent(at.lane, tile)
      .unroll(s.way)
      .unroll(at.image)
      .split(at.lane, so, si, lanes)
      .vectorize(si)
      .unroll(so);
  for (size_t i = 0; i < s.rounds.size(); ++i) {
    const Halide::RDom& r = s.rounds[i];
    Halide::Stage update = sums.update(static_cast<int>(i));
    update.split(at.lane, so, si, lanes);
    if (i == 0) {
      update.reorder(r.x, si, so, s.way, at.image, at.plane, r.y).unroll(s.way);
    } else {
      update.reorder(r.x, si, so, at.image, at.plane, r.y).unroll(r.y);
    }
    update.vectorize(si).unroll(so).unroll(at.image).atomic().vectorize(r.x);
  }
}

// By kernel.schedule (plan/choose/space_dense.cpp).
void schedule(const Stages& s, const Kernel& kernel, int tile, int lanes) {
  const int images = static_cast<int>(dense_tiling(kernel.schedule).images);
  Halide::Func sums = s.sums, result = s.result;
  const Coordinates& at = s.at;
  Halide::Var lo("lo"), li("li"), io("io"), ii("ii");
  result.split(at.lane, lo, li, lanes)
      .split(at.image, io, ii, images, Halide::TailStrategy::ShiftInwards)
      .reorder(li, lo, ii, at.x, at.y, io, at.plane)
      .vectorize(li)
      .unroll(lo)
      .unroll(ii);
  const bool overlap = kernel.output.images % images != 0;
  const Halide::Var outer = schedule_tasks(result, kernel, overlap ? Loops{at.plane} : Loops{io, at.plane});
  sums.compute_at(result, overlap ? io : outer);
  schedule_sums(s, tile, lanes);
}

}  // namespace

// As `dense`, of four inputs at a time: these, by their number, are added up in `ways` interleaved sums.
ScheduledKernel dense_u8(const Kernel& kernel, const Target& target) {
  const int64_t tile = dense_of(kernel).tile, planes = kernel.output.planes();
  const int fours = static_cast<int>(kernel.constants[0] / (kTogether * tile * planes));
  const int ways = static_cast<int>(dense_tiling(kernel.schedule).ways);
  std::vector<Halide::ImageParam> inputs;
  for (size_t i = 0; i < kernel.inputs.size(); ++i) inputs.push_back(vector_parameter(kernel, i));
  const Halide::ImageParam weight =
      constant_parameter("weight", {kTogether, tile, fours, planes}, ElementType::int8);
  const Halide::ImageParam bias = constant_parameter("bias", {tile, planes}, ElementType::int32),
                           scale = constant_parameter("scale", {tile, planes});

  const Coordinates at;
  Halide::Var way("way");
  Halide::Func sums("sums"), result("result");
  sums(at.lane, way, at.plane, at.image) = 0;
  const auto product = [&](const Expr& one, const Expr& four) {
    return Halide::cast<int>(inputs[0](four * kTogether + one, at.image)) *
           Halide::cast<int>(weight(one, at.lane, four, at.plane));
  };
  const int rounds = fours / ways, rest = fours % ways;
  std::vector<Halide::RDom> domains{Halide::RDom(0, kTogether, 0, rounds)};
  const Halide::RDom& r = domains[0];
  sums(at.lane, way, at.plane, at.image) += product(r.x, r.y * ways + way);
  if (rest > 0) {
    const Halide::RDom last(0, kTogether, 0, rest);
    sums(at.lane, last.y, at.plane, at.image) += product(last.x, rounds * ways + last.y);
    domains.push_back(last);
  }
  Expr total = bias(at.lane, at.plane);
  for (int i = 0; i < ways; ++i) total += sums(at.lane, i, at.plane, at.image);
  result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_strictly(kernel, Halide::cast<float>(total) * scale(at.lane, at.plane),
                     [&](int i) { return inputs[i](at.plane * static_cast<int>(tile) + at.lane, at.image); });

  constrain_result(result, kernel);
  const int lanes = tile % target.lanes == 0 ? target.lanes : target.lanes / 2;
  schedule({sums, result, at, way, domains}, kernel, static_cast<int>(tile), lanes);
  std::vector<Halide::Argument> arguments(inputs.begin(), inputs.end());
  arguments.insert(arguments.end(), {weight, bias, scale});
  ScheduledKernel scheduled{result, arguments};
  scheduled.has_dots = true;
  return scheduled;
}

}  // namespace cnnc
