// The definition of cnnc_rt_hash, for the files that look at weights: one a system.
#ifndef CNNC_HASH_H
#define CNNC_HASH_H

#include "runtime/cnnc_rt.h"

CNNC_RT_WEAK uint64_t cnnc_rt_hash(uint64_t hash, const void* data, size_t bytes) {
  const uint64_t* words = data;
  for (size_t i = 0; i < bytes / 8; i++) {
    hash = (hash ^ words[i]) * 0x100000001b3;
    hash ^= hash >> 32;
  }
  return hash;
}

#endif
