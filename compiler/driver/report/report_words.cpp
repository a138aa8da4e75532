#include "driver/report/report_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "driver/console/numbers.h"
#include "picture/memory.h"
#include "support/checked.h"

namespace cnnc {
namespace {

double total_macs(const Report& report) {
  double sum = 0;
  for (const ReportLayer& layer : report.costs) sum += layer.macs;
  return sum;
}

std::optional<int64_t> total_parameters(const Report& report) {
  std::optional<int64_t> sum = 0;
  for (const ReportLayer& layer : report.costs)
    sum = sum && layer.parameters ? checked_add(*sum, *layer.parameters) : std::nullopt;
  return sum;
}

std::string size_text(const Shape& shape) {
  return fmt::format("{}x{}", shape.height(), shape.width());
}

// "from 28x28 to 14x14 at maxpool1": where a layer's map is smaller, or larger, than the one that it reads;
// of several from one size to the same other the first.
std::vector<std::string> changes(const Report& report, bool shrinking) {
  std::vector<std::string> places;
  std::set<std::string> known;
  for (const picture::Layer& layer : report.layers) {
    if (layer.inputs.empty() || !layer.shape.is_map()) continue;
    const Shape& before = report.layers[static_cast<size_t>(layer.inputs[0])].shape;
    if (!before.is_map() || layer.kind == picture::Kind::join) continue;
    const int64_t from = before.height() * before.width(), to = layer.shape.height() * layer.shape.width();
    if (shrinking ? to >= from || to == 1 : to <= from || from == 1) continue;
    const std::string sizes = fmt::format("from {} to {}", size_text(before), size_text(layer.shape));
    if (known.insert(sizes).second) places.push_back(sizes + " at " + layer.name);
  }
  return places;
}

std::string listed(const std::vector<std::string>& words) {
  constexpr size_t kMost = 8;
  if (words.size() <= kMost) return fmt::format("{}", fmt::join(words, ", "));
  return fmt::format("{}, and {} more", fmt::join(words.begin(), words.begin() + kMost, ", "),
                     words.size() - kMost);
}

std::string time_line(const Report& report) {
  const std::vector<size_t> slowest = slowest_layers(report, 1);
  const std::string begin =
      fmt::format("A run takes {}{} on one core of {}", report.is_measured ? "" : "roughly ",
                  time_text(report.seconds), report.where);
  if (slowest.empty()) return begin + ".";
  const picture::Layer& layer = report.layers[slowest[0]];
  double sum = 0;
  for (const ReportLayer& cost : report.costs) sum += cost.seconds;
  return fmt::format("{}; the layer that takes the most time is {} ({}), {:.0f} % of it.", begin, layer.name,
                     layer.what, 100 * report.costs[slowest[0]].seconds / sum);
}

}  // namespace

std::string rounded_number(double number) {
  const std::pair<double, const char*> units[] = {
      {1e12, "\u00a0T"}, {1e9, "\u00a0G"}, {1e6, "\u00a0M"}, {1e3, "\u00a0K"}};
  for (const auto& [unit, name] : units) {
    if (number < unit) continue;
    const double value = number / unit;
    return fmt::format("{:.{}f}{}", value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0, name);
  }
  return fmt::format("{:.0f}", number);
}

std::string time_text(double seconds) {
  if (seconds < 1e-3) return fmt::format("{:.3g} µs", seconds * 1e6);
  return seconds < 1 ? fmt::format("{:.3g} ms", seconds * 1e3) : fmt::format("{:.3g} s", seconds);
}

std::vector<size_t> slowest_layers(const Report& report, size_t count) {
  std::vector<size_t> order(report.costs.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return report.costs[a].seconds > report.costs[b].seconds; });
  while (!order.empty() && (order.size() > count || report.costs[order.back()].seconds <= 0))
    order.pop_back();
  return order;
}

std::vector<std::string> headlines(const Report& report) {
  const std::optional<int64_t> parameters = total_parameters(report);
  std::vector<std::string> lines = {
      fmt::format("It reads {} and gives {}.", fmt::join(report.inputs, " and "),
                  fmt::join(report.outputs, " and ")),
      fmt::format("It has {} in {}, and makes {} multiply-adds for an image.",
                  counted(parameters, "parameter"),
                  counted(static_cast<int64_t>(report.layers.size() - report.inputs.size()), "layer"),
                  rounded_number(total_macs(report))),
      time_line(report),
      fmt::format("It needs {} of memory to work in, and {} for its weights.",
                  picture::bytes_text(report.workspace_bytes), picture::bytes_text(report.weights_bytes))};
  if (const auto places = changes(report, true); !places.empty())
    lines.push_back("Maps shrink " + listed(places) + ".");
  if (const auto places = changes(report, false); !places.empty())
    lines.push_back("Maps grow " + listed(places) + ".");
  return lines;
}

}  // namespace cnnc
