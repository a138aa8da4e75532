// What only libraries carry of the runtime that make bytes of pictures.
#pragma once
#include <stdint.h>

#include "runtime/names.h"

#define cnnc_rt_make_bytes CNNC_RT_VERSIONED(cnnc_rt_make_bytes, CNNC_RT_VERSION)

#ifdef __cplusplus
extern "C" {
#endif

// So many floats as bytes from the same address on, each rint(value * inverse) + zero_point, held to 0 ...
// 255, its bits flipped where `flip` has ones (ops/quantized/quantize.cpp). What is no number is the byte 0
// before that.
void cnnc_rt_make_bytes(float* values, int64_t count, float inverse, int32_t zero_point, int32_t flip);

#ifdef __cplusplus
}
#endif
