// Each channel with its own filter: a register tile of `x` pixels of `y` rows.
#include <algorithm>
#include <cmath>

#include "plan/choose/space.h"

namespace cnnc {

namespace {

int64_t most_sums(const Target& target) {
  return target.parts > 1 ? target.registers - 1 : target.registers - 4;
}

// Of sums that take several registers each, fewer hide the latency.
int64_t wanted_sums(const Target& target) {
  return target.parts > 1 ? target.registers / 2 : target.registers / 3;
}

std::vector<Number> numbers(const Kernel& kernel, const Target& target) {
  return {{"x", values_up_to(std::min<int64_t>(kernel.output.width, most_sums(target)))}};
}

// Loads and multiply-adds of a filter row for a pixel, and what the last tile computes twice, where
// multiply-adds take nothing from memory: the columns that the taps of a row share are then in registers,
// too.
double cost_by_registers(const Kernel& kernel, int64_t x, const Target& target) {
  const WindowSteps& window = conv_of(kernel).window.width;
  const int64_t columns = (x - 1) * window.stride + (window.filter - 1) * window.dilation + 1;
  const bool spills = x + columns + window.filter > target.registers;
  const auto tiles = static_cast<double>((kernel.output.width + x - 1) / x);
  return tiles * static_cast<double>(window.filter * x + columns + window.filter) * (spills ? 2 : 1);
}

// The same of bytes, whose weights, widened to the sums' 32 bits, are in registers for all rows; each column
// that is loaded is widened. Beyond that some six operations make a byte of a sum.
double cost_of_bytes(const Kernel& kernel, int64_t x, const Target& target) {
  const WindowParameters& window = conv_of(kernel).window;
  const WindowSteps& row = window.width;
  const int64_t columns = (x - 1) * row.stride + (row.filter - 1) * row.dilation + 1;
  constexpr int64_t kOfByte = 6, kOfTile = 6, kLoaded = 12;  // operations, and columns at a time; measured
  const bool spills = x + window.taps() + kLoaded > target.registers;
  const auto tiles = static_cast<double>((kernel.output.width + x - 1) / x);
  return tiles *
         static_cast<double>((window.taps() + kOfByte) * x + columns * window.height.filter + kOfTile) *
         (spills ? 1.2 : 1);
}

// A row of independent sums hides the latency of each; the filter's vectors stay in registers where they fit.
double cost(const Kernel& kernel, const Target& target) {
  const int64_t x = number(kernel.schedule, "x"), width = kernel.output.width;
  if (x < 1 || x > width || x > target.registers) return INFINITY;
  if (kernel.inputs[0].type == ElementType::uint8) return cost_of_bytes(kernel, x, target);
  if (target.takes_element) return cost_by_registers(kernel, x, target);
  return std::fabs(static_cast<double>(x - std::min<int64_t>(width, wanted_sums(target))));
}

}  // namespace

const Space conv_depthwise_space = {numbers, cost};

}  // namespace cnnc
