#include "runtime/cnnc_rt.h"

// Level 0 is Advanced SIMD (NEON), which every AArch64 processor that runs Linux has.
CNNC_RT_WEAK int cnnc_rt_cpu_supports(int isa) {
  return isa == 0;
}
