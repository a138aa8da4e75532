// What `cnnc bench --runner` measures a machine's peak by: see runtime/program/meter.c.
#include <stdint.h>

#include "runtime/cnnc_rt.h"

enum { CHAINS = 12, ROUNDS = 4096 };

typedef float vector __attribute__((vector_size(16)));
static const volatile float start = 0.999f;  // not known to the compiler, and no two sums to be alike

__attribute__((visibility("default"))) int cnnc_program_meter16(void* const* pointers) {
  vector sums[CHAINS], all = {0};
  const vector a = (vector){0} + start, b = (vector){0} + start * 0.001f;
#pragma unroll
  for (int k = 0; k < CHAINS; k++) sums[k] = (vector){0} + start * (float)k;
  for (int i = 0; i < ROUNDS; i++) {
#pragma unroll
    for (int k = 0; k < CHAINS; k++) sums[k] = sums[k] * a + b;
  }
#pragma unroll
  for (int k = 0; k < CHAINS; k++) all += sums[k];
  // The sums are used: no number is less than the one and greater than the other.
  ((double*)pointers[0])[0] = 2.0 * (sizeof(vector) / sizeof(float)) * CHAINS * ROUNDS + (all[0] == -1.0f);
  return 0;
}
