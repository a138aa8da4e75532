#include "plan/choose/choose_winograd.h"

#include <algorithm>
#include <cmath>

#include "plan/choose/estimate_winograd_2d.h"

namespace cnnc {

double multiply_adds_per_cycle(const Target& target) {
  return target.lanes / target.parts * (target.has_fma ? 2 : 1);
}

namespace {

// On the stack of each thread; docs/library.md states the total.
constexpr int64_t kMostColumnsStack = 96 << 10;  // bytes: of the transformed band of the input
// As estimates are not exact: those of whole filters are better, and on small maps direct kernels are farther
// from the peak than here assumed.
constexpr double kColumnsWorthIt = 0.85, kWholeWorthIt = 0.95;

bool is_plain(const WindowSteps& axis) {
  return axis.stride == 1 && axis.dilation == 1;
}

// Cycles to read so many bytes so often, if they do not stay in the core's caches.
double reading(double bytes, double times, const Memory& memory) {
  return bytes > memory.own ? bytes * times / memory.from_beyond : 0;
}

// What all estimates start from.
struct Conv {
  const WindowParameters& window;
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
                 static_cast<double>(passes), conv.target.memory);
}

// In blocks of channels all points of a few pixels are in registers, and a product loads an element of the
// input for each pixel and point, and a vector of weights for each point; and the transforms are measured.
double more_by_columns(const Conv& conv, int64_t points) {
  if (conv.result.block == 1) return 1;
  constexpr double kTransforms = 1.3;
  const int64_t most = std::max<int64_t>(1, conv.target.registers * 3 / 4 / points);
  const double x = static_cast<double>(std::min(most, conv.result.width));
  return kTransforms * (x + 1) / x;
}

// Of few channels to few, as in LeNet-5's table of 1998: conv_few_outputs takes a ninth of the time there.
bool is_mostly_padding(const Conv& conv) {
  return conv.input.channels < conv.input.block && conv.result.channels < conv.result.block;
}

std::vector<WinogradEstimate> by_columns(const Conv& conv, int64_t m) {
  if (is_mostly_padding(conv)) return {};
  const int64_t points = m + conv.window.height.filter - 1;
  const int64_t bands = m > conv.result.height ? 0 : winograd_bands(conv.result.height, m);
  const int64_t stack = points * (conv.result.width + conv.window.width.filter - 1) * conv.input.planes() *
                        conv.input.block * static_cast<int64_t>(sizeof(float));
  if (bands == 0 || stack > kMostColumnsStack || conv.weights() * static_cast<double>(points) > INT32_MAX / 2)
    return {};
  const double images = static_cast<double>(conv.result.images) * more_by_columns(conv, points);
  return {{{kColumns, {{"outputs", m}}}, images * cycles_of_rows(conv, bands * points, points, bands)}};
}

// Whether whole filters can be transformed: only of this size.
bool has_whole_filters(const Conv& conv) {
  return conv.window.height.filter == 3 && conv.window.width.filter == 3;
}

std::vector<WinogradEstimate> by_whole_filters(const Conv& conv, int64_t m) {
  if (!has_whole_filters(conv)) return {};
  std::vector<WinogradEstimate> estimates;
  // The weights are read once; with a chunk half of that is hidden behind what is computed.
  const double memory = reading(conv.weights() * 3 * sizeof(float), 1, conv.target.memory);
  for (const auto& [way, cycles] : winograd_2d_estimates(m, conv.input, conv.result, conv.target))
    estimates.push_back({{kWhole, schedule_of(way)}, cycles + (way.chunk > 0 ? memory / 2 : memory)});
  return estimates;
}

}  // namespace

std::vector<WinogradEstimate> winograd_estimates(const WindowParameters& w, const Layout& input,
                                                 const Layout& result, const Target& target) {
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

double direct_cycles(const WindowParameters& w, const Layout& input, const Layout& result,
                     const Target& target) {
  const Conv conv{w, input, result, target};
  const int64_t rows = w.height.filter * result.height;
  return static_cast<double>(result.images) * cycles_of_rows(conv, rows, w.height.filter, 1);
}

std::optional<Choice> choose_winograd(const WindowParameters& w, const Layout& input, const Layout& result,
                                      const Target& target, std::optional<WinogradTransform::Of> only) {
  std::vector<WinogradEstimate> all = winograd_estimates(w, input, result, target);
  const std::string wanted = only == WinogradTransform::Of::columns ? kColumns : kWhole;
  if (only)
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&](const WinogradEstimate& e) { return e.choice.family != wanted; }),
              all.end());
  if (all.empty()) return std::nullopt;
  const Conv conv{w, input, result, target};
  const double direct = direct_cycles(w, input, result, target);
  const Choice& best = all.front().choice;
  // What columns need more is not counted here: the direct kernel is not at the peak either.
  const int64_t points = number(best.schedule, "outputs") + w.height.filter - 1;
  const double more = best.family == kColumns ? more_by_columns(conv, points) : 1;
  const double worth_it = best.family == kColumns ? kColumnsWorthIt : kWholeWorthIt;
  if (all.front().cycles > worth_it * more * direct) return std::nullopt;
  return std::move(all.front().choice);
}

bool winograd_fits(const Choice& choice, const WindowParameters& window, const Layout& input,
                   const Layout& result, const Target& target) {
  const int64_t r = window.height.filter;
  if (!is_plain(window.height) || !is_plain(window.width) || (r != 3 && r != 5)) return false;
  const Conv conv{window, input, result, target};
  const auto outputs = choice.schedule.find("outputs");
  if (outputs == choice.schedule.end()) return false;
  if (choice.family == kWhole)
    return has_whole_filters(conv) &&
           winograd_2d_fits(winograd_2d_of(choice.schedule), input, result, target);
  const bool known = outputs->second == 2 || outputs->second == 4;
  return choice.family == kColumns && known && !by_columns(conv, outputs->second).empty();
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

std::optional<WinogradTransform> winograd_of(const Kernel& kernel) {
  if (!is_winograd(kernel.family)) return std::nullopt;
  return WinogradTransform{
      kernel.family == kWhole ? WinogradTransform::Of::filters : WinogradTransform::Of::columns,
      number(kernel.schedule, "outputs")};
}

}  // namespace cnnc
