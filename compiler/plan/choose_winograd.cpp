#include "plan/choose_winograd.h"

#include <algorithm>
#include <cmath>

#include "ops/winograd_bound.h"
#include "support/checked.h"

namespace cnnc {

namespace {

// On the stack of each thread; docs/library.md states the total.
constexpr int64_t kMostColumnsStack = 96 << 10;  // bytes: of the transformed band of the input
constexpr int64_t kMostWholeStack = 232 << 10;   // bytes: of the products of a block of tiles
constexpr double kCacheBytes = 1 << 20;          // of the second level
constexpr double kBytesPerCycle = 8;             // from beyond it, measured
constexpr double kFilterCycles = 6;              // to transform a filter to 6 x 6 points, measured
constexpr int64_t kPartsOfGroup = 4;             // so many threads can share a group's work
constexpr double kWorthIt = 0.85;  // untuned: the columns' transforms themselves are not in the estimate

bool is_plain(const WindowAxis& axis) {
  return axis.stride == 1 && axis.dilation == 1;
}

double multiply_adds_per_cycle(const Target& target) {
  return target.isa == Isa::sse41 ? 4 : 16;
}

// Cycles to read so many bytes so often, if they do not stay in the cache.
double reading(double bytes, double times) {
  return bytes > kCacheBytes ? bytes * times / kBytesPerCycle : 0;
}

// Floats that an allocation of so many takes.
int64_t scratch_of(int64_t floats) {
  constexpr auto kBytes = static_cast<int64_t>(sizeof(float));
  return round_up(floats * kBytes + kHeapPadding, kAlignment) / kBytes;
}

// What all estimates start from.
struct Conv {
  const Window& window;
  const Layout& input;
  const Layout& result;
  const Target& target;
  double weights() const {  // of one row of the filter
    return static_cast<double>(input.channels * result.channels * window.width.filter);
  }
};

constexpr const char *kColumns = "conv_winograd", *kWhole = "conv_winograd_2d";

// With `rows` rows of products for one image, from weights of `weight_rows` rows that are read `passes`
// times.
double cycles_of_rows(const Conv& conv, int64_t rows, int64_t weight_rows, int64_t passes) {
  const double products = conv.weights() * static_cast<double>(conv.result.width * rows);
  return products / multiply_adds_per_cycle(conv.target) +
         reading(conv.weights() * static_cast<double>(weight_rows) * sizeof(float),
                 static_cast<double>(passes));
}

std::vector<WinogradEstimate> by_columns(const Conv& conv, int64_t m) {
  const int64_t points = m + conv.window.height.filter - 1;
  const int64_t bands = m > conv.result.height ? 0 : winograd_bands(conv.result.height, m);
  const int64_t stack = points * (conv.result.width + conv.window.width.filter - 1) * conv.input.planes() *
                        conv.input.block * static_cast<int64_t>(sizeof(float));
  if (bands == 0 || stack > kMostColumnsStack || conv.weights() * static_cast<double>(points) > INT32_MAX / 2)
    return {};
  const double images = static_cast<double>(conv.result.images);
  return {{{kColumns, {{"outputs", m}}}, images * cycles_of_rows(conv, bands * points, points, bands)}};
}

// Tiles of m x m of the whole result.
int64_t count_tiles(const Layout& result, int64_t m) {
  return (result.width + m - 1) / m * ((result.height + m - 1) / m) * result.images;
}

// F(m x m, 3 x 3) for blocks of `tiles` tiles.
WinogradEstimate by_tiles(const Conv& conv, int64_t m, int64_t tiles, int64_t planes, int64_t group) {
  const int64_t n = m + 2, lanes = conv.target.lanes;
  const double blocks = static_cast<double>((count_tiles(conv.result, m) + tiles - 1) / tiles);
  const double in = static_cast<double>(conv.input.planes() * lanes);
  const double out = static_cast<double>(conv.result.planes() * lanes);
  const double parts = out / static_cast<double>(planes * lanes), points = static_cast<double>(n * n);
  // Measured on F(4x4, 3x3): 13 cycles a channel and tile for the input's transform and 8 for the result's; a
  // register tile reads its weights once more.
  const double per_cycle = multiply_adds_per_cycle(conv.target);
  const int64_t register_tiles = winograd_2d_register_tiles(tiles, planes, conv.target);
  const int64_t passes = (tiles + register_tiles - 1) / register_tiles;
  const double transforms = static_cast<double>(tiles) * points / 36 * (13 * in + 8 * out) * 16 / per_cycle;
  const double products = static_cast<double>(passes * (register_tiles + 1)) * points * in * out / per_cycle;
  // The filters are read as they are, transformed once, and read as points for each block of tiles; of the
  // transformed input each part of the channels reads all. These are read in order, at twice the speed.
  const double filters = in * out * points / 36 * kFilterCycles * 16 / per_cycle;
  const double bytes = sizeof(float) * points;
  const double read = reading(bytes * in * out, 1 + blocks) +
                      reading(bytes * in * static_cast<double>(tiles), blocks * parts);
  const double cycles =
      blocks * (transforms + products) + filters + reading(9 * sizeof(float) * in * out, 1) + read / 2;
  return {{kWhole, {{"outputs", m}, {"tiles", tiles}, {"planes", planes}, {"parts", group}}}, cycles};
}

std::vector<WinogradEstimate> by_whole_filters(const Conv& conv, int64_t m) {
  const int64_t lanes = conv.target.lanes, n = m + 2;
  const bool fits = conv.result.width >= m && conv.result.height >= m && conv.input.block == lanes &&
                    conv.result.block == lanes && conv.window.height.filter == 3 &&
                    conv.window.width.filter == 3;
  if (!fits || conv.weights() / 3 * static_cast<double>(n * n) > INT32_MAX / 2) return {};
  // A tail would make Halide take more memory than it needs.
  std::vector<WinogradEstimate> estimates;
  for (int64_t planes = 1; planes <= 4; ++planes) {
    if (conv.result.planes() % planes != 0) continue;
    const int64_t most =
        std::min(count_tiles(conv.result, m),
                 kMostWholeStack / (n * n * planes * lanes * static_cast<int64_t>(sizeof(float))));
    for (const int64_t parts : {1, 2, 4, 8})
      if (conv.result.planes() / planes % parts == 0)
        for (int64_t tiles = 1; tiles <= most; ++tiles)
          estimates.push_back(by_tiles(conv, m, tiles, planes, parts));
  }
  return estimates;
}

}  // namespace

std::vector<WinogradEstimate> winograd_estimates(const Window& w, const Layout& input, const Layout& result,
                                                 const Target& target) {
  const int64_t r = w.height.filter;
  if (!is_plain(w.height) || !is_plain(w.width) || (r != 3 && r != 5)) return {};
  const Conv conv{w, input, result, target};
  std::vector<WinogradEstimate> all;
  for (const int64_t m : {4, 2})
    for (auto* way : {by_whole_filters, by_columns})
      for (WinogradEstimate& estimate : way(conv, m)) all.push_back(std::move(estimate));
  std::stable_sort(all.begin(), all.end(),
                   [](const WinogradEstimate& a, const WinogradEstimate& b) { return a.cycles < b.cycles; });
  return all;
}

std::optional<Choice> choose_winograd(const Window& w, const Layout& input, const Layout& result,
                                      const Target& target) {
  std::vector<WinogradEstimate> all = winograd_estimates(w, input, result, target);
  const double rows = static_cast<double>(w.height.filter * result.height);
  const Conv conv{w, input, result, target};
  const double direct = static_cast<double>(result.images) *
                        cycles_of_rows(conv, static_cast<int64_t>(rows), w.height.filter, 1);
  if (all.empty() || all.front().cycles > kWorthIt * direct) return std::nullopt;
  return std::move(all.front().choice);
}

bool winograd_fits(const Choice& choice, const Window& window, const Layout& input, const Layout& result,
                   const Target& target) {
  const auto says = [&](const Choice& other) {
    return choice.family == other.family &&
           std::all_of(other.schedule.begin(), other.schedule.end(), [&](const auto& number) {
             const auto found = choice.schedule.find(number.first);
             return found != choice.schedule.end() && found->second == number.second;
           });
  };
  const auto all = winograd_estimates(window, input, result, target);
  return std::any_of(all.begin(), all.end(), [&](const WinogradEstimate& e) { return says(e.choice); });
}

bool is_winograd(const std::string& family) {
  return family == kColumns || family == kWhole;
}

// Bands lie at equal distances, so that a tail overlaps instead of being a case of its own: the fewest.
int64_t winograd_bands(int64_t height, int64_t outputs) {
  if (height == outputs) return 1;
  for (int64_t distance = outputs; distance > 1; --distance)
    if ((height - outputs) % distance == 0) return (height - outputs) / distance + 1;
  return 0;
}

// As the schedule stores them: an odd number of tiles or channels, and of planes.
int64_t winograd_scratch(const Kernel& kernel) {
  if (kernel.family != kWhole) return 0;
  const auto of = [&](const char* name) { return number(kernel.schedule, name); };
  const int64_t n = of("outputs") + 2, lanes = kernel.output.block;
  const int64_t plane = n * n * (kernel.inputs[0].planes() | 1) * lanes;
  return scratch_of(plane * (of("tiles") | 1)) + scratch_of(plane * of("parts") * of("planes") * (lanes | 1));
}

WinogradMark winograd_mark(const Kernel& kernel) {
  if (kernel.family == kColumns) return {std::string(kWinogradOutputs), number(kernel.schedule, "outputs")};
  if (kernel.family == kWhole) return {std::string(kWinogradTileOutputs), number(kernel.schedule, "outputs")};
  return {};
}

}  // namespace cnnc
