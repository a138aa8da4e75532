#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "driver/bench/bench_plots.h"
#include "driver/bench/bench_rows.h"
#include "driver/console/numbers.h"
#include "picture/svg.h"

namespace cnnc {
namespace {

constexpr size_t kShown = 20;           // bars of layers; more are folded away
constexpr double kOfFirstSchedule = 3;  // the axis ends there, in units of the first schedule's longest bar

// By the first schedule that has one; 0: there is none.
double time_of(const BenchReport& report, size_t layer) {
  for (const TimedSchedule& schedule : report.schedules)
    if (const std::optional<Spread>& seconds = schedule.layers[layer].seconds) return seconds->median;
  return 0;
}

// Where the axis ends: all of the bars, unless another schedule's would leave no room for the first one's.
double end_of_axis(const BenchReport& report) {
  double first = 0, all = 0;
  for (size_t i = 0; i < report.layers.size(); ++i) {
    first = std::max(first, time_of(report, i));
    for (const TimedSchedule& schedule : report.schedules)
      if (const std::optional<Spread>& seconds = schedule.layers[i].seconds)
        all = std::max({all, seconds->median, seconds->high});
  }
  return std::min(all, kOfFirstSchedule * first);
}

std::string percent(double value, double end) {
  return fmt::format("{:.2f}%", 100 * std::min(1.0, value / end));
}

// "12.3 %" of a run.
std::string share(const TimedSchedule& schedule, const Spread& seconds) {
  return schedule.total ? fmt::format("{:.1f} %", 100 * seconds.median / schedule.total->median) : "";
}

// A bar up to the median, and a line from the 10th to the 90th percentile.
std::string bar(const Spread& seconds, double end, size_t schedule, const std::string& title) {
  const bool is_cut = seconds.median > end;
  const double low = std::min(seconds.low, end), high = std::min(seconds.high, end);
  return fmt::format(
      "<span class=\"track\" title=\"{}\"><b class=\"s{}{}\" style=\"width:{}\"></b>"
      "<i class=\"whisker\" style=\"left:{};width:{}\"></i></span>",
      escaped(title), schedule, is_cut ? " cut" : "", percent(seconds.median, end), percent(low, end),
      percent(high - low, end));
}

std::string bar_of(const BenchReport& report, size_t layer, size_t s, double end) {
  const TimedSchedule& schedule = report.schedules[s];
  const TimedLayer& timed = schedule.layers[layer];
  const std::string name = title_of(report.layers[layer]) + " by " + schedule.name;
  if (!timed.seconds)
    return fmt::format("<span class=\"track\" title=\"{}\">–</span><span class=\"value\"></span>",
                       escaped(name + ": " + (timed.failure ? timed.failure->reason : "")));
  const Spread& seconds = *timed.seconds;
  const std::string title =
      fmt::format("{}: {}, 10th to 90th percentile {} to {}", name, with_unit(seconds.median),
                  with_unit(seconds.low), with_unit(seconds.high));
  return bar(seconds, end, s, title) + fmt::format("<span class=\"value\">{} <em>{}</em></span>",
                                                   with_unit(seconds.median), share(schedule, seconds));
}

std::string item(const BenchReport& report, size_t number, size_t layer, double end) {
  const std::string &title = title_of(report.layers[layer]), cut = short_title_of(report.layers[layer]);
  std::string html =
      fmt::format("<li><span class=\"number\">{}</span><span class=\"name\"{}>{}</span>", number,
                  cut == title ? "" : fmt::format(" title=\"{}\"", escaped(title)), escaped(cut));
  html += "<span class=\"bars-of-layer\">";
  for (size_t s = 0; s < report.schedules.size(); ++s)
    html += fmt::format("<span class=\"bar\">{}</span>", bar_of(report, layer, s, end));
  return html + "</span></li>\n";
}

// "37 more layers, together 4.2 % of the time"
std::string words_of_rest(const BenchReport& report, const std::vector<size_t>& order) {
  double sum = 0;
  for (size_t i = kShown; i < order.size(); ++i) sum += time_of(report, order[i]);
  const std::optional<Spread>& total = report.schedules.front().total;
  return counted(static_cast<int64_t>(order.size() - kShown), "more layer") +
         (total ? fmt::format(", together {:.1f} % of the time", 100 * sum / total->median) : "");
}

}  // namespace

std::vector<size_t> layers_by_time(const BenchReport& report) {
  std::vector<size_t> order(report.layers.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return time_of(report, a) > time_of(report, b); });
  return order;
}

std::string time_bars(const BenchReport& report) {
  const double end = end_of_axis(report);
  if (end <= 0) return "";
  const std::vector<size_t> order = layers_by_time(report);
  // One more is not worth a fold.
  const size_t shown = order.size() <= kShown + 2 ? order.size() : kShown;
  std::string html = "<ol class=\"layers\">\n";
  for (size_t i = 0; i < shown; ++i) html += item(report, i + 1, order[i], end);
  html += "</ol>\n";
  if (shown == order.size()) return html;
  html +=
      fmt::format("<details><summary>{}</summary>\n<ol class=\"layers\">\n", words_of_rest(report, order));
  for (size_t i = shown; i < order.size(); ++i) html += item(report, i + 1, order[i], end);
  return html + "</ol></details>\n";
}

}  // namespace cnnc
