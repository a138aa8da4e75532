#include <algorithm>

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/tensors.h"

namespace cnnc {

using Halide::Expr;

namespace {

// Sums kept apart until the end, so that enough of them are under way at once to hide the latency of each.
int interleaved_sums(int64_t vectors, int64_t inputs) {
  const int wanted = static_cast<int>((8 + vectors - 1) / vectors);
  return static_cast<int>(std::min<int64_t>(wanted, inputs));
}

}  // namespace

// The inputs are added up in `ways` interleaved sums: input number k belongs to the sum k % ways.
ScheduledKernel dense(const Kernel& kernel, const Target& target) {
  const int64_t tile = integer(kernel.attributes, "tile");
  const int lanes = tile % target.lanes == 0 ? target.lanes : target.lanes / 2;
  const int64_t stored = kernel.inputs[0].channels;
  const int ways = interleaved_sums(tile / lanes, stored);
  const int rounds = static_cast<int>(stored / ways), rest = static_cast<int>(stored % ways);

  const LayerTensors layer = layer_tensors(kernel, {tile, stored, kernel.output.planes()},
                                           {tile, kernel.output.planes()}, /*vectors=*/true);

  const Coordinates at;
  Halide::Var way("way");
  Halide::Func sums("sums"), result("result");
  Halide::RDom r(0, rounds), last(0, std::max(rest, 1)), w(0, ways);
  sums(at.lane, way, at.plane) = 0.0f;
  sums(at.lane, way, at.plane) +=
      layer.inputs[0](r * ways + way) * layer.weight(at.lane, r * ways + way, at.plane);
  if (rest > 0)
    sums(at.lane, last, at.plane) +=
        layer.inputs[0](rounds * ways + last) * layer.weight(at.lane, rounds * ways + last, at.plane);
  Expr total = layer.has_bias ? layer.bias(at.lane, at.plane) : Expr(0.0f);
  for (int i = 0; i < ways; ++i) total += sums(at.lane, i, at.plane);
  result(at.lane, at.x, at.y, at.plane) = apply_epilogue(
      kernel, total, [&](int i) { return layer.inputs[i](at.plane * static_cast<int>(tile) + at.lane); });

  constrain_result(result, kernel);
  Halide::Var lo("lo"), li("li"), so("so"), si("si");
  result.split(at.lane, lo, li, lanes).reorder(li, lo, at.x, at.y, at.plane).vectorize(li).unroll(lo);
  const auto in_registers = [&](Halide::Stage stage) {
    stage.split(at.lane, so, si, lanes).vectorize(si).unroll(so);
  };
  sums.compute_at(result, at.plane)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(at.lane, static_cast<int>(tile))
      .unroll(way);
  in_registers(sums);
  sums.update(0).reorder(at.lane, way, at.plane, r).unroll(way);
  in_registers(sums.update(0));
  if (rest > 0) {
    sums.update(1).reorder(at.lane, at.plane, last).unroll(last);
    in_registers(sums.update(1));
  }

  return {result, layer.arguments()};
}

}  // namespace cnnc
