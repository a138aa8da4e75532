#include "picture/diagram/moved.h"

#include <utility>

namespace cnnc::picture {
namespace {

void move(Point& point, double x, double y) {
  point.x += x;
  point.y += y;
}
void move(Polygon& shape, double x, double y) {
  for (Point& corner : shape.corners) move(corner, x, y);
}
void move(Path& path, double x, double y) {
  for (Point& point : path.points) move(point, x, y);
}
void move(Box& box, double x, double y) {
  move(box.at, x, y);
}
void move(Circle& circle, double x, double y) {
  move(circle.center, x, y);
}
void move(Hatch& hatch, double x, double y) {
  move(hatch.at, x, y);
}

void move(Image& image, double x, double y) {
  move(image.at, x, y);
}
void move(Label& label, double x, double y) {
  move(label.at, x, y);
}

}  // namespace

void add_moved(std::vector<Part>& parts, std::vector<Part> more, double x, double y) {
  for (Part& part : more) {
    for (Mark& mark : part.marks) std::visit([&](auto& shape) { move(shape, x, y); }, mark);
    parts.push_back(std::move(part));
  }
}

}  // namespace cnnc::picture
