#include "runtime/bytes_cpu.h"

#include "runtime/cnnc_rt.h"

CNNC_RT_WEAK int cnnc_rt_cpu_supports_bytes(int isa) {
  return cnnc_rt_cpu_supports(isa);
}
