#include <time.h>

#include "runtime/cnnc_rt.h"

CNNC_RT_WEAK double cnnc_rt_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
