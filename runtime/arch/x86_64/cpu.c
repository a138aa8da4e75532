#include <cpuid.h>

#include "runtime/cnnc_rt.h"
#include "runtime/system/saved_states.h"

static int has(unsigned flags, unsigned wanted) {
  return (flags & wanted) == wanted;
}

CNNC_RT_WEAK int cnnc_rt_cpu_supports(int isa) {
  unsigned a, b, c, d, leaf7;
  if (isa < 0 || isa > 2 || !__get_cpuid(1, &a, &b, &c, &d) || !has(c, bit_SSE4_1)) return 0;
  if (isa == 0) return 1;
  if (!has(c, bit_OSXSAVE | bit_AVX | bit_FMA | bit_F16C)) return 0;
  if (!has(system_saved_states(), isa == 2 ? XCR0_AVX512 : XCR0_AVX)) return 0;
  if (!__get_cpuid_count(7, 0, &a, &leaf7, &c, &d) || !has(leaf7, bit_AVX2)) return 0;
  return isa == 1 || has(leaf7, bit_AVX512F | bit_AVX512CD | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL);
}
