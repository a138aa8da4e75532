#include "driver/bench/peak.h"

#include <algorithm>

#include "driver/bench/clock.h"
#include "target/host.h"

namespace cnnc {

namespace {

double peak_of(double (*work)(), double seconds) {
  constexpr int kSlices = 10;
  double best = 0;
  for (int slice = 0; slice < kSlices; ++slice) {
    const double begin = now();
    double operations = 0, spent = 0;
    do {
      operations += work();
      spent = now() - begin;
    } while (spent < seconds / kSlices);
    best = std::max(best, operations / spent);
  }
  return best;
}

}  // namespace

double peak_flops(Isa isa, double seconds) {
  return peak_of(meters_of(isa).multiply_adds, seconds);
}

double peak_byte_operations(Isa isa, double seconds) {
  const auto work = meters_of(isa).byte_products;
  return work ? peak_of(work, seconds) : 0;
}

}  // namespace cnnc
