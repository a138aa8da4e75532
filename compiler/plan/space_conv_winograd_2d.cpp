// Winograd's transform of whole 3x3 filters, F(`outputs` x `outputs`, 3 x 3), in the ways of Winograd2d
// (plan/estimate_winograd_2d.h): register tiles of `x` tiles and all `planes`. With a chunk, `rows`: of so
// many rows of points the filters are transformed at a time.
#include <algorithm>
#include <cmath>

#include "plan/estimate_winograd_2d.h"
#include "plan/space.h"

namespace cnnc {

namespace {

int64_t most_tiles(int64_t planes, const Target& target) {
  return std::max<int64_t>(1, accumulators(target) / planes);
}

// Those that a plan chooses come with the kernel: choose_winograd() knows them.
std::vector<Number> numbers(const Kernel& kernel, const Target& target) {
  const Winograd2d way = winograd_2d_of(kernel.schedule);
  const std::vector<int64_t> rows = way.chunk > 0 ? values_up_to(way.outputs + 2) : std::vector<int64_t>{0};
  return {{"outputs", {way.outputs}},
          {"tiles", {way.tiles}},
          {"planes", {way.planes}},
          {"parts", {way.parts}},
          {"chunk", {way.chunk}},
          {"rows", rows},
          {"x", values_up_to(most_tiles(way.planes, target))}};
}

bool fits(const Winograd2d& way, int64_t x, int64_t rows, const Target& target) {
  if (x < 1 || x > way.tiles || x > most_tiles(way.planes, target)) return false;
  if (way.chunk == 0) return rows == 0;
  return rows > 0 && (way.outputs + 2) % rows == 0 && way.tiles % x == 0;
}

// The estimate's register tile and a row at a time come first; then passes over the weights, of equal tiles,
// and what is computed twice.
double cost(const Kernel& kernel, const Target& target) {
  const Winograd2d way = winograd_2d_of(kernel.schedule);
  const int64_t x = number(kernel.schedule, "x"), rows = number(kernel.schedule, "rows");
  if (!fits(way, x, rows, target)) return INFINITY;
  const int64_t passes = (way.tiles + x - 1) / x;
  const bool estimated = x == winograd_2d_register_tiles(way, target);
  return (estimated ? 0 : static_cast<double>(passes)) + 1e-3 * static_cast<double>(x) +
         static_cast<double>(rows);
}

}  // namespace

const Space conv_winograd_2d_space = {numbers, cost};

}  // namespace cnnc
