#include "runtime/pool.h"

// There are no threads: the caller makes all calls.
CNNC_RT_WEAK void cnnc_rt_share(int threads, int count, cnnc_rt_task* task, void* data) {
  (void)threads;
  for (int i = 0; i < count; i++) task(data, i, 0);
}
