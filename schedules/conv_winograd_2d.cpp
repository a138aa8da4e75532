#include "schedules/conv_winograd_2d.h"

#include "plan/choose_winograd.h"

namespace cnnc {

Winograd2dTile default_winograd_2d_tile(const Kernel& kernel, const Target& target) {
  Winograd2dTile tile;
  tile.blocks = static_cast<int>(integer(kernel.attributes, "planes"));
  tile.tiles =
      static_cast<int>(winograd_2d_register_tiles(integer(kernel.attributes, "tiles"), tile.blocks, target));
  return tile;
}

void schedule_conv_winograd_2d(const Winograd2dStages& s, const Kernel& kernel, const Target&,
                               const Winograd2dTile& tile) {
  const auto tail = Halide::TailStrategy::ShiftInwards;
  const int lanes = static_cast<int>(kernel.output.block);
  const Halide::RDom &taps = s.taps, &pixels = s.pixels;
  Halide::Func rows = s.rows, transformed = s.transformed, sums = s.sums, products = s.products;
  Halide::Func columns = s.columns, outputs = s.outputs, result = s.result;
  const Halide::Var to("to"), ti("ti"), part("part"), plane("plane_in_part");

  Halide::Stage store = result.update();
  store.split(s.plane, part, plane, tile.blocks, Halide::TailStrategy::GuardWithIf)
      .reorder(s.lane, pixels.x, pixels.y, pixels.z, plane, part, pixels.w)
      .vectorize(s.lane, lanes)
      .unroll(pixels.x)
      .unroll(pixels.y);
  for (Halide::Func* f : {&outputs, &columns})
    f->compute_at(result, pixels.z)
        .store_in(Halide::MemoryType::Register)
        .bound_extent(s.lane, lanes)
        .vectorize(s.lane, lanes)
        .unroll(s.x)
        .unroll(s.y);

  // Halide takes large "stack" allocations from the heap, "register" ones never.
  products.compute_at(result, part)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(s.lane, lanes)
      .split(s.tile, to, ti, tile.tiles, tail)
      .reorder(s.lane, ti, s.plane, to, s.point, s.block)
      .vectorize(s.lane, lanes)
      .unroll(ti)
      .unroll(s.plane);
  sums.compute_at(products, to)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(s.lane, lanes)
      .vectorize(s.lane, lanes)
      .unroll(s.tile)
      .unroll(s.plane);
  sums.update()
      .reorder(s.lane, s.plane, s.tile, s.point, s.block, taps.x, taps.y)
      .vectorize(s.lane, lanes)
      .unroll(s.tile)
      .unroll(s.plane);

  transformed.compute_at(result, pixels.w)
      .store_in(Halide::MemoryType::Heap)
      .bound_extent(s.lane, lanes)
      .reorder(s.lane, s.x, s.y, s.tile, s.plane, s.block)
      .reorder_storage(s.lane, s.tile, s.plane, s.x, s.y, s.block)
      .vectorize(s.lane, lanes)
      .unroll(s.x)
      .unroll(s.y);
  rows.compute_at(transformed, s.tile)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(s.lane, lanes)
      .vectorize(s.lane, lanes)
      .unroll(s.x)
      .unroll(s.y);

  if (kernel.tasks <= 1) return;
  store.parallel(part);
  transformed.parallel(s.plane);
}

}  // namespace cnnc
