// Pieces of pictures in SVG, and of pages around them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace cnnc {

// Text as it stands in HTML and SVG, also in attributes: & < > " ' are written as entities.
std::string escaped(std::string_view text);

// A logarithmic axis: values from `least` to `greatest`, both positive, on pixels from `begin` to `end`.
struct LogAxis {
  double least = 1, greatest = 10, begin = 0, end = 100;
  double at(double value) const;
  // The values 1, 2 and 5 times a power of ten on the axis; of more than three decades the powers alone.
  std::vector<double> ticks() const;
};

// An axis for values from `least` to `greatest` with a little room at both ends.
LogAxis log_axis(double least, double greatest, double begin, double end);

// "0.001", "20", "5000": a tick's value.
std::string tick_text(double value);

// <text>, escaped. `anchor`: start, middle or end.
std::string svg_text(double x, double y, std::string_view anchor, std::string_view text,
                     std::string_view style = "");
std::string svg_line(double x1, double y1, double x2, double y2, std::string_view style);

}  // namespace cnnc
