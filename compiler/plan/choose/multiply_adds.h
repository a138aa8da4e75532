// How many multiply-adds a kernel makes, which are not those of its layer's definition.
#pragma once
#include <optional>
#include <string_view>

#include "plan/kernel.h"

namespace cnnc {

// Of all images. More than by the definition where channels fill up blocks, groups are packed as one, or the
// last tile of an axis overlaps its neighbour; fewer by Winograd's transforms, of which the products of
// points count and the additions of the transforms do not. Empty of a kernel that has a strategy, and of one
// that sums no products with weights. Throws std::logic_error of a family that is in no row of its table.
std::optional<double> multiply_adds(const Kernel& kernel);

// Whether it has such a row: a test asks of all families that there are.
bool has_count_of_multiply_adds(std::string_view family);

}  // namespace cnnc
