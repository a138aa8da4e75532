// Whether a conv is computed by Winograd's transforms.
#pragma once
#include <cstdint>

#include "graph/shape.h"
#include "ops/window.h"
#include "plan/layout.h"
#include "plan/plan.h"
#include "plan/target.h"

namespace cnnc {

// Either the filter's columns alone are transformed, F(outputs, filter height) in bands of `outputs` rows at
// equal distances, the last ending at the last row; or whole filters, F(outputs x outputs, 3 x 3), for
// `blocks` blocks of `tiles` tiles of the result and `planes` blocks of its channels at a time, with the
// filters of `parts` times so many; `scratch` floats are for the transformed input and filters.
struct WinogradChoice {
  enum class Kind { none, columns, whole };
  Kind kind = Kind::none;
  int64_t outputs = 0;
  int64_t bands = 0;
  int64_t tiles = 0, blocks = 0, planes = 0, parts = 0, scratch = 0;
};

// For a conv of one group whose result has the given layout: the transform with the least estimated time, if
// that is well below the direct conv's and what a thread holds is small enough for the stack.
WinogradChoice choose_winograd(const Window& window, const Layout& input, const Layout& result,
                               const Target& target);

// Of a block of tiles, so many are in registers at a time, for `planes` blocks of channels each.
int64_t winograd_2d_register_tiles(int64_t tiles, int64_t planes, const Target& target);

// How verify tells the reference evaluation of a kernel's conv (ops/winograd_bound.h): the attribute and its
// value; an empty name for a kernel of another family.
struct WinogradMark {
  std::string attribute;
  int64_t outputs = 0;
};
WinogradMark winograd_mark(const Kernel& kernel);

}  // namespace cnnc
