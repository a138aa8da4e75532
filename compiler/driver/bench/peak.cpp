#include "driver/bench/peak.h"

#include <algorithm>

#include "driver/bench/clock.h"
#include "target/host.h"

namespace cnnc {

double peak_flops(Isa isa, double seconds) {
  const auto work = meters_of(isa).multiply_adds;
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

}  // namespace cnnc
