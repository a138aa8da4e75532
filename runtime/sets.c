#include "runtime/cnnc_rt.h"

// The word of a library once the processor was asked: this bit, and bit i for the i-th set if it has that.
#define ASKED UINT32_C(0x80000000)

static uint32_t ask(const int32_t* levels, int count) {
  uint32_t sets = ASKED;
  for (int i = 0; i < count; i++)
    if (cnnc_rt_cpu_supports(levels[i])) sets |= UINT32_C(1) << i;
  return sets;
}

// Threads that ask at the same time store the same word, and nothing else depends on it: no order is wanted.
CNNC_RT_WEAK int cnnc_rt_choose_set(uint32_t* word, const int32_t* levels, int count, int wanted) {
  if (wanted < 0 || wanted > count) return -CNNC_RT_ERROR_OPTIONS;
  uint32_t sets = __atomic_load_n(word, __ATOMIC_RELAXED);
  if (sets == 0) {
    sets = ask(levels, count);
    __atomic_store_n(word, sets, __ATOMIC_RELAXED);
  }
  for (int set = 1; set <= count; set++)
    if ((wanted == 0 || wanted == set) && (sets >> (set - 1) & 1)) return set;
  return -CNNC_RT_ERROR_PROCESSOR;
}

CNNC_RT_WEAK const char* cnnc_rt_error_text_of_sets(int code) {
  if (code == CNNC_RT_ERROR_OPTIONS)
    return "options->size or options->instruction_set is none that this library knows";
  return cnnc_rt_error_text(code);
}
