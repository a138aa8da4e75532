// Dynamic storage allocation: what is needed for a while each, placed in one stretch of memory.
#pragma once
#include <cstdint>
#include <vector>

namespace cnnc {

// So many bytes, from step `first` to step `last`, both included.
struct Tenant {
  int first = 0, last = 0;
  int64_t bytes = 0;
};

// The largest sum of bytes alive at one time: no placement needs less.
int64_t most_bytes_alive(const std::vector<Tenant>& tenants);

struct Storage {
  std::vector<int64_t> offsets;  // by tenant
  int64_t bytes = 0;             // the greatest offset + bytes
};

// Offsets from 0 such that no two tenants that are alive together overlap; sums of the sizes that are
// multiples of some alignment keep it. The same for the same tenants. Finding the best placement is NP-hard
// (Garey and Johnson 1979, problem SR2); this one is the best of several greedy ones and of a search from
// there.
Storage place_tenants(const std::vector<Tenant>& tenants);

}  // namespace cnnc
