#include "runtime/cnnc_rt.h"
#include "runtime/system/system.h"

CNNC_RT_WEAK double cnnc_rt_seconds(void) {
  return system_seconds();
}
