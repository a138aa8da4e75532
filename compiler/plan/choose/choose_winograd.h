// Whether a conv is computed by Winograd's transforms.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ops/contraction/winograd_bound.h"
#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

// Either the filter's columns alone are transformed (conv_winograd), F(outputs, filter height) in bands of
// `outputs` rows at equal distances, the last ending at the last row; or whole filters (conv_winograd_2d),
// with the numbers of Winograd2d (plan/tilings.h).
struct WinogradEstimate {
  Choice choice;
  double cycles = 0;  // of one core; in a list of choices comparable with each other
};

// All that can compute a conv of one group whose result has the given layout, and keep what a thread holds
// small enough for the stack; the least cycles first.
std::vector<WinogradEstimate> winograd_estimates(const WindowParameters& window, const Layout& input,
                                                 const Layout& result, const Target& target);

// What the direct conv is estimated to take, against which these are held: it is taken to be at the peak.
double direct_cycles(const WindowParameters& window, const Layout& input, const Layout& result,
                     const Target& target);

// Multiply-adds of floats that one core makes in a cycle at its peak: it has two units, which multiply and
// add in one instruction or in two.
double multiply_adds_per_cycle(const Target& target);

// The first of these or, if one is given, of those by that transform, if it is well below the direct conv's
// estimate.
std::optional<Choice> choose_winograd(const WindowParameters& window, const Layout& input,
                                      const Layout& result, const Target& target,
                                      std::optional<WinogradTransform::Of> only = std::nullopt);

// Whether a conv can be computed so, whatever else the schedule says.
bool winograd_fits(const Choice& choice, const WindowParameters& window, const Layout& input,
                   const Layout& result, const Target& target);

// Whether kernels of the family compute by a transform.
bool is_winograd(const std::string& family);

// Bands of so many rows that cover the height; 0 if only single rows would fit.
int64_t winograd_bands(int64_t height, int64_t outputs);

// The transform that the kernel computes a conv by, if it does: what verify widens the bound by.
std::optional<WinogradTransform> winograd_of(const Kernel& kernel);

}  // namespace cnnc
