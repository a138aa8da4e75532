#include "plan/choose/blocked_tiles.h"

#include <algorithm>
#include <cmath>

#include "support/checked.h"

namespace cnnc {

std::vector<Number> numbers_of_tiles(const Kernel& kernel, const Target& target) {
  const int64_t blocks = kernel.output.planes() / conv_of(kernel).groups;
  return {{"rows_outer", {0, 1}},
          {"blocks", values_up_to(std::min<int64_t>(blocks, 4))},
          {"y", values_up_to(std::min<int64_t>(kernel.output.height, 4))},
          {"x", values_up_to(std::min(kernel.output.width, most_sums(target)))}};
}

int64_t tasks_of(const BlockedTiles& t) {
  const Layout& out = t.kernel.output;
  const int64_t rows = out.height % t.y == 0 ? out.height / t.y : 0;
  if (t.rows_outer) return rows * out.images;
  if (t.chunk > 0) return ceil_div(out.planes(), t.blocks) * out.images;
  if (t.group_blocks() % t.blocks != 0) return 0;
  return out.planes() / t.blocks * out.images * std::max<int64_t>(rows, 1);
}

bool tiles_fit(const BlockedTiles& t) {
  const Layout& out = t.kernel.output;
  if (t.x < 1 || t.y < 1 || t.blocks < 1 || t.x > out.width || t.y > out.height ||
      t.blocks > t.group_blocks())
    return false;
  if (t.groups() > 1 && t.group_blocks() % t.blocks != 0) return false;
  return t.kernel.tasks <= 1 || tasks_of(t) > 0;
}

double computed_share(int64_t size, int64_t tile) {
  return static_cast<double>((size + tile - 1) / tile * tile) / static_cast<double>(size);
}

double bytes_per_cycle(double bytes, const Memory& memory) {
  if (bytes <= memory.first_level) return INFINITY;
  return bytes <= memory.second_level ? memory.from_second_level : memory.from_beyond;
}

}  // namespace cnnc
