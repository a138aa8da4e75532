// What the adaptive pools have in common: windows that divide the input into a given number of parts.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ops/operator.h"

namespace cnnc {

// One axis. Output o sees the inputs [begin(o), end(o)): floor(o input / output) to
// ceil((o + 1) input / output), as PyTorch's AdaptiveAvgPool2d does. The windows overlap where the division
// leaves a rest. Both sizes are below 2^31.
struct AdaptiveAxis {
  int64_t input = 1, output = 1;

  int64_t begin(int64_t o) const { return o * input / output; }
  int64_t end(int64_t o) const { return ((o + 1) * input - 1) / output + 1; }
};

// size: positional.
std::vector<AttributeRule> adaptive_pool_attributes();

OperatorResult<Shape> infer_adaptive_pool(std::string_view op, const Attributes& attributes,
                                          const Shape& input);

// Where the windows are equal "14 / 7 = 2 a window", else "windows from i * 13 / 6 to (i + 1) * 13 / 6".
std::string adaptive_pool_formula(const Attributes& attributes, const std::vector<Shape>& inputs,
                                  const Shape& output);

// Calls visit(output, input) with the indices of each output and each element of the input in its window.
template <class Visit>
void for_each_adaptive_tap(const Shape& input, const Shape& output, Visit visit) {
  const AdaptiveAxis height{input.height(), output.height()}, width{input.width(), output.width()};
  int64_t out = 0;
  for (int64_t c = 0; c < output.channels(); ++c)
    for (int64_t y = 0; y < output.height(); ++y)
      for (int64_t x = 0; x < output.width(); ++x, ++out)
        for (int64_t i = height.begin(y); i < height.end(y); ++i)
          for (int64_t j = width.begin(x); j < width.end(x); ++j)
            visit(out, (c * input.height() + i) * input.width() + j);
}

}  // namespace cnnc
