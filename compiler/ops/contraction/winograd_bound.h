// How exact a convolution by Winograd's transform of the columns is.
#pragma once
#include "ops/operator.h"
#include "ops/window/window.h"

namespace cnnc {

// By which transform a compiled conv is computed: F(m, filter height), which transforms the filter's columns,
// or F(m x m, 3 x 3), which transforms whole filters.
struct WinogradTransform {
  enum class Of { columns, filters };
  Of of = Of::columns;
  int64_t outputs = 0;  // m
};

// Adds to the bounds of a conv's result, from an input of that shape, what rounding adds to the transform.
void add_bounds_of(const WinogradTransform& transform, const Node& conv, const Shape& shape,
                   const Reference& input, Reference& result);

// Adds to the bounds of a conv (one group, stride and dilation 1) what rounding adds to F(m, r) in floats:
//   γ(k) · Σ_p |output_ap| · Σ over c, s of |(filter · w[o, c, ·, s])_p| · Σ_l |input_pl| · |x[c, first + l,
//   … + s]|
// for row a of a band that begins at row `first` of the padded input; the greatest over all bands that a row
// can be part of. |x| is the most that the computed input can be, its own bound included. k = channels ·
// columns + 3 n + 3 counts the roundings of one product: the sum over channels and columns of the filter, the
// transforms of n terms each, and the weights' own. It is the componentwise form of Barabasz et al. 2020,
// "Error Analysis and Improving the Accuracy of Winograd Convolution for Deep Neural Networks", theorem 1.
void add_winograd_bounds(const Node& conv, const Window& window, int64_t m, const Reference& input,
                         Reference& result);

// The same of F(m x m, 3 x 3): the transforms are applied to columns and rows, so that |input| stands on both
// sides of the tile, |filter| of the filter and |output| of the sums, and k = channels + 6 n + 6. Tiles lie
// every m rows and columns; the last of them ends where the result does.
void add_winograd_tile_bounds(const Node& conv, const Window& window, int64_t m, const Reference& input,
                              Reference& result);

}  // namespace cnnc
