#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "driver/bench/bench_plots.h"
#include "driver/bench/bench_rows.h"
#include "driver/bench/place_labels.h"
#include "picture/svg.h"
#include "picture/words.h"

namespace cnnc {
namespace {

constexpr double kWidth = 480, kHeight = 340;  // shown about as large, so that its words are as the page's
constexpr double kLeft = 44, kRight = 472, kTop = 18, kBottom = 298, kRadius = 3.6, kFont = 10;

struct Place {
  double intensity = 0, speed = 0;  // FLOP/byte, FLOP/s
};

struct Point {
  size_t schedule, number;
  std::string title;
  Place made;  // by the operations that are made; by the definition, if these are not known
  std::optional<Place> definition;  // where it is another place
};

Point point_of(const BenchReport& report, size_t s, size_t i, size_t number) {
  const BenchLayer& layer = report.layers[i];
  const TimedLayer& timed = report.schedules[s].layers[i];
  const double seconds = timed.seconds->best, made = timed.made_flops.value_or(layer.flops);
  const auto place = [&](double flops) { return Place{flops / layer.bytes, flops / seconds}; };
  constexpr double kVisible = 0.02;
  const bool differ = std::abs(made / layer.flops - 1) > kVisible;
  std::string title = fmt::format("{} {} by {}: {}, {:.1f} GFLOP/s, {:.0f} % of the peak", number,
                                  title_of(layer), report.schedules[s].name, with_unit(seconds),
                                  made / seconds * 1e-9, 100 * made / seconds / peak_of(report, layer));
  if (differ)
    title += fmt::format("; by the definition's multiply-adds, {:.2f} times as many, {:.1f} GFLOP/s",
                         layer.flops / made, layer.flops / seconds * 1e-9);
  return {s, number, title, place(made), differ ? std::optional<Place>(place(layer.flops)) : std::nullopt};
}

std::vector<Point> points_of(const BenchReport& report) {
  std::vector<Point> points;
  const std::vector<size_t> order = layers_by_time(report);
  for (size_t s = 0; s < report.schedules.size(); ++s)
    for (size_t place = 0; place < order.size(); ++place)
      if (report.schedules[s].layers[order[place]].seconds && report.layers[order[place]].flops > 0)
        points.push_back(point_of(report, s, order[place], place + 1));
  return points;
}

struct Axes {
  LogAxis x, y;  // FLOP/byte; FLOP/s
  picture::Point at(const Place& place) const { return {x.at(place.intensity), y.at(place.speed)}; }
};

// Of floats, and of bytes where layers are computed in them.
std::vector<double> peaks_of(const BenchReport& report) {
  std::vector<double> peaks = {report.peak};
  const bool has_bytes = std::any_of(report.layers.begin(), report.layers.end(),
                                     [](const auto& layer) { return layer.in_bytes; });
  if (has_bytes && report.byte_peak > 0) peaks.push_back(report.byte_peak);
  return peaks;
}

Axes axes_of(const BenchReport& report, const std::vector<Point>& points) {
  std::vector<Place> places;
  for (const Point& point : points) {
    places.push_back(point.made);
    if (point.definition) places.push_back(*point.definition);
  }
  double left = places[0].intensity, right = left, low = places[0].speed, high = low;
  for (const Place& place : places) {
    left = std::min(left, place.intensity), right = std::max(right, place.intensity);
    low = std::min(low, place.speed), high = std::max(high, place.speed);
  }
  for (const double peak : peaks_of(report)) high = std::max(high, peak);
  return {log_axis(left, std::max(right, 2 * left), kLeft, kRight), log_axis(low, high, kBottom, kTop)};
}

std::string grid(const Axes& axes) {
  std::string svg;
  for (const double tick : axes.x.ticks())
    svg += svg_line(axes.x.at(tick), kTop, axes.x.at(tick), kBottom, "grid") +
           svg_text(axes.x.at(tick), kBottom + 14, "middle", tick_text(tick));
  for (const double tick : axes.y.ticks())
    svg += svg_line(kLeft, axes.y.at(tick), kRight, axes.y.at(tick), "grid") +
           svg_text(kLeft - 5, axes.y.at(tick) + 3.5, "end", tick_text(tick * 1e-9));
  return svg + svg_text((kLeft + kRight) / 2, kBottom + 30, "middle", "FLOP/byte") +
         svg_text(2, kTop - 7, "start", "GFLOP/s");
}

double highest_peak(const BenchReport& report) {
  const std::vector<double> peaks = peaks_of(report);
  return *std::max_element(peaks.begin(), peaks.end());
}

// What memory of that bandwidth allows, up to the peak.
std::string slope(const Axes& axes, const Bandwidth& bandwidth, double peak, size_t number) {
  const double bytes = bandwidth.bytes_per_second;
  const double from = std::max(axes.x.least, axes.y.least / bytes);
  const double to = std::min(axes.x.greatest, peak / bytes);
  if (from >= to) return "";
  return svg_line(axes.x.at(from), axes.y.at(from * bytes), axes.x.at(to), axes.y.at(to * bytes),
                  fmt::format("roof r{}", number));
}

std::string roofs(const Axes& axes, const BenchReport& report) {
  std::string svg;
  const std::vector<double> peaks = peaks_of(report);
  double widest = 0;
  for (size_t i = 0; i < report.bandwidths.size(); ++i) {
    svg += slope(axes, report.bandwidths[i], highest_peak(report), i);
    widest = std::max(widest, report.bandwidths[i].bytes_per_second);
  }
  for (const double peak : peaks) {
    const double from = widest > 0 ? std::clamp(peak / widest, axes.x.least, axes.x.greatest) : axes.x.least;
    svg += svg_line(axes.x.at(from), axes.y.at(peak), kRight, axes.y.at(peak), "roof");
  }
  return svg;
}

// Above or below its line where it covers no point, from the right.
std::string label_of_peak(const std::string& text, double y, std::vector<Rectangle>& taken) {
  const double width = picture::text_width(text, kFont);
  for (double right = kRight - 2; right - width > kLeft; right -= 8)
    for (const double baseline : {y - 5, y + 13}) {
      const Rectangle box{right - width, baseline - kFont, right, baseline + 3};
      if (box.top < 0 ||
          std::any_of(taken.begin(), taken.end(), [&](const auto& other) { return overlap(box, other); }))
        continue;
      taken.push_back(box);
      return svg_text(right, baseline, "end", text, "label");
    }
  return "";  // the page says it too
}

std::string labels_of_peaks(const Axes& axes, const BenchReport& report, std::vector<Rectangle>& taken) {
  std::string svg;
  const std::vector<double> peaks = peaks_of(report);
  for (size_t i = 0; i < peaks.size(); ++i)
    svg += label_of_peak(
        fmt::format("peak{} {:.0f} GFLOP/s", i == 0 ? "" : " of " + report.of_dots, peaks[i] * 1e-9),
        axes.y.at(peaks[i]), taken);
  return svg;
}

std::string marks(const Axes& axes, const Point& point) {
  const picture::Point made = axes.at(point.made);
  std::string svg = fmt::format("<g><title>{}</title>", escaped(point.title));
  if (point.definition) {
    const picture::Point other = axes.at(*point.definition);
    svg += svg_line(made.x, made.y, other.x, other.y, "between");
    svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" class=\"ring h{}\"/>", other.x, other.y,
                       kRadius, point.schedule);
  }
  return svg + fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" class=\"s{}\"/></g>\n", made.x,
                           made.y, kRadius, point.schedule);
}

Rectangle around(const picture::Point& p) {
  return {p.x - kRadius, p.y - kRadius, p.x + kRadius, p.y + kRadius};
}

// Points that lie upon each other have one label.
struct Cluster {
  picture::Point at;
  std::vector<size_t> numbers;
};

// Of the first schedule: the others' points of a layer are above and below.
std::vector<Cluster> clusters_of(const Axes& axes, const std::vector<Point>& points) {
  constexpr double kTogether = 8;
  std::vector<Cluster> clusters;
  for (const Point& point : points) {
    if (point.schedule > 0) continue;
    const picture::Point at = axes.at(point.made);
    const auto found = std::find_if(clusters.begin(), clusters.end(), [&](const Cluster& c) {
      return std::hypot(c.at.x - at.x, c.at.y - at.y) < kTogether;
    });
    if (found == clusters.end())
      clusters.push_back({at, {point.number}});
    else
      found->numbers.push_back(point.number);
  }
  return clusters;
}

std::vector<Rectangle> places_of(const Axes& axes, const std::vector<Point>& points) {
  std::vector<Rectangle> taken;
  for (const Point& point : points) {
    taken.push_back(around(axes.at(point.made)));
    if (point.definition) taken.push_back(around(axes.at(*point.definition)));
  }
  return taken;
}

std::string labels_of_points(const Axes& axes, const std::vector<Point>& points,
                             std::vector<Rectangle>& taken) {
  std::string svg;
  for (const Cluster& cluster : clusters_of(axes, points)) {
    const std::string text = text_of_numbers(cluster.numbers);
    const std::optional<PlacedLabel> label = place_label(cluster.at, picture::text_width(text, kFont),
                                                         kFont + 1, {kLeft, kTop, kRight, kBottom}, taken);
    if (!label) continue;
    if (label->is_away) svg += svg_line(cluster.at.x, cluster.at.y, label->at.x, label->at.y - 3.5, "leader");
    svg += svg_text(label->at.x, label->at.y, "middle", text, "point");
  }
  return svg;
}

}  // namespace

bool has_slope(const BenchReport& report, size_t i) {
  const std::vector<Point> points = points_of(report);
  return !points.empty() &&
         !slope(axes_of(report, points), report.bandwidths[i], highest_peak(report), i).empty();
}

std::string roofline_plot(const BenchReport& report) {
  const std::vector<Point> points = points_of(report);
  if (points.empty()) return "";
  const Axes axes = axes_of(report, points);
  std::vector<Rectangle> taken = places_of(axes, points);
  std::string svg = fmt::format(
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"roofline\" class=\"plot\">\n", kWidth, kHeight);
  svg += grid(axes) + roofs(axes, report);
  for (const Point& point : points) svg += marks(axes, point);
  svg += labels_of_peaks(axes, report, taken);
  return svg + labels_of_points(axes, points, taken) + "</svg>\n";
}

}  // namespace cnnc
