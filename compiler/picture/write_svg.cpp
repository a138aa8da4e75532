#include "picture/write_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "picture/svg.h"

namespace cnnc::picture {
namespace {

// Colours that those with colour blindness can tell apart (Okabe and Ito 2008), as on the pages of `bench`.
constexpr const char* kStyle = R"(
svg { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --faint: #59636e; --rule: #d0d7de;
  --conv: #0072b2; --pool: #d55e00; --dense: #009e73; --up: #a6518a; --input: #6e7781; --other: #9a7b00; }
@media (prefers-color-scheme: dark) { svg { --ground: #15181c; --ink: #e6e8eb; --faint: #9aa4ae; --rule: #3d444d;
  --conv: #56b4e9; --pool: #f0884a; --dense: #2fc79b; --up: #e29cc4; --input: #a0a8b0; --other: #e0c040; } }
text { fill: var(--ink); font: 11px system-ui, sans-serif; }
.ground { fill: var(--ground); } .conv { fill: var(--conv); } .pool { fill: var(--pool); }
.dense { fill: var(--dense); } .up { fill: var(--up); } .input { fill: var(--input); } .other { fill: var(--other); }
.title { font-size: 15px; font-weight: 600; } .name { font-weight: 600; } .faint { fill: var(--faint); }
.small { font-size: 10px; paint-order: stroke; stroke: var(--ground); stroke-width: 3px; } polygon { stroke: var(--ground); stroke-width: .7; }
.rule { stroke: var(--rule); } .field { fill-opacity: .35; } .top { fill-opacity: .5; } .side { fill-opacity: .7; }
path { fill: none; stroke: var(--faint); stroke-width: 1.2; } .head { fill: var(--faint); stroke: none; }
.dashed { stroke-dasharray: 3 3; } .join { fill: var(--ground); stroke: var(--ink); stroke-width: 1.2; }
.cluster { fill: var(--rule); fill-opacity: .25; stroke: var(--rule); }
.halo { paint-order: stroke; stroke: var(--ground); stroke-width: 3px; }
.layer { fill: var(--ground); stroke: var(--rule); } .result { stroke: var(--ink); stroke-width: 2; }
image { image-rendering: pixelated; } .pick { fill-opacity: 0; stroke: none; }
.dead, .alike { fill-opacity: 0; stroke: var(--pool); stroke-width: 2; stroke-dasharray: 3 2; } .alike { stroke: var(--up); stroke-dasharray: none; }
)";

// Tenths, without what says nothing: "12.5", "12", "-3".
std::string number(double value) {
  const auto tenths = static_cast<long long>(std::llround(value * 10));
  const long long whole = std::abs(tenths) / 10, rest = std::abs(tenths) % 10;
  const std::string sign = tenths < 0 ? "-" : "";
  return rest == 0 ? fmt::format("{}{}", sign, whole) : fmt::format("{}{}.{}", sign, whole, rest);
}

std::string place(Point point) {
  return number(point.x) + " " + number(point.y);
}

std::string class_of(const std::string& look) {
  return look.empty() ? "" : fmt::format(" class=\"{}\"", look);
}

std::string polygon(const std::vector<Point>& corners, const std::string& look) {
  std::string points;
  for (const Point& corner : corners)
    points += fmt::format("{}{},{}", points.empty() ? "" : " ", number(corner.x), number(corner.y));
  return fmt::format("<polygon points=\"{}\"{}/>", points, class_of(look));
}

double distance(Point a, Point b) {
  return std::hypot(b.x - a.x, b.y - a.y);
}

// The point on the way from a to b at that distance from a.
Point on_the_way(Point a, Point b, double at) {
  const double length = std::max(distance(a, b), 1e-9);
  return {a.x + (b.x - a.x) * at / length, a.y + (b.y - a.y) * at / length};
}

std::string arrow_head(Point from, Point to) {
  const Point base = on_the_way(to, from, 6);
  const double x = (to.x - base.x) / 2, y = (to.y - base.y) / 2;
  return polygon({to, {base.x - y, base.y + x}, {base.x + y, base.y - x}}, "head");
}

// A corner is a curve from a little before it to a little behind it.
std::string svg(const Path& path) {
  const std::vector<Point>& points = path.points;
  std::string way = "M" + place(points.front());
  for (size_t i = 1; i + 1 < points.size(); ++i) {
    const double radius =
        std::min({7.0, distance(points[i - 1], points[i]) / 2, distance(points[i], points[i + 1]) / 2});
    way += "L" + place(on_the_way(points[i], points[i - 1], radius)) + "Q" + place(points[i]) + " " +
           place(on_the_way(points[i], points[i + 1], radius));
  }
  const Point before = points[points.size() - 2], last = points.back();
  way += "L" + place(path.arrow ? on_the_way(last, before, 4) : last);
  return fmt::format("<path d=\"{}\"{}/>", way, class_of(path.look)) +
         (path.arrow ? arrow_head(before, last) : "");
}

std::string svg(const Polygon& shape) {
  return polygon(shape.corners, shape.look);
}

std::string svg(const Box& box) {
  return fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"{}/>", number(box.at.x),
                     number(box.at.y), number(box.width), number(box.height), class_of(box.look));
}

std::string svg(const Circle& circle) {
  return fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{}/>", number(circle.center.x),
                     number(circle.center.y), number(circle.radius), class_of(circle.look));
}

std::string svg(const Label& label) {
  const char* const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
  const std::string turn =
      label.turned == 0 ? ""
                        : fmt::format(" transform=\"rotate({} {})\"", number(label.turned), place(label.at));
  return fmt::format("<text x=\"{}\" y=\"{}\"{}{}{}>{}</text>", number(label.at.x), number(label.at.y),
                     anchors[static_cast<int>(label.anchor)], class_of(label.look), turn,
                     escaped(label.text));
}

std::string svg(const Hatch& hatch) {
  constexpr double kApart = 8;
  std::string way;
  for (double at = kApart; at < hatch.width + hatch.height; at += kApart) {
    const double from = std::max(0.0, at - hatch.height), to = std::min(at, hatch.width);
    way += "M" + place({hatch.at.x + from, hatch.at.y + at - from}) + "L" +
           place({hatch.at.x + to, hatch.at.y + at - to});
  }
  return fmt::format("<path d=\"{}\"{}/>", way, class_of(hatch.look));
}

std::string svg(const Image& image) {
  return fmt::format(
      "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" "
      "href=\"data:image/png;base64,{}\"/>",
      number(image.at.x), number(image.at.y), number(image.width), number(image.height),
      base64(png_bytes(image.raster)));
}

std::string svg(const Part& part) {
  std::string text = "<g>";
  if (!part.title.empty()) text += fmt::format("<title>{}</title>", escaped(part.title));
  for (const Mark& mark : part.marks) text += std::visit([](const auto& shape) { return svg(shape); }, mark);
  return text + "</g>\n";
}

// `style` stands in front of what is drawn.
std::string element(const Drawing& drawing, const std::string& style) {
  const std::string width = number(drawing.width), height = number(drawing.height);
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "role=\"img\" "
      "aria-label=\"{2}\" style=\"max-width:100%;height:auto\">\n{3}"
      "<rect width=\"{0}\" height=\"{1}\" class=\"ground\"/>\n",
      width, height, escaped(drawing.title), style);
  for (const Part& part : drawing.parts) text += svg(part);
  return text + "</svg>\n";
}

}  // namespace

std::string to_svg(const Drawing& drawing) {
  return element(drawing, fmt::format("<style>{}</style>\n", kStyle));
}

std::string svg_element(const Drawing& drawing) {
  return element(drawing, "");
}

std::string style_of_drawings() {
  return kStyle;
}

}  // namespace cnnc::picture
