// What stands behind an input's shape: `from rgb8 mean 0.485 0.456 0.406 deviation 0.229 0.224 0.225`.
#pragma once
#include <optional>

#include "elaborate/state.h"
#include "graph/pixels.h"

namespace cnnc::elaboration {

// Of an input of that shape. Reports what is unknown, given twice, of the wrong kind or out of its range, and
// a shape that such pixels do not become; empty then.
std::optional<Pixels> read_pixels(State& state, const ast::Input& input, const Shape& shape);

}  // namespace cnnc::elaboration
