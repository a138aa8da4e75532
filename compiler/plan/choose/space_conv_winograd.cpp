// Winograd's transform of the filter's columns, F(`outputs`, filter height): register tiles of `x` pixels
// (planar: one vector of them) and `channels` channels (blocked: vectors of them).
#include <algorithm>
#include <cmath>

#include "plan/choose/choose_winograd.h"
#include "plan/choose/space.h"
#include "plan/tilings.h"

namespace cnnc {

namespace {

int64_t most_of(int64_t points, const Target& target) {
  return std::max<int64_t>(1, (target.registers - target.registers / 4) / points);
}

int64_t points_of(int64_t outputs, const Kernel& kernel) {
  return outputs + conv_of(kernel).window.height.filter - 1;
}

std::vector<int64_t> divisors_up_to(int64_t most, int64_t number) {
  std::vector<int64_t> divisors;
  for (int64_t d = 1; d <= std::min(most, number); ++d)
    if (number % d == 0) divisors.push_back(d);
  return divisors;
}

std::vector<Number> numbers(const Kernel& kernel, const Target& target) {
  const int64_t most = most_of(points_of(2, kernel), target);
  if (kernel.output.block > 1)
    return {{"outputs", {2, 4}}, {"channels", {1}}, {"x", values_up_to(std::min(most, kernel.output.width))}};
  return {{"outputs", {2, 4}},
          {"channels", divisors_up_to(most, conv_of(kernel).planar_tile)},
          {"x", {largest_vector(target, kernel.output.width)}}};
}

// Cycles for an element of the input in a row of the result: a tile loads a vector of weights for each point
// and, for each point and pixel, an element of the input; two loads a cycle, and few sums wait for each
// other. Measured.
double cycles_of_row(int64_t points, int64_t x, int64_t width) {
  constexpr double kLatency = 5, kOfTile = 1.2;
  const double loads = static_cast<double>(points * (x + 1));
  return static_cast<double>((width + x - 1) / x) * (std::max(loads / 2, kLatency) + kOfTile);
}

// In blocks of channels; of planar maps, where the vector is given, the most channels.
double cost(const Kernel& kernel, const Target& target) {
  const auto [m, channels, x] = columns_tiling(kernel.schedule);
  const int64_t width = kernel.output.width;
  if (m < 1 || winograd_bands(kernel.output.height, m) == 0 || x < 1 || x > width || channels < 1)
    return INFINITY;
  const int64_t most = most_of(points_of(m, kernel), target);
  if (kernel.output.block > 1) {
    if (channels != 1 || x > most) return INFINITY;
    return cycles_of_row(points_of(m, kernel), x, width);
  }
  if (conv_of(kernel).planar_tile % channels != 0 || channels > most || x != largest_vector(target, width))
    return INFINITY;
  return -static_cast<double>(channels);
}

}  // namespace

const Space conv_winograd_space = {numbers, cost};

}  // namespace cnnc
