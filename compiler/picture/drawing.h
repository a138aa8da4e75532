// A drawing as a value: shapes at places, in units of which a picture that is shown 640 pixels wide has one a
// pixel. y grows downwards, as in SVG.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "picture/png.h"

namespace cnnc::picture {

// How wide pictures are, but for diagrams, which are as wide as they have to be: no words reach beyond it.
inline constexpr double kPictureWidth = 640;

struct Point {
  double x = 0, y = 0;
};

enum class Anchor { start, middle, end };

// In all of these `look` is one word or several of the style sheet in write_svg.cpp.
struct Polygon {
  std::vector<Point> corners;
  std::string look;
};

// Lines from point to point, with round corners. With `arrow`, its head is at the last point.
struct Path {
  std::vector<Point> points;
  std::string look;
  bool arrow = false;
};

// A box with round corners.
struct Box {
  Point at;  // its upper left corner
  double width = 0, height = 0;
  std::string look;
};

struct Circle {
  Point center;
  double radius = 0;
  std::string look;
};

struct Label {
  Point at;  // on the baseline
  std::string text;
  std::string look;
  Anchor anchor = Anchor::middle;
  double turned = 0;  // degrees, clockwise, about its place
};

// Lines from the lower left to the upper right over a rectangle.
struct Hatch {
  Point at;
  double width = 0, height = 0;
  std::string look;
};

// Pixels, stretched over a rectangle without being blended.
struct Image {
  Point at;
  double width = 0, height = 0;
  Raster raster;
};

using Mark = std::variant<Polygon, Path, Box, Circle, Label, Hatch, Image>;

// What belongs together, drawn in that order. A browser shows the title where the pointer rests on it.
struct Part {
  std::string title;
  std::vector<Mark> marks;
};

struct Drawing {
  double width = 0, height = 0;
  std::string title;  // read aloud in place of the picture
  std::vector<Part> parts;
};

}  // namespace cnnc::picture
