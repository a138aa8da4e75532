// Which registers of an x86-64 processor the system saves when it switches threads.
#ifndef CNNC_SAVED_STATES_H
#define CNNC_SAVED_STATES_H

#if defined(__APPLE__)
#include "runtime/system/macos.h"
#endif

// The states of AVX, and those with AVX-512 (Intel SDM vol. 1, 13.3).
enum { XCR0_AVX = 0x06, XCR0_AVX512 = 0xe6 };

// XCR0, as an instruction and not an intrinsic: that would want -mxsave. To be asked of a processor that has
// OSXSAVE.
static inline unsigned system_saved_states(void) {
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
#if defined(__APPLE__)
  // It gives a thread the registers of AVX-512 when that uses them first: XCR0 does not have them before.
  if (system_says("hw.optional.avx512f", 0)) low |= XCR0_AVX512;
#endif
  return low;
}

#endif
