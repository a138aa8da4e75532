// Windows, with the C library of MinGW. unix.h says what the functions do.
#ifndef CNNC_PROGRAM_WINDOWS_H
#define CNNC_PROGRAM_WINDOWS_H

#include <fcntl.h>
#include <io.h>
#include <malloc.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "runtime/cnnc_rt.h"

#define PROGRAM_CRASHES SIGSEGV, SIGILL, SIGFPE, SIGABRT

static inline void program_begin(void) {
  _setmode(0, _O_BINARY);
  _setmode(1, _O_BINARY);
}

static inline void* program_allocate(size_t bytes) {
  return _aligned_malloc(bytes, 64);
}

// Windows counts a thread's own time in ticks of 1/64 second, which says nothing of kernels: time as it
// passes.
static inline double program_own_seconds(void) {
  return cnnc_rt_seconds();
}

static inline void program_end(const void* bytes, size_t count) {
  _exit(_write(1, bytes, (unsigned)count) == (int)count ? 0 : 1);
}

#endif
