// Winograd's transform of whole 3x3 filters, F(`outputs` x `outputs`, 3 x 3): `tiles` tiles of the result and
// `planes` blocks of its channels at a time, with the filters of `parts` times so many; register tiles of `x`
// tiles and those `planes`.
#include <algorithm>
#include <cmath>

#include "plan/choose_winograd.h"
#include "plan/space.h"

namespace cnnc {

namespace {

int64_t most_tiles(int64_t planes, const Target& target) {
  const int64_t accumulators = target.registers - (target.registers >= 32 ? 4 : 3);
  return std::max<int64_t>(1, accumulators / planes);
}

// Those that a plan chooses come with the kernel: choose_winograd() knows them.
std::vector<Number> numbers(const Kernel& kernel, const Target& target) {
  const auto given = [&](const char* name) { return std::vector<int64_t>{number(kernel.schedule, name)}; };
  return {{"outputs", given("outputs")},
          {"tiles", given("tiles")},
          {"planes", given("planes")},
          {"parts", given("parts")},
          {"x", values_up_to(most_tiles(number(kernel.schedule, "planes"), target))}};
}

// Passes over the weights, of equal tiles; then what is computed twice.
double cost(const Kernel& kernel, const Target& target) {
  const int64_t x = number(kernel.schedule, "x"), tiles = number(kernel.schedule, "tiles");
  if (x < 1 || x > tiles || x > most_tiles(number(kernel.schedule, "planes"), target)) return INFINITY;
  const int64_t passes = (tiles + x - 1) / x;
  return static_cast<double>(passes) + 1e-3 * static_cast<double>(x);
}

}  // namespace

const Space conv_winograd_2d_space = {numbers, cost};

int64_t winograd_2d_register_tiles(int64_t tiles, int64_t planes, const Target& target) {
  const int64_t most = most_tiles(planes, target);
  const int64_t passes = (tiles + most - 1) / most;
  return (tiles + passes - 1) / passes;
}

}  // namespace cnnc
