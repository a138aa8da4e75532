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

// Windows and upsamplings do; a permute or a reshape has other axes where rows and columns were.
bool scales_maps(const picture::Layer& layer) {
  return layer.kind == picture::Kind::convolution || layer.kind == picture::Kind::pool ||
         layer.kind == picture::Kind::upsampling || layer.op == "space_to_depth" || layer.op == "crop";
}

// "from 28x28 to 14x14 at maxpool1": where a layer's map is smaller, or larger, than the one that it reads;
// of several from one size to the same other the first.
std::vector<std::string> changes(const Report& report, bool shrinking) {
  std::vector<std::string> places;
  std::set<std::string> known;
  for (const picture::Layer& layer : report.layers) {
    if (layer.inputs.empty() || !layer.shape.is_map() || !scales_maps(layer)) continue;
    const Shape& before = report.layers[static_cast<size_t>(layer.inputs[0])].shape;
    if (!before.is_map()) continue;
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

// What of all work the step is: "dec1.0 + relu1 (conv 3x3), 11 %".
std::string share_text(const Report& report, const ReportStep& step) {
  return fmt::format("{}{}, {:.0f} %", step.name, step.what.empty() ? "" : " (" + step.what + ")",
                     100 * step.work / work_of_run(report));
}

std::string work_line(const Report& report) {
  const std::vector<size_t> most = steps_with_most_work(report, 1);
  const std::string first = most.empty() ? "" : share_text(report, report.steps[most[0]]);
  if (report.is_measured) {
    const std::string time =
        fmt::format("A run takes {} on one core of {}", time_text(report.seconds), report.where);
    return time + (most.empty() ? "." : "; what takes the most time is " + first + " of it.");
  }
  if (most.empty()) return fmt::format("For {} it has no kernels that make multiply-adds.", report.where);
  return fmt::format(
      "Its kernels for {} make {} multiply-adds for an image, with those of transforms and of padding; the "
      "most "
      "are made by {} of them. These are no times: '--measure' measures it.",
      report.where, rounded_number(total_work(report)), first);
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

std::string work_text(const Report& report, double work) {
  return report.is_measured ? time_text(work) : rounded_number(work);
}

double total_work(const Report& report) {
  double sum = 0;
  for (const ReportStep& step : report.steps) sum += step.work;
  return sum;
}

double work_of_run(const Report& report) {
  return report.is_measured ? report.seconds : total_work(report);
}

std::vector<size_t> steps_with_most_work(const Report& report, size_t count) {
  std::vector<size_t> order(report.steps.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return report.steps[a].work > report.steps[b].work; });
  while (!order.empty() && (order.size() > count || report.steps[order.back()].work <= 0)) order.pop_back();
  return order;
}

std::vector<std::string> headlines(const Report& report) {
  const std::optional<int64_t> parameters = total_parameters(report);
  std::vector<std::string> lines = {
      fmt::format("It reads {} and gives {}.", fmt::join(report.inputs, " and "),
                  fmt::join(report.outputs, " and ")),
      fmt::format("It has {} in {}, which are {} multiply-adds for an image by their definition.",
                  counted(parameters, "parameter"),
                  counted(static_cast<int64_t>(report.layers.size() - report.inputs.size()), "layer"),
                  rounded_number(total_macs(report))),
      work_line(report),
      fmt::format("It needs {} of memory to work in, and {} for its weights.",
                  picture::bytes_text(report.workspace_bytes), picture::bytes_text(report.weights_bytes))};
  if (!report.arithmetic.empty()) lines.push_back(report.arithmetic);
  if (const auto places = changes(report, true); !places.empty())
    lines.push_back("Maps shrink " + listed(places) + ".");
  if (const auto places = changes(report, false); !places.empty())
    lines.push_back("Maps grow " + listed(places) + ".");
  return lines;
}

}  // namespace cnnc
