// Labels of points in a plot, where they cover nothing.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "picture/drawing.h"

namespace cnnc {

struct Rectangle {
  double left = 0, top = 0, right = 0, bottom = 0;
};

bool overlap(const Rectangle& a, const Rectangle& b);

struct PlacedLabel {
  picture::Point at;     // the middle of its baseline
  bool is_away = false;  // so far from its point that a line between the two helps
};

// A place for a text of that width and height beside a point, within `plot` and away from all of `taken`, to
// which it is added: the nearest of places around the point. None where all are taken.
std::optional<PlacedLabel> place_label(picture::Point point, double width, double height,
                                       const Rectangle& plot, std::vector<Rectangle>& taken);

// "1–3, 7" of ascending numbers.
std::string text_of_numbers(const std::vector<size_t>& numbers);

}  // namespace cnnc
