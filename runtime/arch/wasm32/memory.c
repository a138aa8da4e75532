// The functions of libc that generated code calls: instructions (memory.copy and memory.fill).
#include <string.h>

#include "runtime/names.h"

CNNC_RT_WEAK void* memcpy(void* restrict to, const void* restrict from, size_t bytes) {
  return __builtin_memcpy(to, from, bytes);
}

CNNC_RT_WEAK void* memmove(void* to, const void* from, size_t bytes) {
  return __builtin_memmove(to, from, bytes);
}

CNNC_RT_WEAK void* memset(void* to, int value, size_t bytes) {
  return __builtin_memset(to, value, bytes);
}
