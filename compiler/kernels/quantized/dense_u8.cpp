#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/maps/dense.h"
#include "kernels/quantization.h"
#include "kernels/tensors.h"
#include "plan/tilings.h"

namespace cnnc {

using Halide::Expr;

namespace {

struct DenseSums {
  Halide::Func sums;
  Coordinates at;
  Halide::Var way;
  std::vector<Halide::RDom> rounds;  // of the updates of the sums: input of four, fours
};

// Sums of a vector of `lanes` outputs each in registers: of a tile of outputs, all ways, and some images.
void schedule_sums(const DenseSums& s, int tile, int lanes) {
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

}  // namespace

// As `dense`, of four inputs at a time: these, by their number, are added up in `ways` interleaved sums.
ScheduledKernel dense_u8(const Kernel& kernel, const Target& target) {
  const int64_t tile = dense_of(kernel).tile, planes = kernel.output.planes();
  const int fours = static_cast<int>(kernel.constants[0] / (kDotBytes * tile * planes));
  const int ways = kernel.strategy.empty() ? static_cast<int>(dense_tiling(kernel.schedule).ways) : 1;
  std::vector<Halide::ImageParam> inputs;
  for (size_t i = 0; i < kernel.inputs.size(); ++i) inputs.push_back(vector_parameter(kernel, i));
  const Halide::ImageParam weight =
      constant_parameter("weight", {kDotBytes, tile, fours, planes}, ElementType::int8);
  const Halide::ImageParam bias = constant_parameter("bias", {tile, planes}, ElementType::int32),
                           scale = constant_parameter("scale", {tile, planes});

  const Coordinates at;
  Halide::Var way("way");
  Halide::Func sums("sums"), result("result");
  sums(at.lane, way, at.plane, at.image) = 0;
  const auto product = [&](const Expr& one, const Expr& four) {
    return Halide::cast<int>(for_dot_product(inputs[0](four * kDotBytes + one, at.image), target)) *
           Halide::cast<int>(weight(one, at.lane, four, at.plane));
  };
  const int rounds = fours / ways, rest = fours % ways;
  std::vector<Halide::RDom> domains{Halide::RDom(0, kDotBytes, 0, rounds)};
  const Halide::RDom& r = domains[0];
  sums(at.lane, way, at.plane, at.image) += product(r.x, r.y * ways + way);
  if (rest > 0) {
    const Halide::RDom last(0, kDotBytes, 0, rest);
    sums(at.lane, last.y, at.plane, at.image) += product(last.x, rounds * ways + last.y);
    domains.push_back(last);
  }
  Expr total = bias(at.lane, at.plane);
  for (int i = 0; i < ways; ++i) total += sums(at.lane, i, at.plane, at.image);
  result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_strictly(kernel, Halide::cast<float>(total) * scale(at.lane, at.plane),
                     [&](int i) { return inputs[i](at.plane * static_cast<int>(tile) + at.lane, at.image); });

  constrain_result(result, kernel);
  if (kernel.strategy.empty()) {
    const int lanes = dense_lanes(tile, target);
    schedule_dense_tiles(sums, result, at, kernel, lanes);
    schedule_sums({sums, at, way, domains}, static_cast<int>(tile), lanes);
  }
  std::vector<Halide::Argument> arguments(inputs.begin(), inputs.end());
  arguments.insert(arguments.end(), {weight, bias, scale});
  ScheduledKernel scheduled{result, arguments};
  scheduled.has_dots = kernel.strategy.empty();
  return scheduled;
}

}  // namespace cnnc
