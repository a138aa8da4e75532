// What a text may say of pixels: the magnitudes of means are up to the greatest, those of deviations between
// the two.
#pragma once

namespace cnnc {

constexpr double kLeastDeviation = 1e-6, kGreatestOfPixels = 1e6;

}  // namespace cnnc
