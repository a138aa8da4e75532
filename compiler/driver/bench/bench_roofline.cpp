#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "driver/bench/bench_plots.h"
#include "driver/bench/bench_rows.h"
#include "driver/bench/svg.h"

namespace cnnc {
namespace {

constexpr double kWidth = 920, kHeight = 520;
constexpr double kLeft = 64, kRight = 900, kTop = 16, kBottom = 470;

struct Point {
  size_t schedule;
  std::string title;
  double intensity, speed;  // FLOP/byte, FLOP/s
};

std::vector<Point> points_of(const BenchReport& report) {
  std::vector<Point> points;
  for (size_t s = 0; s < report.schedules.size(); ++s)
    for (size_t i = 0; i < report.layers.size(); ++i) {
      const BenchLayer& layer = report.layers[i];
      const std::optional<Spread>& seconds = report.schedules[s].layers[i].seconds;
      if (!seconds || layer.flops <= 0) continue;
      const double speed = layer.flops / seconds->best, intensity = layer.flops / layer.bytes;
      points.push_back({s,
                        fmt::format("{} by {}: {:.1f} GFLOP/s, {:.0f} % of the peak, {} ms, {:.1f} FLOP/byte",
                                    layer.name, report.schedules[s].name, speed * 1e-9,
                                    100 * speed / peak_of(report, layer), in_ms(seconds->best), intensity),
                        intensity, speed});
    }
  return points;
}

struct Axes {
  LogAxis x, y;  // FLOP/byte; FLOP/s
};

Axes axes_of(const BenchReport& report, const std::vector<Point>& points) {
  const auto [leftmost, rightmost] = std::minmax_element(
      points.begin(), points.end(), [](const Point& a, const Point& b) { return a.intensity < b.intensity; });
  const auto [lowest, highest] = std::minmax_element(
      points.begin(), points.end(), [](const Point& a, const Point& b) { return a.speed < b.speed; });
  return {
      log_axis(leftmost->intensity, std::max(rightmost->intensity, 2 * leftmost->intensity), kLeft, kRight),
      log_axis(lowest->speed, std::max(highest->speed, report.peak), kBottom, kTop)};
}

std::string grid(const Axes& axes) {
  std::string svg;
  for (const double tick : axes.x.ticks())
    svg += svg_line(axes.x.at(tick), kTop, axes.x.at(tick), kBottom, "grid") +
           svg_text(axes.x.at(tick), kBottom + 18, "middle", tick_text(tick));
  for (const double tick : axes.y.ticks())
    svg += svg_line(kLeft, axes.y.at(tick), kRight, axes.y.at(tick), "grid") +
           svg_text(kLeft - 8, axes.y.at(tick) + 4, "end", tick_text(tick * 1e-9));
  return svg + svg_text((kLeft + kRight) / 2, kBottom + 40, "middle", "FLOP/byte") +
         svg_text(kLeft - 8, kTop - 4, "end", "GFLOP/s");
}

// What memory of that bandwidth allows, up to the peak.
std::string slope(const Axes& axes, const Bandwidth& bandwidth, double peak) {
  const double bytes = bandwidth.bytes_per_second;
  const double from = std::max(axes.x.least, axes.y.least / bytes);
  const double to = std::min(axes.x.greatest, peak / bytes);
  if (from >= to) return "";
  const std::string text = fmt::format("{} {:.0f} GB/s", bandwidth.name, bytes * 1e-9);
  // The label stands above the line's start, turned as the line is.
  const double x = axes.x.at(from), y = axes.y.at(from * bytes);
  const double angle = std::atan2(axes.y.at(to * bytes) - y, axes.x.at(to) - x) * 180 / M_PI;
  return svg_line(x, y, axes.x.at(to), axes.y.at(to * bytes), "roof") +
         fmt::format("<g transform=\"translate({:.1f} {:.1f}) rotate({:.1f})\">{}</g>\n", x, y, angle,
                     svg_text(6, -5, "start", text, "label"));
}

std::string roofs(const Axes& axes, const BenchReport& report) {
  std::string svg;
  double widest = 0;
  for (const Bandwidth& bandwidth : report.bandwidths) {
    svg += slope(axes, bandwidth, report.peak);
    widest = std::max(widest, bandwidth.bytes_per_second);
  }
  const double y = axes.y.at(report.peak);
  const double from =
      widest > 0 ? std::clamp(report.peak / widest, axes.x.least, axes.x.greatest) : axes.x.least;
  return svg + svg_line(axes.x.at(from), y, kRight, y, "roof") +
         svg_text(kRight - 4, y - 6, "end", fmt::format("peak {:.0f} GFLOP/s", report.peak * 1e-9), "label");
}

}  // namespace

std::string roofline_plot(const BenchReport& report) {
  const std::vector<Point> points = points_of(report);
  if (points.empty()) return "";
  const Axes axes = axes_of(report, points);
  std::string svg =
      fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"roofline\">\n", kWidth, kHeight);
  svg += grid(axes) + roofs(axes, report);
  for (const Point& point : points)
    svg += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4.5\" class=\"s{}\"><title>{}</title></circle>\n",
        axes.x.at(point.intensity), axes.y.at(point.speed), point.schedule, escaped(point.title));
  return svg + "</svg>\n";
}

}  // namespace cnnc
