#include "runtime/bytes_halo.h"

#include <string.h>

#include "runtime/cnnc_rt.h"

// Zero points are not 0, so that what zeroes the halos of floats cannot fill these. The border is one run of
// bytes before the first inside row, one between any two, and one after the last.
CNNC_RT_WEAK void cnnc_rt_fill_halo(uint8_t* base, int64_t planes, int64_t rows, int64_t row_stride_bytes,
                                    int64_t top_rows, int64_t bottom_rows, int64_t left_bytes,
                                    int64_t right_bytes, int32_t value) {
  const int64_t before = top_rows * row_stride_bytes + left_bytes;
  const int64_t between = right_bytes + left_bytes;
  const int64_t after = right_bytes + bottom_rows * row_stride_bytes;
  const int64_t inside_rows = rows - top_rows - bottom_rows;

  for (int64_t plane = 0; plane < planes; plane++) {
    uint8_t* at = base + plane * rows * row_stride_bytes;
    memset(at, value, (size_t)before);
    at += before + row_stride_bytes - between;
    for (int64_t row = 0; row + 1 < inside_rows; row++, at += row_stride_bytes)
      memset(at, value, (size_t)between);
    memset(at, value, (size_t)after);
  }
}
