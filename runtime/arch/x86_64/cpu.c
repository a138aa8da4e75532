#include <cpuid.h>

#include "runtime/cnnc_rt.h"
#include "runtime/system/system.h"

// The states that the operating system saves on a switch of threads (Intel SDM vol. 1, 13.3).
enum { XCR0_AVX = 0x06, XCR0_AVX512 = 0xe6 };

static int has(unsigned flags, unsigned wanted) {
  return (flags & wanted) == wanted;
}

// XCR0, as an instruction and not an intrinsic: that would want -mxsave.
static unsigned saved_states(void) {
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return system_saves_avx512_once_used() ? low | XCR0_AVX512 : low;
}

CNNC_RT_WEAK int cnnc_rt_cpu_supports(int isa) {
  unsigned a, b, c, d, leaf7;
  if (isa < 0 || isa > 2 || !__get_cpuid(1, &a, &b, &c, &d) || !has(c, bit_SSE4_1)) return 0;
  if (isa == 0) return 1;
  if (!has(c, bit_OSXSAVE | bit_AVX | bit_FMA | bit_F16C)) return 0;
  if (!has(saved_states(), isa == 2 ? XCR0_AVX512 : XCR0_AVX)) return 0;
  if (!__get_cpuid_count(7, 0, &a, &leaf7, &c, &d) || !has(leaf7, bit_AVX2)) return 0;
  return isa == 1 || has(leaf7, bit_AVX512F | bit_AVX512CD | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL);
}
