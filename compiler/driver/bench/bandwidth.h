// How fast this machine reads memory.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "target/target.h"

namespace cnnc {

struct Bandwidth {
  std::string name;             // "L2", "L3", "memory"
  int64_t bytes = 0;            // that a thread reads over and over
  double bytes_per_second = 0;  // of all threads
};

// Reading in order with the instruction set's widest vectors, the best of several passes: of half of the
// second-level cache; where there is a larger third one, of a part of that which does not fit into the
// second; and of more than the caches hold, as far as a gigabyte does. Each thread reads memory of its own.
// The instruction set must be this machine's.
std::vector<Bandwidth> read_bandwidths(Isa isa, int threads);

}  // namespace cnnc
