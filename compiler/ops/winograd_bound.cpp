#include "ops/winograd_bound.h"

#include <algorithm>
#include <cmath>

#include "ops/reference.h"
#include "ops/winograd.h"

namespace cnnc {

namespace {

// max |x| over rows y - (m - 1) … y + (r - 1) + (m - 1) of the window of output row y; [channel][output
// row][input column]
std::vector<double> greatest_in_bands(const Window& w, int64_t m, const Reference& input) {
  const int64_t height = w.height.input, width = w.width.input, rows = w.height.output;
  const int64_t channels = static_cast<int64_t>(input.values.size()) / (height * width);
  std::vector<double> greatest(static_cast<size_t>(channels * rows * width));
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t y = 0; y < rows; ++y) {
      const int64_t first = std::max<int64_t>(0, y - w.height.pad_before - (m - 1));
      const int64_t last = std::min(height - 1, y - w.height.pad_before + w.height.filter - 1 + (m - 1));
      for (int64_t row = first; row <= last; ++row)
        for (int64_t x = 0; x < width; ++x) {
          double& g = greatest[(c * rows + y) * width + x];
          g = std::max(g, std::fabs(input.values[(c * height + row) * width + x]));
        }
    }
  return greatest;
}

}  // namespace

void add_winograd_bounds(const Node& conv, const Window& w, const Reference& input, Reference& result) {
  const int64_t m = integer(conv.attributes, kWinogradOutputs);
  const Winograd transforms = winograd(static_cast<int>(m), static_cast<int>(w.height.filter));
  const std::vector<double> greatest = greatest_in_bands(w, m, input);
  const std::vector<float>& weight = values_of(conv, "weight");
  const int64_t outputs = conv.shape.channels(), rows = w.height.output, columns = w.width.output;
  const int64_t taps = w.width.filter,
                inputs = static_cast<int64_t>(weight.size()) / (outputs * w.height.filter * taps);
  const double scale = amplification(transforms) * gamma_k(inputs * taps + 3 * transforms.points() + 3);
  for (int64_t o = 0; o < outputs; ++o)
    for (int64_t c = 0; c < inputs; ++c)
      for (int64_t s = 0; s < taps; ++s) {
        double column = 0;
        for (int64_t r = 0; r < w.height.filter; ++r)
          column += std::fabs(weight[((o * inputs + c) * w.height.filter + r) * taps + s]);
        const Tap tap = tap_of(w.width, s);
        for (int64_t y = 0; y < rows; ++y)
          for (int64_t x = tap.begin; x < tap.end; ++x)
            result.bounds[(o * rows + y) * columns + x] +=
                scale * column * greatest[(c * rows + y) * w.width.input + x + tap.offset];
      }
}

}  // namespace cnnc
