// Winograd's transform of whole 3x3 filters, F(`outputs` x `outputs`, 3 x 3), in the ways of Winograd2d
// (plan/tilings.h): register tiles of `x` tiles and all `planes`. With a chunk, `rows`: of so
// many rows of points the filters are transformed at a time.
#include <algorithm>
#include <cmath>

#include "plan/choose/estimate_winograd_2d.h"
#include "plan/choose/space.h"

namespace cnnc {

namespace {

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
          {"x", values_up_to(winograd_2d_most_tiles(way.planes, target))}};
}

bool fits(const Winograd2dTiling& t, const Target& target) {
  if (t.x < 1 || t.x > t.tiles || t.x > winograd_2d_most_tiles(t.planes, target)) return false;
  if (t.chunk == 0) return t.rows == 0;
  return t.rows > 0 && (t.outputs + 2) % t.rows == 0 && t.tiles % t.x == 0;
}

// The estimate's register tile and a row at a time come first; then passes over the weights, of equal tiles,
// and what is computed twice.
double cost(const Kernel& kernel, const Target& target) {
  const Winograd2dTiling t = winograd_2d_tiling(kernel.schedule);
  if (!fits(t, target)) return INFINITY;
  const int64_t passes = (t.tiles + t.x - 1) / t.x;
  const bool estimated = t.x == winograd_2d_register_tiles(t, target);
  return (estimated ? 0 : static_cast<double>(passes)) + 1e-3 * static_cast<double>(t.x) +
         static_cast<double>(t.rows);
}

}  // namespace

const Space conv_winograd_2d_space = {numbers, cost};

}  // namespace cnnc
