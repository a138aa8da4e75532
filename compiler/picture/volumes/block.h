// The block of a stage: how large it is, and its shapes.
#pragma once
#include "picture/drawing.h"
#include "picture/volumes/stages.h"

namespace cnnc::picture {

// In units of the picture: the front face, and how far the block reaches back. Channels are on a logarithmic
// scale, heights by their power of 0.6, so that a map of 7 can be seen beside one of 224.
struct Extent {
  double width = 0, height = 0, depth = 0;
};

// How far the back of a block lies higher than its front, for each unit that it reaches back.
inline constexpr double kSlant = 0.5;

// `greatest` is the greatest height or width of all maps and volumes.
Extent extent_of(const Shape& shape, int64_t greatest);

int64_t greatest_side(const std::vector<Stage>& stages);

// The three faces that are seen, with the lower left corner of the front at `at`.
std::vector<Mark> block_marks(Point at, const Extent& extent, const std::string& look);

// What the block covers, in the colour of the ground: drawn first, it hides what is behind the block.
Mark silhouette(Point at, const Extent& extent);

}  // namespace cnnc::picture
