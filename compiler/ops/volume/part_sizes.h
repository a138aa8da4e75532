// How large the tensors are that layers on volumes are made of (ops/volume/parts.h).
#pragma once
#include <cstdint>
#include <optional>

#include "ops/operator.h"
#include "ops/volume/volume.h"

namespace cnnc {

// Whether a window takes one place of the axis at a time.
bool is_trivial(const WindowAxis& axis);

// The windows of a conv3d's rows begin at every stride-th row; each slice has a multiple of that, so that the
// first window of a slice begins with it, and so many windows, of which the first `output` are its own.
struct SliceRows {
  int64_t stride, windows;
};
SliceRows slice_rows(const WindowAxis& height);

// The rows of zeros behind each slice of an upconv3d, into which its windows reach.
int64_t rows_behind_slice(const WindowAxis& height, int64_t output_pad);

// The errors of layers whose parts would have more elements than a tensor may have, or a part for each of too
// many slices.
std::optional<OperatorError> want_parts_of_conv3d(const Volume& volume, int64_t outputs, const Shape& input);
std::optional<OperatorError> want_parts_of_upconv3d(const Volume& volume, const Triple& output_pad,
                                                    int64_t outputs, const Shape& input);
std::optional<OperatorError> want_parts_of_pool(const Volume& volume, const Shape& input);

}  // namespace cnnc
