#include "runtime/bytes_cpu.h"

#include <cpuid.h>

#include "runtime/cnnc_rt.h"

CNNC_RT_WEAK int cnnc_rt_cpu_supports_bytes(int isa) {
  unsigned a, b, c, d;
  if (isa < 3) return cnnc_rt_cpu_supports(isa);
  if (isa == 5)
    return cnnc_rt_cpu_supports(1) && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & bit_AVXVNNI) != 0;
  if (!cnnc_rt_cpu_supports(2) || !__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(c & bit_AVX512VNNI)) return 0;
  return isa == 3 || (__get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & bit_AVX512BF16) != 0);
}
