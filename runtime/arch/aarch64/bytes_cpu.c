#include "runtime/bytes_cpu.h"

#include "runtime/cnnc_rt.h"
#include "runtime/system/system.h"

// A program cannot ask the processor itself: the registers that know are the system's.
CNNC_RT_WEAK int cnnc_rt_cpu_supports_bytes(int isa) {
  return isa == 1 ? system_has_dot_products() : cnnc_rt_cpu_supports(isa);
}
