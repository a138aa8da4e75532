// Blocks of pixels, block x block, and the channels that hold one pixel of a block each: what space_to_depth
// and depth_to_space share.
#pragma once
#include <cstdint>
#include <vector>

#include "ops/operator.h"

namespace cnnc {

// Writes value (c, y, x) of a map of that shape to channel c * block² + (y % block) * block + x % block, row
// y / block, column x / block, as torch.nn.PixelUnshuffle does; `back`: the other way round.
// `fine` is the shape of the map with more pixels and fewer channels.
std::vector<double> move_blocks(const std::vector<double>& values, const Shape& fine, int64_t block,
                                bool back);

// The rule of the attribute `block`, by its place.
AttributeRule block_rule();

}  // namespace cnnc
