#include "plan/choose/few_outputs.h"

#include <algorithm>

namespace cnnc {

int64_t few_outputs_tile(const Layout& result, const Target& target) {
  const int64_t most = std::min(result.width, accumulators(target) / result.channels);
  if (result.block > 1) return most;
  int64_t tile = std::min<int64_t>(most, 1);
  while (2 * tile <= std::min<int64_t>(most, target.lanes)) tile *= 2;
  return tile;
}

double gain_of_few_outputs(const Layout& input, const Layout& result, int64_t taps, const Target& target) {
  if (input.block != target.lanes || result.block != target.lanes) return 0;
  const auto pixels = static_cast<double>(few_outputs_tile(result, target));
  if (pixels < 1) return 0;
  // Multiply-adds of vectors for a pixel; where loads take longer than those, the loads. Many weights come
  // from the second-level cache for each tile.
  const auto outputs = static_cast<double>(result.channels), filter = static_cast<double>(taps);
  const double products = static_cast<double>(input.planes()) * filter;
  const double weights = products * outputs * static_cast<double>(input.block) * sizeof(float);
  constexpr double kFarLoad = 3.2,
                   kOfSum = 10;  // in multiply-adds: a load from there; adding up a vector's lanes
  const double loads = (pixels + outputs) / (pixels * outputs);
  const double far_loads = weights > target.memory.first_level ? kFarLoad / pixels : 0;
  const double blocked = static_cast<double>(result.planes() * input.channels) * filter;
  const double here = outputs * (products * std::max({1.0, loads, far_loads}) + kOfSum);
  return blocked / here;
}

}  // namespace cnnc
