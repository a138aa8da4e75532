// Parts of a tensor along one axis: for Slice, Split, Gather, and for a Pad that takes away.
#pragma once
#include <string>

#include "onnx/dims.h"
#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// The elements of the range along an axis of the view: channels by a slice, rows and columns by a pool or a
// conv. What is added is called `name`. Throws Unmapped.
View sliced(Translation& t, const View& view, size_t axis, const Range& range, const std::string& name);

}  // namespace cnnc::onnx
