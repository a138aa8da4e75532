#include "picture/svg.h"

#include <fmt/format.h>

#include <cmath>

namespace cnnc {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

double LogAxis::at(double value) const {
  return begin + (end - begin) * std::log(value / least) / std::log(greatest / least);
}

std::vector<double> LogAxis::ticks() const {
  std::vector<double> values;
  const bool powers_alone = greatest / least > 1e3;
  for (double power = std::floor(std::log10(least)); power <= std::ceil(std::log10(greatest)); ++power)
    for (const double times : {1, 2, 5}) {
      const double value = times * std::pow(10, power);
      if (value >= least && value <= greatest && (times == 1 || !powers_alone)) values.push_back(value);
    }
  return values;
}

LogAxis log_axis(double least, double greatest, double begin, double end) {
  const double room = std::pow(std::max(greatest / least, 2.0), 0.04);
  return {least / room, greatest * room, begin, end};
}

std::string tick_text(double value) {
  return fmt::format("{:g}", value);
}

std::string svg_text(double x, double y, std::string_view anchor, std::string_view text,
                     std::string_view style) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor,
                     style.empty() ? "" : fmt::format(" class=\"{}\"", style), escaped(text));
}

std::string svg_line(double x1, double y1, double x2, double y2, std::string_view style) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>\n", x1, y1,
                     x2, y2, style);
}

}  // namespace cnnc
