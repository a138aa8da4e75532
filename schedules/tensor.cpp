#include "schedules/tensor.h"

#include <algorithm>

#include "plan/tensors.h"
#include "schedules/tasks.h"
#include "support/checked.h"

namespace cnnc {

namespace {

constexpr auto kOverlap = Halide::TailStrategy::ShiftInwards;

// The loops of an update from the innermost one on: `inner`, and those that it sums over. One over a single
// place is none.
std::vector<Halide::VarOrRVar> order_of(Halide::Func sums, std::vector<Halide::VarOrRVar> inner) {
  for (const Halide::RVar& loop : sums.rvars()) inner.emplace_back(loop);
  return inner;
}

// Of a product: a tile of rows and columns in registers, for which an element of the first matrix and a
// vector of the second are read once.
void schedule_product(const TensorStages& s, const Kernel& kernel, const Target& target) {
  const Layout& to = kernel.output;
  const bool is_padded = program_of(kernel)[static_cast<size_t>(s.sum_term)].op == "dense";
  const ProductTile tile = product_tile(to.height, to.width, is_padded, target);
  const int columns = static_cast<int>(std::min(tile.columns(), round_up(to.width, tile.lanes)));
  const int lanes = static_cast<int>(tile.lanes), rows = static_cast<int>(tile.rows);
  const bool is_exact = to.width % columns == 0;
  Halide::Func result = s.result, sums = s.sums;
  const Halide::Var tile_x("tile_x"), tile_y("tile_y"), column("column"), vector("vector"), row("row");
  // Past its columns a weight has zeros; past a tensor's lies something else.
  result.split(s.x, tile_x, column, columns, is_padded ? Halide::TailStrategy::GuardWithIf : kOverlap)
      .split(column, vector, column, lanes)
      .split(s.y, tile_y, row, rows, kOverlap)
      .reorder(column, vector, row, tile_y, s.lane, tile_x, s.plane, s.image)
      .vectorize(column)
      .unroll(vector)
      .unroll(row);
  sums.compute_at(result, tile_y).store_in(Halide::MemoryType::Register);
  sums.bound_extent(s.x, columns).bound_extent(s.y, rows);
  if (is_padded) sums.align_bounds(s.x, columns);
  sums.split(s.x, vector, column, lanes)
      .reorder(column, vector, s.y)
      .vectorize(column)
      .unroll(vector)
      .unroll(s.y);
  sums.update()
      .split(s.x, vector, column, lanes)
      .reorder(order_of(sums, {column, vector, s.y}))
      .vectorize(column)
      .unroll(vector)
      .unroll(s.y);
  // Tiles that overlap would be stored by two threads.
  if (is_exact)
    schedule_tasks(result, kernel, {tile_x, s.plane, s.image});
  else
    schedule_tasks(result, kernel, {s.plane, s.image});
}

void schedule_sums(const TensorStages& s, const Halide::Var& vector, const Halide::Var& loop, bool is_blocked,
                   const Target& target) {
  Halide::Func sums = s.sums, partial = s.partial;
  sums.compute_at(s.result, loop).vectorize(vector);
  if (s.lanes_of_sums == 0) {
    sums.update().vectorize(vector).reorder(order_of(sums, {vector}));
    return;
  }
  if (is_blocked) {
    sums.update().vectorize(vector);
    partial.compute_at(s.result, loop)
        .store_in(Halide::MemoryType::Register)
        .reorder_storage(vector, s.part)
        .vectorize(vector)
        .unroll(s.part);
    if (partial.num_update_definitions() > 1) partial.update(1).vectorize(vector);
    partial.update().reorder(order_of(partial, {vector, s.part})).vectorize(vector).unroll(s.part);
    return;
  }
  const Halide::Var inside("inside");
  sums.update().unscheduled();
  if (partial.num_update_definitions() > 1) partial.update(1).unscheduled();
  partial.compute_at(s.result, loop);
  partial.split(s.part, s.part, inside, target.lanes).vectorize(inside).unroll(s.part);
  const auto order = order_of(partial, {inside, s.part});
  partial.update()
      .split(s.part, s.part, inside, target.lanes)
      .vectorize(inside)
      .unroll(s.part)
      .reorder(order);
}

}  // namespace

void schedule_tensor(const TensorStages& s, const Kernel& kernel, const Target& target) {
  const Layout& to = kernel.output;
  const bool is_blocked = to.block > 1;
  const bool is_product = s.sum_term >= 0 && s.lanes_of_sums == 0 &&
                          program_of(kernel)[static_cast<size_t>(s.sum_term)].op.rfind("reduce_", 0) != 0;
  if (is_product && !is_blocked) return schedule_product(s, kernel, target);
  Halide::Func result = s.result;
  const bool along_rows = is_blocked || to.width >= std::min<int64_t>(to.height, target.lanes);
  const Halide::Var along = is_blocked ? s.lane : along_rows ? s.x : s.y;
  const int64_t extent = is_blocked ? to.block : along_rows ? to.width : to.height;
  const Halide::Var inside("inside");
  if (!is_blocked) result.reorder(along, along_rows ? s.y : s.x, s.lane, s.plane, s.image);
  result.split(along, along, inside, largest_vector(target, extent), kOverlap).vectorize(inside);
  if (s.sum_term >= 0) schedule_sums(s, along, along, is_blocked, target);
  if (along_rows)
    schedule_tasks(result, kernel, {s.y, s.plane, s.image});
  else
    schedule_tasks(result, kernel, {s.plane, s.image});
}

}  // namespace cnnc
