#include <string.h>

#include "runtime/cnnc_rt.h"

// Four floats at any address of a float: a vector of every architecture that there are targets for.
typedef float vector __attribute__((vector_size(16), aligned(4), may_alias));

// The gap between two rows is mostly a few vectors, for which the call of memset costs more than the stores.
static void zero(float* at, int64_t floats) {
  if (floats < 4 || floats > 128) {
    memset(at, 0, (size_t)floats * sizeof(float));
    return;
  }
  for (int64_t i = 0; i + 4 < floats; i += 4) *(vector*)(at + i) = (vector){0};
  *(vector*)(at + floats - 4) = (vector){0};
}

// The border is one run of floats before the first inside row, one between any two, and one after the last:
// the right end of a row and the left of the next touch, as do the bottom of a plane and the top of the next.
CNNC_RT_WEAK void cnnc_rt_zero_halo(float* base, int64_t planes, int64_t rows, int64_t row_stride_floats,
                                    int64_t top_rows, int64_t bottom_rows, int64_t left_floats,
                                    int64_t right_floats) {
  const int64_t before = top_rows * row_stride_floats + left_floats;
  const int64_t between = right_floats + left_floats;
  const int64_t after = right_floats + bottom_rows * row_stride_floats;
  const int64_t inside_rows = rows - top_rows - bottom_rows;

  zero(base, before);
  int64_t at = before + row_stride_floats - between;
  for (int64_t plane = 0; plane < planes; plane++) {
    if (between > 0)
      for (int64_t row = 0; row + 1 < inside_rows; row++) zero(base + at + row * row_stride_floats, between);
    at += (inside_rows - 1) * row_stride_floats;
    zero(base + at, plane + 1 < planes ? after + before : after);
    at += after + before + row_stride_floats - between;
  }
}
