#include "kernels/maps/dense.h"

#include <algorithm>

#include "kernels/activation.h"
#include "kernels/families.h"
#include "plan/tilings.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

struct DenseSums {
  Halide::Func sums;
  Coordinates at;
  Halide::Var way;
  Halide::RDom rounds, rest;  // of inputs, over which the first and the second update of the sums go
};

// Sums of a vector of `lanes` outputs each in registers: of a tile of outputs, all ways, and some images.
void schedule_sums(const DenseSums& s, int tile, int lanes) {
  Halide::Func sums = s.sums;
  const Coordinates& at = s.at;
  const Halide::Var so("so"), si("si");
  const auto in_registers = [&](Halide::Stage stage) {
    stage.split(at.lane, so, si, lanes).vectorize(si).unroll(so);
  };
  sums.store_in(Halide::MemoryType::Register).bound_extent(at.lane, tile).unroll(s.way).unroll(at.image);
  in_registers(sums);
  sums.update(0).reorder(at.lane, s.way, at.image, at.plane, s.rounds).unroll(s.way).unroll(at.image);
  in_registers(sums.update(0));
  if (sums.num_update_definitions() < 2) return;
  sums.update(1).reorder(at.lane, at.image, at.plane, s.rest).unroll(s.rest).unroll(at.image);
  in_registers(sums.update(1));
}

// The weight as a float. A half is moved to where a float has its exponent and fraction, whose bias is then
// brought to a float's; this takes no instructions that only some processors have.
Expr weight_as_float(const Expr& weight, ElementType type) {
  const auto float_of_bits = [](const Expr& bits) { return Halide::reinterpret<float>(bits); };
  const Expr bits = Halide::cast<uint32_t>(weight);
  switch (type) {
    case ElementType::float16: {
      const Expr magnitude = float_of_bits((bits & 0x7fff) << 13) * 0x1p112f;
      return float_of_bits(Halide::reinterpret<uint32_t>(magnitude) | (bits & 0x8000) << 16);
    }
    case ElementType::bfloat16:
      return float_of_bits(bits << 16);
    case ElementType::int8:
      return Halide::cast<float>(Halide::cast<int32_t>(weight));
    default:
      return weight;
  }
}

}  // namespace

int dense_lanes(int64_t tile, const Target& target) {
  return tile % target.lanes == 0 ? target.lanes : target.lanes / 2;
}

void schedule_dense_tiles(Halide::Func sums, Halide::Func result, const Coordinates& at, const Kernel& kernel,
                          int lanes) {
  const int images = static_cast<int>(dense_tiling(kernel.schedule).images);
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
}

// The inputs are added up in `ways` interleaved sums: input number k belongs to the sum k % ways.
ScheduledKernel dense(const Kernel& kernel, const Target& target) {
  const int64_t tile = dense_of(kernel).tile;
  const int64_t stored = kernel.inputs[0].channels;
  const int ways = kernel.strategy.empty() ? static_cast<int>(dense_tiling(kernel.schedule).ways) : 1;
  const int rounds = static_cast<int>(stored / ways), rest = static_cast<int>(stored % ways);

  const ElementType type = dense_of(kernel).weights;
  const bool is_scaled = type == ElementType::int8;
  LayerTensors layer = layer_tensors(kernel, {tile, stored, kernel.output.planes()},
                                     {tile, kernel.output.planes()}, /*vectors=*/true);
  layer.weight = constant_parameter("weight", {tile, stored, kernel.output.planes()}, type);
  layer.has_bias = own_constants(kernel) > (is_scaled ? 2 : 1);
  const Halide::ImageParam scale = constant_parameter("scale", {tile, kernel.output.planes()});

  const Coordinates at;
  Halide::Var way("way");
  Halide::Func sums("sums"), result("result");
  Halide::RDom r(0, rounds), last(0, std::max(rest, 1));
  sums(at.lane, way, at.plane, at.image) = 0.0f;
  sums(at.lane, way, at.plane, at.image) +=
      layer.inputs[0](r * ways + way, at.image) *
      weight_as_float(layer.weight(at.lane, r * ways + way, at.plane), type);
  if (rest > 0)
    sums(at.lane, last, at.plane, at.image) +=
        layer.inputs[0](rounds * ways + last, at.image) *
        weight_as_float(layer.weight(at.lane, rounds * ways + last, at.plane), type);
  const Expr bias = layer.has_bias ? layer.bias(at.lane, at.plane) : Expr(0.0f);
  Expr total = is_scaled ? Expr(0.0f) : bias;
  for (int i = 0; i < ways; ++i) total += sums(at.lane, i, at.plane, at.image);
  if (is_scaled) total = total * scale(at.lane, at.plane) + bias;
  result(at.lane, at.x, at.y, at.plane, at.image) = apply_epilogue(kernel, total, [&](int i) {
    return layer.inputs[i](at.plane * static_cast<int>(tile) + at.lane, at.image);
  });

  constrain_result(result, kernel);
  if (kernel.strategy.empty()) {
    const int lanes = dense_lanes(tile, target);
    schedule_dense_tiles(sums, result, at, kernel, lanes);
    schedule_sums({sums, at, way, r, last}, static_cast<int>(tile), lanes);
  }

  std::vector<Halide::Argument> arguments = layer.arguments();
  if (is_scaled) arguments.push_back(scale);
  return {result, arguments};
}

}  // namespace cnnc
