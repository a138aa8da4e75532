#include "schedules/tensor.h"

#include <algorithm>

#include "schedules/tasks.h"

namespace cnnc {

namespace {

// Rows of a product of matrices that are summed together: each element of the second matrix is read once for them.
constexpr int kRows = 4;

}  // namespace

void schedule_tensor(const TensorStages& stages, const Kernel& kernel, const Target& target) {
  const TensorStages& at = stages;
  Halide::Func result = stages.result, sums = stages.sums;
  const Layout& to = kernel.output;
  const bool is_blocked = to.block > 1;
  const bool along_rows = is_blocked || to.width >= std::min<int64_t>(to.height, target.lanes);
  const Halide::Var along = is_blocked ? at.lane : along_rows ? at.x : at.y;
  const int64_t extent = is_blocked ? to.block : along_rows ? to.width : to.height;
  const int lanes = largest_vector(target, extent);
  const auto tail = Halide::TailStrategy::ShiftInwards;
  const bool is_product = program_of(kernel).back().op == "matmul";
  const Halide::Var vector("vector");
  if (!is_blocked) result.reorder(along, along_rows ? at.y : at.x, at.lane, at.plane, at.image);
  const bool has_tile = is_product && along.same_as(at.x) && to.height > 1;
  const Halide::Var inside("inside"), row("row");
  result.split(along, along, inside, lanes, tail).vectorize(inside);
  if (has_tile) {
    int rows = kRows;
    while (to.height % rows != 0) --rows;
    result.split(at.y, at.y, row, rows).reorder(inside, row, along, at.y, at.lane, at.plane).unroll(row);
  }
  if (sums.defined()) {
    sums.compute_at(result, along).vectorize(along);
    auto update = sums.update();
    update.vectorize(along);
    if (has_tile) {
      sums.unroll(at.y);
      update.reorder(along, at.y, stages.along.x).unroll(at.y);
    } else {
      std::vector<Halide::VarOrRVar> order{along};
      for (int i = 0; i < stages.along.dimensions(); ++i) order.emplace_back(stages.along[i]);
      update.reorder(order);
    }
  }
  const Halide::Var rows_loop = along_rows ? at.y : at.x;
  if (is_blocked || along_rows)
    schedule_tasks(result, kernel, {rows_loop, at.plane, at.image});
  else
    schedule_tasks(result, kernel, {at.plane, at.image});
}

}  // namespace cnnc
