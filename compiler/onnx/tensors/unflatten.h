// Vectors as maps of one pixel.
#pragma once
#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// The vector of F features as a map of F x 1 x 1: what makes the vector is made to work on maps, and the
// vector becomes the flatten of the new map. A dense layer becomes a conv over all of the map that it reads.
// Throws Unmapped where that would take too many weights.
NodeId as_pixel(Translation& t, NodeId vector);

}  // namespace cnnc::onnx
