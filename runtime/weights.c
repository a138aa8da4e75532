#include "runtime/cnnc_rt.h"
#include "runtime/hash.h"
#include "runtime/system/system.h"

CNNC_RT_WEAK int cnnc_rt_map_weights(const char* path, size_t bytes, uint64_t hash, const void** weights) {
  if (!weights) return CNNC_RT_ERROR_NULL;
  *weights = NULL;
  if (!path) return CNNC_RT_ERROR_NULL;
  const system_file file = system_open(path);
  if (!system_is_open(file)) return CNNC_RT_ERROR_SYSTEM;
  int code = system_map_file(file, bytes, weights);
  system_close(file);
  if (code == CNNC_RT_OK && cnnc_rt_hash(CNNC_RT_HASH_OF_NOTHING, *weights, bytes) != hash) {
    cnnc_rt_unmap_weights(*weights, bytes);
    *weights = NULL;
    code = CNNC_RT_ERROR_WEIGHTS;
  }
  return code;
}

CNNC_RT_WEAK void cnnc_rt_unmap_weights(const void* weights, size_t bytes) {
  if (weights) system_unmap_file(weights, bytes);
}
