#include "schedules/tasks.h"

namespace cnnc {

Halide::Var schedule_tasks(Halide::Func result, const Kernel& kernel, const Loops& loops) {
  Halide::Var all = loops.front();
  if (kernel.tasks <= 1) return all;
  for (size_t i = 1; i < loops.size(); ++i) {
    const Halide::Var fused("tasks");
    result.fuse(all, loops[i], fused);
    all = fused;
  }
  result.parallel(all);
  return all;
}

}  // namespace cnnc
