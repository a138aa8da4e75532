// A convolution and the depthwise one of its result. `band`: rows of the result that are computed of one
// block of channels before those of the next; for `y` of them at a time the rows of the first one's result
// that are not there yet are put on the stack, in register tiles of `inner_x` pixels, and then a register
// tile of `x` pixels of the `y` rows is computed. All but `x` divide what they are a part of.
#include <algorithm>
#include <cmath>

#include "plan/inner_conv.h"
#include "plan/space.h"
#include "plan/tasks.h"

namespace cnnc {

namespace {

std::vector<int64_t> divisors(int64_t number) {
  std::vector<int64_t> all;
  for (int64_t d = 1; d <= number; ++d)
    if (number % d == 0) all.push_back(d);
  return all;
}

std::vector<Number> numbers(const Kernel& kernel, const Target& target) {
  const int64_t width = inner_conv(kernel).output.width;
  return {{"band", divisors(kernel.output.height)},
          {"inner_x", {inner_tile(width, target)}},
          {"y", {1, 2}},
          {"x", values_up_to(std::min<int64_t>(kernel.output.width, target.registers - 4))}};
}

// Bytes of the input that a band is computed from.
double input_of_band(const Kernel& kernel, int64_t band) {
  const Layout& input = kernel.inputs[0];
  return static_cast<double>(input.elements()) * sizeof(float) * static_cast<double>(band) /
         static_cast<double>(kernel.output.height * input.images);
}

bool fits(const Kernel& kernel, int64_t band, int64_t inner_x, int64_t y, int64_t x, const Target& target) {
  const Layout& out = kernel.output;
  if (band < 1 || inner_x < 1 || y < 1 || x < 1 || x > out.width || out.height % band != 0 || band % y != 0 ||
      x * y > target.registers - 2 || inner_x > target.registers - 2 ||
      inner_conv(kernel).output.width % inner_x != 0 || !inner_fits_stack(kernel, y))
    return false;
  return kernel.tasks <= 1 || out.planes() * (out.height / band) * out.images >= kLeastTasks;
}

// Rows of the first convolution's result for each of the second's, some of them computed for two bands; the
// input is read for every block of channels, from a cache that is far if it is large.
double cost(const Kernel& kernel, const Target& target) {
  const auto chosen = [&](const char* name) { return number(kernel.schedule, name); };
  const int64_t band = chosen("band"), y = chosen("y"), x = chosen("x");
  if (!fits(kernel, band, chosen("inner_x"), y, x, target)) return INFINITY;
  constexpr double kNear = 208 << 10, kFar = 1.03;  // bytes, and the time of what is more; measured
  const double computed = static_cast<double>(inner_rows(kernel, band)) / static_cast<double>(band);
  const auto sums = static_cast<double>(std::min<int64_t>(kernel.output.width, target.registers * 7 / 16));
  return computed * (input_of_band(kernel, band) > kNear ? kFar : 1) +
         1e-3 * std::fabs(static_cast<double>(x) - sums) + 1e-2 * static_cast<double>(y);
}

}  // namespace

const Space conv_and_depthwise_space = {numbers, cost};

}  // namespace cnnc
