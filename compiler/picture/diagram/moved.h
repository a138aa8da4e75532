// Drawings put together from others: their parts at another place.
#pragma once
#include <vector>

#include "picture/drawing.h"

namespace cnnc::picture {

// Adds `more`, that far to the right and down.
void add_moved(std::vector<Part>& parts, std::vector<Part> more, double x, double y);

}  // namespace cnnc::picture
