#include <fmt/format.h>

#include <algorithm>

#include "driver/bench/bench_plots.h"
#include "driver/bench/bench_rows.h"
#include "picture/svg.h"

namespace cnnc {
namespace {

constexpr double kWidth = 920, kLeft = 190, kRight = 850;  // behind the bars stand their values
constexpr double kTop = 24, kBar = 13, kGap = 9;
constexpr size_t kNameLength = 26;

// The bars that stand together.
struct Group {
  std::string name;
  std::vector<std::optional<Spread>> seconds;  // by schedule
  std::vector<std::string> reasons;            // why there is none
};

std::vector<Group> groups_of(const BenchReport& report) {
  std::vector<Group> groups = {{"all layers", {}, {}}};
  for (const TimedSchedule& schedule : report.schedules) {
    groups.front().seconds.push_back(schedule.total);
    groups.front().reasons.push_back("a layer is wrong");
  }
  for (size_t i = 0; i < report.layers.size(); ++i) {
    groups.push_back({report.layers[i].name, {}, {}});
    for (const TimedSchedule& schedule : report.schedules) {
      const TimedLayer& layer = schedule.layers[i];
      groups.back().seconds.push_back(layer.seconds);
      groups.back().reasons.push_back(layer.failure ? layer.failure->reason : "");
    }
  }
  return groups;
}

std::optional<LogAxis> axis_of(const std::vector<Group>& groups) {
  double least = 0, greatest = 0;
  for (const Group& group : groups)
    for (const std::optional<Spread>& seconds : group.seconds) {
      if (!seconds) continue;
      least = least == 0 ? seconds->low : std::min(least, seconds->low);
      greatest = std::max(greatest, seconds->high);
    }
  if (least <= 0) return std::nullopt;
  return log_axis(least / 2, greatest, kLeft, kRight);  // so that the least has a bar
}

std::string shortened(const std::string& name) {
  return name.size() <= kNameLength ? name : "…" + name.substr(name.size() - kNameLength + 1);
}

// A bar up to the median, a line from the 10th to the 90th percentile, and the time.
std::string bar(const LogAxis& axis, double y, size_t schedule, const Spread& seconds,
                const std::string& title) {
  const double middle = y + kBar / 2, end = axis.at(seconds.median);
  return fmt::format(
             "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
             "class=\"s{}\"><title>{}</title></rect>\n",
             kLeft, y, end - kLeft, kBar - 1, schedule, escaped(title)) +
         svg_line(axis.at(seconds.low), middle, axis.at(seconds.high), middle, "whisker") +
         svg_text(std::max(end, axis.at(seconds.high)) + 5, y + kBar - 3, "start", in_ms(seconds.median),
                  "value");
}

std::string bars(const LogAxis& axis, double y, const Group& group, const BenchReport& report) {
  std::string svg = svg_text(kLeft - 8, y + static_cast<double>(group.seconds.size()) * kBar / 2 + 4, "end",
                             shortened(group.name));
  for (size_t s = 0; s < group.seconds.size(); ++s, y += kBar) {
    const std::string name = group.name + " by " + report.schedules[s].name;
    if (const std::optional<Spread>& seconds = group.seconds[s])
      svg += bar(axis, y, s, *seconds,
                 fmt::format("{}: {} ms, 10th to 90th percentile {} to {}", name, in_ms(seconds->median),
                             in_ms(seconds->low), in_ms(seconds->high)));
    else
      svg += fmt::format("<g><title>{}: {}</title>{}</g>\n", escaped(name), escaped(group.reasons[s]),
                         svg_text(kLeft + 5, y + kBar - 3, "start", "–", "value"));
  }
  return svg;
}

}  // namespace

std::string time_bars(const BenchReport& report) {
  const std::vector<Group> groups = groups_of(report);
  const std::optional<LogAxis> axis = axis_of(groups);
  if (!axis) return "";
  const double group_height = static_cast<double>(report.schedules.size()) * kBar + kGap;
  const double bottom = kTop + static_cast<double>(groups.size()) * group_height;
  std::string svg = fmt::format(
      "<svg viewBox=\"0 0 {} {:.0f}\" role=\"img\" aria-label=\"time of each layer\">\n", kWidth, bottom + 8);
  for (const double tick : axis->ticks())
    svg += svg_line(axis->at(tick), kTop, axis->at(tick), bottom, "grid") +
           svg_text(axis->at(tick), kTop - 8, "middle", tick_text(tick * 1e3));
  svg += svg_text(kLeft - 8, kTop - 8, "end", "ms");
  for (size_t i = 0; i < groups.size(); ++i)
    svg += bars(*axis, kTop + kGap / 2 + static_cast<double>(i) * group_height, groups[i], report);
  return svg + "</svg>\n";
}

}  // namespace cnnc
