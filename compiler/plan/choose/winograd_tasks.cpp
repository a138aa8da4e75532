#include "plan/choose/winograd_tasks.h"

#include <algorithm>

#include "plan/choose/estimate_winograd_2d.h"
#include "support/checked.h"

namespace cnnc {

namespace {

constexpr auto kFloatBytes = static_cast<int64_t>(sizeof(float));

// A tile that is shifted to end where the result does overlaps the one before it in its row or column, so
// there must be no end of a block between them, nor anywhere between two rows of tiles that overlap.
bool blocks_overlap(const Layout& result, const Winograd2d& way) {
  const int64_t m = way.outputs, across = ceil_div(result.width, m), down = ceil_div(result.height, m);
  const bool columns = result.width % m != 0, rows = result.height % m != 0;
  for (int64_t first = way.tiles; first < across * down * result.images; first += way.tiles) {
    const int64_t in_image = first % (across * down);
    if (columns && first % across == across - 1) return true;
    if (rows && in_image > (down - 2) * across) return true;
  }
  return false;
}

// Floats that an allocation of so many takes.
int64_t scratch_of(int64_t floats) {
  return round_up(floats * kFloatBytes + kHeapPadding, kAlignment) / kFloatBytes;
}

int64_t blocks_of_tiles(const Kernel& kernel, const Winograd2d& way) {
  const Layout& result = kernel.output;
  const int64_t tiles = ceil_div(result.width, way.outputs) * ceil_div(result.height, way.outputs);
  return ceil_div(tiles * result.images, way.tiles);
}

// Tasks that there are in a loop over planes.
int64_t tasks_of_planes(const Kernel& kernel, const Winograd2d& way) {
  return kernel.output.planes() / way.planes;
}

WinogradTasks tasks_by(const Kernel& kernel, const Winograd2d& way) {
  if (blocks_of_tiles(kernel, way) > 1)
    return blocks_overlap(kernel.output, way) ? WinogradTasks::stages : WinogradTasks::blocks;
  return tasks_of_planes(kernel, way) > 1 ? WinogradTasks::planes : WinogradTasks::none;
}

// Cycles of so many threads that share tasks of equal size: an odd one is for one of them alone. Where tasks
// are blocks, each thread transforms all filters for itself.
double cycles_of_threads(const Kernel& kernel, const Winograd2d& way, int64_t threads, const Target& target) {
  const WinogradTasks by = tasks_by(kernel, way);
  const int64_t tasks = by == WinogradTasks::none     ? 1
                        : by == WinogradTasks::blocks ? blocks_of_tiles(kernel, way)
                        : by == WinogradTasks::planes ? tasks_of_planes(kernel, way)
                                                      : way.parts;
  const double own = threads > 2 && by == WinogradTasks::blocks
                         ? winograd_2d_filter_cycles(way, kernel.inputs[0], kernel.output, target)
                         : 0;
  const double shared = winograd_2d_cycles(way, kernel.inputs[0], kernel.output, target) - own;
  return own + shared * static_cast<double>(ceil_div(tasks, threads)) / static_cast<double>(tasks);
}

}  // namespace

WinogradTasks winograd_tasks(const Kernel& kernel) {
  return kernel.tasks > 1 ? tasks_by(kernel, winograd_2d_of(kernel.schedule)) : WinogradTasks::none;
}

void balance_winograd_tasks(Kernel& kernel, const Target& target, int64_t wanted) {
  if (kernel.family != "conv_winograd_2d" || kernel.tasks <= 1) return;
  constexpr double kMostMore = 1.03, kMostMoreOfOne = 1.1, kMostMoreOfMany = 1.5, kWorthIt = 0.95;
  const int64_t threads = std::max<int64_t>(wanted, 2);
  const Winograd2d chosen = winograd_2d_of(kernel.schedule);
  const double more = threads > 2                                       ? kMostMoreOfMany
                      : tasks_by(kernel, chosen) == WinogradTasks::none ? kMostMoreOfOne
                                                                        : kMostMore;
  const double most = more * winograd_2d_cycles(chosen, kernel.inputs[0], kernel.output, target);
  Winograd2d best = chosen, way = chosen;
  for (way.tiles = chosen.tiles - 1; way.tiles > chosen.tiles / (threads + 1); --way.tiles)
    if (winograd_2d_cycles(way, kernel.inputs[0], kernel.output, target) <= most &&
        cycles_of_threads(kernel, way, threads, target) <
            cycles_of_threads(kernel, best, threads, target) * (best.tiles == chosen.tiles ? kWorthIt : 1))
      best = way;
  if (best.tiles == chosen.tiles) return;
  kernel.schedule["tiles"] = best.tiles;
  kernel.schedule.erase("x");
  kernel.schedule.erase("rows");
}

// As the schedule stores them: an odd number of tiles; of channels and planes too where filters are stored.
void set_winograd_scratch(Kernel& kernel, int64_t threads) {
  if (kernel.family != "conv_winograd_2d") return;
  const Winograd2d way = winograd_2d_of(kernel.schedule);
  const WinogradTasks tasks = winograd_tasks(kernel);
  const int64_t lanes = kernel.output.block, planes = kernel.inputs[0].planes();
  const int64_t plane = way.points() * (way.chunk > 0 ? planes : planes | 1) * lanes;
  const int64_t input = scratch_of(plane * (way.tiles | 1));
  const int64_t filters = way.planes * (tasks == WinogradTasks::planes ? 1 : way.parts);
  const int64_t all = input + (way.chunk > 0 ? 0 : scratch_of(plane * filters * (lanes | 1)));
  if (tasks == WinogradTasks::none || tasks == WinogradTasks::stages) {
    kernel.scratch = all;
    return;
  }
  const int64_t most =
      tasks == WinogradTasks::blocks ? blocks_of_tiles(kernel, way) : tasks_of_planes(kernel, way);
  kernel.own_scratch = all;
  kernel.scratch_places = static_cast<int>(std::min({threads, kMostScratchPlaces, most}));
}

}  // namespace cnnc
