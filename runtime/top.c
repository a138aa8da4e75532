#include "runtime/cnnc_rt.h"

// NaN behind all numbers.
static int is_greater(float a, float b) {
  return b != b ? a == a : a > b;
}

// Each element moves up among those found so far: few are wanted of many.
CNNC_RT_WEAK void cnnc_rt_top(const float* values, int elements, int count, int32_t* indices) {
  for (int i = 0; i < count; i++) indices[i] = -1;
  for (int i = 0; i < elements && count > 0; i++) {
    int place = i < count ? i : count;
    while (place > 0 && is_greater(values[i], values[indices[place - 1]])) place--;
    if (place == count) continue;
    for (int k = i < count ? i : count - 1; k > place; k--) indices[k] = indices[k - 1];
    indices[place] = i;
  }
}
