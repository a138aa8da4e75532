#include "picture/volumes/block.h"

#include <algorithm>
#include <cmath>

namespace cnnc::picture {
namespace {

constexpr double kHighest = 104, kDeepest = 24;

// Of a tensor: its last two sizes, and the product of the others.
struct Volume {
  double channels = 1;
  int64_t height = 1, width = 1;
};

Volume volume_of(const Shape& shape) {
  Volume volume;
  const size_t rank = shape.rank();
  if (rank == 2) {  // tokens x features: as many pixels, in a square
    const auto side = static_cast<int64_t>(std::sqrt(static_cast<double>(shape.sizes[0])));
    return {static_cast<double>(shape.sizes[1]), side, 1};
  }
  for (size_t i = 0; i + 2 < rank; ++i) volume.channels *= static_cast<double>(shape.sizes[i]);
  volume.height = shape.sizes[rank - 2];
  volume.width = shape.sizes[rank - 1];
  return volume;
}

double of_side(int64_t size, int64_t greatest) {
  return std::min(1.0, std::pow(static_cast<double>(size) / static_cast<double>(greatest), 0.6));
}

}  // namespace

int64_t greatest_side(const std::vector<Stage>& stages) {
  int64_t greatest = 1;
  for (const Stage& stage : stages)
    if (stage.shape.rank() > 2 && stage.kind != Kind::other && stage.kind != Kind::join) {
      const Volume volume = volume_of(stage.shape);
      greatest = std::max({greatest, volume.height, volume.width});
    }
  return greatest;
}

Extent extent_of(const Shape& shape, int64_t greatest) {
  if (shape.is_vector()) return {7, 14 + 7.5 * std::log2(static_cast<double>(shape.elements())), 3};
  const Volume volume = volume_of(shape);
  return {4 + 3.2 * std::log2(volume.channels), 6 + kHighest * of_side(volume.height, greatest),
          2 + kDeepest * of_side(volume.width, greatest)};
}

std::vector<Mark> block_marks(Point at, const Extent& extent, const std::string& look) {
  const double left = at.x, right = at.x + extent.width, low = at.y, high = at.y - extent.height;
  const double back = extent.depth, up = extent.depth * kSlant;
  return {Polygon{{{left, high}, {left + back, high - up}, {right + back, high - up}, {right, high}},
                  look + " top"},
          Polygon{{{right, high}, {right + back, high - up}, {right + back, low - up}, {right, low}},
                  look + " side"},
          Polygon{{{left, low}, {left, high}, {right, high}, {right, low}}, look}};
}

Mark silhouette(Point at, const Extent& extent) {
  const double left = at.x, right = at.x + extent.width, low = at.y, high = at.y - extent.height;
  const double back = extent.depth, up = extent.depth * kSlant;
  return Polygon{{{left, low},
                  {left, high},
                  {left + back, high - up},
                  {right + back, high - up},
                  {right + back, low - up},
                  {right, low}},
                 "ground"};
}

}  // namespace cnnc::picture
