#include "driver/bench/place_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cnnc {
namespace {

bool is_within(const Rectangle& a, const Rectangle& plot) {
  return a.left >= plot.left && a.right <= plot.right && a.top >= plot.top && a.bottom <= plot.bottom;
}

}  // namespace

bool overlap(const Rectangle& a, const Rectangle& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

std::optional<PlacedLabel> place_label(picture::Point point, double width, double height,
                                       const Rectangle& plot, std::vector<Rectangle>& taken) {
  constexpr double kNear = 7;
  constexpr int kDirections = 16;
  for (const double distance : {kNear, 13.0, 20.0, 28.0, 38.0, 50.0})
    for (int i = 0; i < kDirections; ++i) {
      // To the right first, then to the left, and so on from the horizontal.
      const double angle = (i % 2 == 0 ? 0 : M_PI) + (i / 2 % 2 == 0 ? -1 : 1) * (i / 4) * M_PI / 6;
      const double x = point.x + std::cos(angle) * (distance + width / 2),
                   y = point.y + std::sin(angle) * (distance + height / 2);
      const Rectangle box{x - width / 2, y - height / 2, x + width / 2, y + height / 2};
      const bool is_free =
          is_within(box, plot) &&
          std::none_of(taken.begin(), taken.end(), [&](const auto& other) { return overlap(box, other); });
      if (!is_free) continue;
      taken.push_back(box);
      return PlacedLabel{{x, y + height * 0.35}, distance > kNear};
    }
  return std::nullopt;
}

std::string text_of_numbers(const std::vector<size_t>& numbers) {
  std::string text;
  for (size_t i = 0; i < numbers.size();) {
    size_t end = i;
    while (end + 1 < numbers.size() && numbers[end + 1] == numbers[end] + 1) ++end;
    text += text.empty() ? "" : ", ";
    text += end == i ? std::to_string(numbers[i])
                     : fmt::format("{}{}{}", numbers[i], end == i + 1 ? ", " : "–", numbers[end]);
    i = end + 1;
  }
  return text;
}

}  // namespace cnnc
