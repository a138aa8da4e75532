// What 'pad_along' puts around the places of an axis.
#pragma once
#include <cstdint>
#include <string>

#include "graph/attributes.h"
#include "graph/shape.h"

namespace cnnc {

// Places added before and after the `size` ones of an axis; less than 0: taken away.
struct AxisPadding {
  int64_t before = 0, size = 1, after = 0;

  // The places that stay: `kept` from `first` on. What is mirrored or repeated is one of them.
  int64_t first() const { return before < 0 ? -before : 0; }
  int64_t kept() const { return size + (before < 0 ? before : 0) + (after < 0 ? after : 0); }
};

// Of the attributes "axis", "before" and "after".
AxisPadding padding_along(const Attributes& attributes, const Shape& input);

// The place of the input that stands at place i of the result; -1: it is the constant.
int64_t source_of(const AxisPadding& padding, const std::string& mode, int64_t i);

}  // namespace cnnc
