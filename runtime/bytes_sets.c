#include "runtime/bytes_cpu.h"
#include "runtime/cnnc_rt.h"

// The word as cnnc_rt_choose_set() stores it, which asks nobody once it is there.
#define ASKED UINT32_C(0x80000000)

CNNC_RT_WEAK int cnnc_rt_choose_set_of_bytes(uint32_t* word, const int32_t* levels, int count, int wanted) {
  if (__atomic_load_n(word, __ATOMIC_RELAXED) == 0) {
    uint32_t sets = ASKED;
    for (int i = 0; i < count; i++)
      if (cnnc_rt_cpu_supports_bytes(levels[i])) sets |= UINT32_C(1) << i;
    __atomic_store_n(word, sets, __ATOMIC_RELAXED);
  }
  return cnnc_rt_choose_set(word, levels, count, wanted);
}
