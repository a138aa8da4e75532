// Elements of a map, or of a volume, at the places that another tensor says (torch.nn.functional.grid_sample,
// ONNX's GridSample): what the shape rule, the reference evaluation and the kernel share.
#pragma once
#include "graph/attributes.h"
#include "graph/shape.h"

namespace cnnc {

// What is taken from outside: zeros; the nearest element of the edge; the element that lies there if the
// tensor is reflected at its edges, as often as it takes.
enum class Outside { zeros, border, reflection };

// Coordinate g of an axis is the place factor * g + middle among its elements, where g = -1 and g = 1 are its
// ends: the middles of the first and the last element (`align_corners`), or their outer edges. At these ends,
// `low` and `low + length`, it is reflected.
struct GridAxis {
  double factor = 0, middle = 0;
  double low = 0, length = 0;
};
GridAxis grid_axis(const Attributes& attributes, int64_t size);

Outside outside_of(const Attributes& attributes);
bool takes_nearest(const Attributes& attributes);

}  // namespace cnnc
