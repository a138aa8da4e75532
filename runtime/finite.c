#include <string.h>

#include "runtime/cnnc_rt.h"

// An infinity or a NaN has all bits of its exponent set. Whole blocks, without a branch in them, so that C
// compilers make vectors of it.
CNNC_RT_WEAK int cnnc_rt_all_finite(const float* values, int64_t count) {
  enum { BLOCK = 64 };
  const uint32_t exponent = 0x7f800000;
  uint32_t bits[BLOCK];
  for (int64_t at = 0; at < count; at += BLOCK) {
    const int64_t rest = count - at < BLOCK ? count - at : BLOCK;
    if (rest < BLOCK) memset(bits, 0, sizeof bits);
    memcpy(bits, values + at, (size_t)rest * sizeof(float));
    uint32_t found = 0;
    for (int i = 0; i < BLOCK; i++) found |= (bits[i] & exponent) == exponent ? 1u : 0u;
    if (found) return 0;
  }
  return 1;
}
