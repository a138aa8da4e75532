#include "ops/window/upconv_phases.h"

#include <algorithm>
#include <numeric>

namespace cnnc {

namespace {

// Taps k and k + period add to elements of the same phase.
int64_t period(const WindowAxis& axis) {
  return axis.stride / std::gcd(axis.stride, axis.dilation);
}

// The number of the first element of the result that tap k adds to if the input is long enough on both sides.
int64_t first_of(const WindowAxis& axis, int64_t k) {
  const int64_t rest = (k * axis.dilation - axis.pad_before) % axis.stride;
  return rest < 0 ? rest + axis.stride : rest;
}

}  // namespace

int64_t most_upconv_phases(const WindowAxis& axis) {
  return std::min(axis.filter, period(axis));
}

// Tap k of input element i adds to element i * stride - pad_before + k * dilation. So element first + q *
// stride takes it from i = q + (first + pad_before - k * dilation) / stride, which divides.
std::vector<UpconvPhase> upconv_phases(const WindowAxis& axis) {
  std::vector<UpconvPhase> phases;
  const int64_t result = axis.input;  // see transposed_window.h
  for (int64_t k = 0; k < most_upconv_phases(axis); ++k) {
    UpconvPhase phase;
    phase.first = first_of(axis, k);
    if (phase.first >= result) continue;
    phase.count = (result - phase.first - 1) / axis.stride + 1;
    phase.first_tap = k;
    phase.tap_step = period(axis);
    phase.taps = (axis.filter - 1 - k) / phase.tap_step + 1;
    phase.dilation = axis.dilation / std::gcd(axis.stride, axis.dilation);
    const int64_t from = (phase.first + axis.pad_before - k * axis.dilation) / axis.stride;
    phase.pad = (phase.taps - 1) * phase.dilation - from;
    phases.push_back(phase);
  }
  return phases;
}

Border border_of(const WindowAxis& axis, const std::vector<UpconvPhase>& phases) {
  Border border;
  for (const UpconvPhase& p : phases) {
    const int64_t last = p.count - 1 - p.pad + (p.taps - 1) * p.dilation;
    border.before = std::max(border.before, p.pad);
    border.after = std::max(border.after, last - (axis.output - 1));
  }
  return border;
}

}  // namespace cnnc
