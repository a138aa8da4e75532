#include "schedules/conv_winograd_2d.h"

#include <algorithm>
#include <vector>

#include "plan/choose/winograd_tasks.h"
#include "plan/tilings.h"
#include "schedules/sizes.h"

namespace cnnc {

namespace {

// Channels of a block, and of a vector of the target, at most as many.
struct VectorsOfBlock {
  int lanes = 1, vector = 1;
};

// Points are stored an odd number of vectors apart, so that those of one tile or filter, which are stored
// together, do not all fall into one set of the cache.
int odd(int64_t size) {
  return static_cast<int>(size | 1);
}

// What is transformed, a square of vectors, would take too many registers where a block of channels is
// several of the target's vectors: then these are transformed one after the other. Vectorises the lanes of a
// stage; the loop inside which a square is one of registers.
Halide::VarOrRVar one_vector_at_a_time(Halide::Stage stage, const Halide::Var& lane,
                                       const VectorsOfBlock& block, const Halide::VarOrRVar& loop,
                                       const std::vector<Halide::VarOrRVar>& square) {
  if (block.vector == block.lanes) {
    stage.vectorize(lane, block.lanes);
    return loop;
  }
  const Halide::Var part("part_of_block");
  std::vector<Halide::VarOrRVar> order{lane};
  order.insert(order.end(), square.begin(), square.end());
  order.emplace_back(part);
  order.push_back(loop);
  stage.split(lane, part, lane, block.vector, Halide::TailStrategy::GuardWithIf)
      .reorder(order)
      .vectorize(lane, block.vector);
  return part;
}

// The same of what is unrolled anyhow: LLVM would cut wider vectors itself, and then not keep all sums of a
// tile in registers.
void vectorize_lanes(Halide::Stage stage, const Halide::Var& lane, const VectorsOfBlock& block) {
  const Halide::Var part("part_of_block");
  if (block.vector < block.lanes)
    stage.split(lane, part, lane, block.vector, Halide::TailStrategy::GuardWithIf).unroll(part);
  stage.vectorize(lane, block.vector);
}

// The same of the products of a register tile. Of its tiles and its vectors of filters, the fewer are all in
// registers beside the sums, of the others one at a time (winograd_2d_most_tiles).
void vectorize_products(Halide::Stage stage, const Winograd2dStages& s, const VectorsOfBlock& block,
                        const Halide::Var& tile, const Winograd2dTiling& t) {
  const Halide::Var part("part_of_block");
  if (block.vector < block.lanes) {
    const bool more_vectors = t.planes * block.lanes / block.vector > t.x;
    stage.split(s.lane, part, s.lane, block.vector, Halide::TailStrategy::GuardWithIf).unroll(part);
    if (more_vectors)
      stage.reorder(s.lane, tile, part, s.plane);
    else
      stage.reorder(s.lane, part, s.plane, tile);
  }
  stage.vectorize(s.lane, block.vector);
}

// A square of vectors, each of them in a register.
void in_registers(Halide::Func f, const Winograd2dStages& s, int lanes) {
  f.store_in(Halide::MemoryType::Register)
      .bound_extent(s.lane, lanes)
      .vectorize(s.lane, lanes)
      .unroll(s.x)
      .unroll(s.y);
}

// The vectors of a register tile's input, for the loop over their channels, which is unrolled.
void stage_tiles(const Winograd2dStages& s, const Kernel& kernel, const Halide::RVar& where) {
  if (!s.staged.defined()) return;
  Halide::Func sums = s.sums, staged = s.staged;
  sums.update().unroll(s.taps.x);
  staged.compute_at(sums, where)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(s.lane, size(kernel.inputs[0].block))
      .bound_extent(s.point, 1)
      .vectorize(s.lane)
      .unroll(s.tile);
}

// For each point, register tiles of tiles x vectors of output channels.
void schedule_products(const Winograd2dStages& s, const Kernel& kernel, const Halide::LoopLevel& where,
                       const VectorsOfBlock& of_block, int tiles) {
  Halide::Func sums = s.sums, products = s.products;
  const Halide::Var to("to"), ti("ti");
  // Halide takes large "stack" allocations from the heap, "register" ones never.
  products.compute_at(where)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(s.lane, of_block.lanes)
      .split(s.tile, to, ti, tiles, Halide::TailStrategy::ShiftInwards)
      .reorder(s.lane, ti, s.plane, to, s.point, s.block)
      .reorder_storage(s.lane, s.point, s.tile, s.plane, s.block)
      .unroll(ti)
      .unroll(s.plane);
  sums.compute_at(products, to)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(s.lane, of_block.lanes)
      .unroll(s.tile)
      .unroll(s.plane);
  sums.update()
      .reorder(s.lane, s.plane, s.tile, s.point, s.block, s.taps.x, s.taps.y)
      .unroll(s.tile)
      .unroll(s.plane);
  for (const Halide::Stage& stage : {Halide::Stage(products), Halide::Stage(sums)})
    vectorize_lanes(stage, s.lane, of_block);
  vectorize_products(sums.update(), s, of_block, s.tile, winograd_2d_tiling(kernel.schedule));
  stage_tiles(s, kernel, s.taps.y);
}

// The transformed input of a block of tiles, in scratch memory.
void schedule_input(const Winograd2dStages& s, const Kernel& kernel, const Halide::LoopLevel& where,
                    const VectorsOfBlock& of_block) {
  const Winograd2dTiling t = winograd_2d_tiling(kernel.schedule);
  Halide::Func rows = s.rows, transformed = s.transformed;
  transformed.compute_at(where)
      .store_in(Halide::MemoryType::Heap)
      .bound_extent(s.lane, of_block.lanes)
      .reorder(s.lane, s.x, s.y, s.tile, s.plane, s.block)
      .unroll(s.x)
      .unroll(s.y);
  const auto loop = one_vector_at_a_time(transformed, s.lane, of_block, s.tile, {s.x, s.y});
  if (t.chunk > 0)
    transformed.reorder_storage(s.lane, s.tile, s.x, s.y, s.plane, s.block)
        .align_storage(s.tile, odd(t.tiles));
  else
    transformed.reorder_storage(s.lane, s.tile, s.plane, s.x, s.y, s.block)
        .align_storage(s.tile, odd(t.tiles))
        .align_storage(s.plane, odd(kernel.inputs[0].planes()));
  in_registers(rows.compute_at({transformed, loop}), s, of_block.vector);
}

// The transformed filters of a group of output channels, likewise.
void schedule_filter(const Winograd2dStages& s, const Kernel& kernel, const Halide::LoopLevel& where,
                     const VectorsOfBlock& of_block) {
  Halide::Func filter = s.filter, filter_rows = s.filter_rows;
  filter.compute_at(where)
      .store_in(Halide::MemoryType::Heap)
      .bound_extent(s.lane, of_block.lanes)
      .reorder(s.lane, s.x, s.y, s.channel, s.in_plane, s.plane)
      .reorder_storage(s.lane, s.channel, s.in_plane, s.x, s.y, s.plane)
      .align_storage(s.channel, odd(of_block.lanes))
      .align_storage(s.in_plane, odd(kernel.inputs[0].planes()))
      .unroll(s.x)
      .unroll(s.y);
  const auto loop = one_vector_at_a_time(filter, s.lane, of_block, s.channel, {s.x, s.y});
  in_registers(filter_rows.compute_at({filter, loop}), s, of_block.vector);
}

// With a chunk: for each part of the input channels the filters are transformed, some rows of points at a
// time, and their products added to the sums. The filters stay in the first-level cache, and the weights of
// the part too; the sums and the transformed input are read from the second in the order in which they lie
// there.
void schedule_in_parts(const Winograd2dStages& s, const Kernel& kernel, const Halide::LoopLevel& where,
                       const VectorsOfBlock& of_block) {
  const Winograd2dTiling t = winograd_2d_tiling(kernel.schedule);
  const int lanes = of_block.lanes;
  const auto tail = Halide::TailStrategy::GuardWithIf;  // all divide
  const int points_of_row = size(t.outputs + 2);
  Halide::Func sums = s.sums, filter = s.filter, filter_rows = s.filter_rows, next = s.next;
  const Halide::Var to("to"), ti("ti"), group("group_of_points"), point("point_in_group");
  const Halide::RVar part("part"), plane("plane_of_part");
  sums.compute_at(where)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(s.lane, lanes)
      .reorder(s.lane, s.tile, s.point, s.plane, s.block)
      .reorder_storage(s.lane, s.plane, s.tile, s.point, s.block)
      .align_storage(s.tile, odd(t.tiles));
  sums.update()
      .split(s.tile, to, ti, size(t.x), tail)
      .split(s.point, group, point, size(t.rows) * points_of_row, tail)
      .split(s.taps.y, part, plane, size(t.chunk), tail)
      .reorder(s.lane, s.plane, ti, s.taps.x, plane, to, point, group, part, s.block)
      .unroll(group)
      .unroll(ti)
      .unroll(s.plane);
  vectorize_lanes(sums, s.lane, of_block);
  vectorize_products(sums.update(), s, of_block, ti, t);
  stage_tiles(s, kernel, plane);
  filter.compute_at(sums, group)
      .store_in(Halide::MemoryType::Register)
      .bound_extent(s.lane, lanes)
      .reorder(s.lane, s.x, s.y, s.channel, s.in_plane, s.plane)
      .reorder_storage(s.lane, s.channel, s.in_plane, s.plane, s.x, s.y)
      .align_storage(s.channel, odd(lanes))
      .unroll(s.x)
      .bound_extent(s.y, size(t.rows))
      .unroll(s.y);
  const auto loop = one_vector_at_a_time(filter, s.lane, of_block, s.channel, {s.x, s.y});
  in_registers(filter_rows.compute_at({filter, loop}), s, of_block.vector);
  // For each point some lines of the weights of the next part.
  next.compute_at(sums, point).store_in(Halide::MemoryType::Register);
  next.prefetch(s.weight, s.line, s.line, 0, Halide::PrefetchBoundStrategy::NonFaulting);
}

}  // namespace

std::string schedule_conv_winograd_2d(const Winograd2dStages& s, const Kernel& kernel, const Target& target,
                                      int blocks_of_tiles) {
  const Winograd2dTiling t = winograd_2d_tiling(kernel.schedule);
  const int lanes = static_cast<int>(kernel.output.block);
  const VectorsOfBlock vectors{lanes, std::min(lanes, target.lanes)};
  const Halide::RDom& pixels = s.pixels;
  const Halide::Var all_parts("all_parts"), group("group"), part("part"), plane("plane_in_part");
  Halide::Func result = s.result, transformed = s.transformed, filter = s.filter;
  const WinogradTasks tasks = winograd_tasks(kernel);
  const bool in_parts = t.chunk > 0, by_planes = tasks == WinogradTasks::planes,
             by_blocks = tasks == WinogradTasks::blocks;

  Halide::Stage store = result.update();
  // Both divide; the tail strategy is one that an update may have.
  store.split(s.plane, all_parts, plane, size(t.planes), Halide::TailStrategy::GuardWithIf)
      .split(all_parts, group, part,
             by_planes ? static_cast<int>(kernel.output.planes()) / size(t.planes) : size(t.parts),
             Halide::TailStrategy::GuardWithIf)
      .reorder(s.lane, pixels.x, pixels.y, pixels.z, plane, part, pixels.w, group)
      .unroll(pixels.x)
      .unroll(pixels.y);
  const auto loop = one_vector_at_a_time(store, s.lane, vectors, pixels.z, {pixels.x, pixels.y});
  for (Halide::Func f : {s.outputs, s.columns}) in_registers(f.compute_at({result, loop}), s, vectors.vector);
  if (in_parts)
    schedule_in_parts(s, kernel, {result, part}, vectors);
  else
    schedule_products(s, kernel, {result, part}, vectors, size(t.x));
  const Halide::LoopLevel of_part(result, part), of_block(result, pixels.w);
  schedule_input(s, kernel,
                 by_planes              ? of_part
                 : blocks_of_tiles == 1 ? Halide::LoopLevel::root()
                                        : of_block,
                 vectors);
  if (!in_parts)
    schedule_filter(s, kernel,
                    by_planes   ? of_part
                    : by_blocks ? of_block
                                : Halide::LoopLevel(result, group),
                    vectors);

  if (by_planes) store.parallel(part);
  if (by_blocks) store.allow_race_conditions().parallel(pixels.w);  // there are none
  if (tasks == WinogradTasks::stages) {
    if (!in_parts) filter.parallel(s.plane);
    store.parallel(part);
    transformed.parallel(s.plane);
  }
  return by_planes ? transformed.name() : by_blocks && !in_parts ? filter.name() : "";
}

}  // namespace cnnc
