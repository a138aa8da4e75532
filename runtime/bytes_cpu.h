// What only libraries with kernels of bytes or bfloat16 carry of the runtime, for processors that have
// instructions for these.
#pragma once
#include <stdint.h>

#include "runtime/names.h"

#define cnnc_rt_cpu_supports_bytes CNNC_RT_VERSIONED(cnnc_rt_cpu_supports_bytes, CNNC_RT_VERSION)
#define cnnc_rt_choose_set_of_bytes CNNC_RT_VERSIONED(cnnc_rt_choose_set_of_bytes, CNNC_RT_VERSION)

#ifdef __cplusplus
extern "C" {
#endif

// As cnnc_rt_cpu_supports (runtime/cnnc_rt.h), and on x86-64: 3 what 2 is, and AVX-512 VNNI; 4 what 3
// is, and AVX-512 BF16; 5 what 1 is, and AVX-VNNI; on AArch64: 1 dot products (SDOT, UDOT).
int cnnc_rt_cpu_supports_bytes(int isa);

// As cnnc_rt_choose_set, of levels that are those of cnnc_rt_cpu_supports_bytes.
int cnnc_rt_choose_set_of_bytes(uint32_t* word, const int32_t* levels, int count, int wanted);

#ifdef __cplusplus
}
#endif
