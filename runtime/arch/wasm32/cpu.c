#include "runtime/cnnc_rt.h"

// A browser that lacks an instruction does not take the module: what runs has all that there are kernels for.
CNNC_RT_WEAK int cnnc_rt_cpu_supports(int isa) {
  return isa == 0;
}
