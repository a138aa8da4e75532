// A convolution and the depthwise one of its result. `band`: rows of the result that are computed of `blocks`
// blocks of channels before those of the next; for `y` of them at a time the rows of the first one's result
// that are not there yet are put on the stack, in register tiles of `inner_x` pixels x the blocks, and then
// of each block a register tile of `x` pixels of the `y` rows is computed. All but `x` divide what they are a
// part of.
#include <algorithm>
#include <cmath>

#include "plan/choose/space.h"
#include "plan/choose/tasks.h"
#include "plan/inner_conv.h"
#include "plan/tilings.h"
#include "support/checked.h"

namespace cnnc {

namespace {

using Tiling = ConvAndDepthwiseTiling;

std::vector<int64_t> divisors(int64_t number) {
  std::vector<int64_t> all;
  for (int64_t d = 1; d <= number; ++d)
    if (number % d == 0) all.push_back(d);
  return all;
}

std::vector<Number> numbers(const Kernel& kernel, const Target& target) {
  const int64_t width = inner_conv(kernel).output.width;
  std::vector<int64_t> tiles;
  for (const int64_t tile : divisors(width))
    if (tile <= accumulators(target)) tiles.push_back(tile);
  return {{"band", divisors(kernel.output.height)},
          {"blocks", values_up_to(std::min<int64_t>(kernel.output.planes(), 4))},
          {"inner_x", tiles},
          {"y", {1, 2}},
          {"x", values_up_to(std::min<int64_t>(kernel.output.width, target.registers - 4))}};
}

// Bytes of the input that a band is computed from.
double input_of_band(const Kernel& kernel, int64_t band) {
  const Layout& input = kernel.inputs[0];
  return static_cast<double>(input.bytes()) * static_cast<double>(band) /
         static_cast<double>(kernel.output.height * input.images);
}

// Registers that a tile of the first convolution needs: for its sums, the weights, and an element of the
// input, which a multiply-add that folds a broadcast takes from memory, once; or for what is staged.
int64_t inner_registers(int64_t blocks, int64_t x, bool is_staged, const Target& target) {
  return x * blocks + blocks + (is_staged ? x : target.folds_broadcast && blocks == 1 ? 0 : 1);
}

bool fits(const Kernel& kernel, const Tiling& t, const Target& target) {
  const auto& [band, blocks, inner_x, y, x] = t;
  const Layout& out = kernel.output;
  if (band < 1 || blocks < 1 || inner_x < 1 || y < 1 || x < 1 || x > out.width || out.height % band != 0 ||
      band % y != 0 || out.planes() % blocks != 0 || x * y > target.registers - 2 ||
      inner_registers(blocks, inner_x, stages_pixels(inner_conv(kernel), target), target) >
          target.registers ||
      inner_conv(kernel).output.width % inner_x != 0 || !inner_fits_stack(kernel, y, blocks))
    return false;
  const int64_t most = out.planes() * out.height * out.images;
  return kernel.tasks <= 1 ||
         out.planes() / blocks * (out.height / band) * out.images >= std::min(kLeastTasks, most);
}

constexpr double kNotHidden = 0.3;  // of the time that reading takes

// Cycles to read so many bytes of what altogether is as large as that, and stays in a cache.
double cycles_of_reading(double bytes, double all, const Memory& memory) {
  if (all <= memory.first_level) return 0;
  return kNotHidden * bytes / (all < memory.second_level ? memory.from_second_level : memory.from_beyond);
}

// Cycles for one row of the first convolution's result, of one block of channels: as of conv_blocked, two
// multiply-adds and two loads a cycle, what a load costs although another unit does it, and weights that do
// not stay in the first-level cache; the second one has to hold those of the next blocks too.
double cycles_of_inner_row(const Tiling& t, const Kernel& inner, const Target& target) {
  const Memory& memory = target.memory;
  const int64_t blocks = t.blocks, x = t.inner_x;
  const int64_t elements = stages_pixels(inner, target) ? ceil_div(x, inner.inputs[0].block) : x;
  const double products = static_cast<double>(x * blocks * target.parts),
               loads = static_cast<double>(elements + blocks * target.parts);
  constexpr double kOfLoad = 0.06, kLatency = 5;
  const double cycles = std::max({products / 2, loads / 2, kLatency}) + kOfLoad * loads;
  const auto depth = static_cast<double>(inner.inputs[0].channels * window_parameters(inner).taps());
  const double weights = static_cast<double>(blocks * inner.output.block) * sizeof(float);
  const double all = depth * weights;
  const double reading = cycles_of_reading(weights, all <= memory.first_level ? all : 2 * all, memory);
  return static_cast<double>(inner.output.width) * depth / static_cast<double>(x * blocks) *
         (cycles + reading);
}

// Cycles to read for one row of the result the rows of the first one's that are kept, where they and what is
// read between do not stay in the first-level cache.
double cycles_of_kept_rows(const Kernel& kernel, const Tiling& t, const Kernel& inner, const Memory& memory) {
  const auto vectors = static_cast<double>(conv_of(kernel).window.height.filter * inner.output.pitch());
  return cycles_of_reading(vectors * static_cast<double>(inner.output.block) * sizeof(float),
                           static_cast<double>(kept_bytes(kernel, t.y, t.blocks)), memory);
}

// Rows of the first convolution's result that are computed for one of the second's, on average: those that
// two bands need for both, and none that lie outside of the map.
double rows_for_one(const Kernel& kernel, const Kernel& inner, int64_t band) {
  const int64_t height = kernel.output.height;
  const int64_t outside = std::max<int64_t>(0, inner_rows(kernel, height) - inner.output.height);
  return static_cast<double>(height / band * inner_rows(kernel, band) - outside) /
         static_cast<double>(height);
}

// Cycles of the first convolution, some of whose rows are computed for two bands; the input is read for every
// few blocks of channels, from a cache that is far if it is large. What the depthwise one takes hardly
// depends on the schedule.
double cost(const Kernel& kernel, const Target& target) {
  const Tiling t = conv_and_depthwise_tiling(kernel.schedule);
  if (!fits(kernel, t, target)) return INFINITY;
  const Kernel inner = inner_conv(kernel);
  constexpr double kNear = 208 << 10, kFar = 1.03;  // bytes, and the time of what is more; measured
  const double rows = rows_for_one(kernel, inner, t.band);
  const double cycles =
      rows * cycles_of_inner_row(t, inner, target) * (input_of_band(kernel, t.band) > kNear ? kFar : 1) +
      cycles_of_kept_rows(kernel, t, inner, target.memory);
  const Layout& out = kernel.output;
  const auto sums = static_cast<double>(std::min<int64_t>(out.width, target.registers * 7 / 16));
  return static_cast<double>(out.planes() * out.height * out.images) * cycles *
         (1 + 1e-3 * std::fabs(static_cast<double>(t.x) - sums) + 1e-2 * static_cast<double>(t.y - 1));
}

}  // namespace

const Space conv_and_depthwise_space = {numbers, cost};

}  // namespace cnnc
