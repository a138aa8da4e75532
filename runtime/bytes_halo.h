// What only the libraries of quantised networks carry of the runtime.
#pragma once
#include <stdint.h>

#include "runtime/names.h"

#define cnnc_rt_fill_halo CNNC_RT_VERSIONED(cnnc_rt_fill_halo, CNNC_RT_VERSION)

#ifdef __cplusplus
extern "C" {
#endif

// As cnnc_rt_zero_halo (runtime/cnnc_rt.h), of a tensor of bytes, whose border becomes `value`.
void cnnc_rt_fill_halo(uint8_t* base, int64_t planes, int64_t rows, int64_t row_stride_bytes,
                       int64_t top_rows, int64_t bottom_rows, int64_t left_bytes, int64_t right_bytes,
                       int32_t value);

#ifdef __cplusplus
}
#endif
