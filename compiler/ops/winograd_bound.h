// How exact a convolution by Winograd's transform of the columns is.
#pragma once
#include "ops/operator.h"
#include "ops/window.h"

namespace cnnc {

// The attribute by which `verify` tells a conv's reference evaluation that the compiled one computes it by
// F(m, filter height): an integer, m. It is in no operator's rules, so no text can set it.
constexpr std::string_view kWinogradOutputs = "winograd_outputs";

// Adds to the bounds of a conv (one group, stride and dilation 1) what the transforms may add to the rounding
// error,
//   γ(k) · amplification · S,  S[o, y, x] = Σ over c, s of (Σ_r |w[o, c, r, s]|) · max |x[c, …, x + s]|,
// the maximum over all rows that a band with row y may read. k = channels · width + 3 n + 3 counts the
// roundings of one product: the sum over channels and filter columns, the transforms of n terms each, and the
// weights' own. It is the componentwise form of Barabasz et al. 2020, "Error Analysis and Improving the
// Accuracy of Winograd Convolution for Deep Neural Networks", theorem 1.
void add_winograd_bounds(const Node& conv, const Window& window, const Reference& input, Reference& result);

}  // namespace cnnc
