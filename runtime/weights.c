#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/cnnc_rt.h"

CNNC_RT_WEAK uint64_t cnnc_rt_hash(uint64_t hash, const void* data, size_t bytes) {
  const uint64_t* words = data;
  for (size_t i = 0; i < bytes / 8; i++) {
    hash = (hash ^ words[i]) * 0x100000001b3;
    hash ^= hash >> 32;
  }
  return hash;
}

// Maps a file of exactly `bytes` bytes.
static int map_file(int descriptor, size_t bytes, const void** weights) {
  struct stat status;
  if (fstat(descriptor, &status) != 0) return CNNC_RT_ERROR_SYSTEM;
  if (!S_ISREG(status.st_mode) || (uint64_t)status.st_size != bytes || bytes == 0)
    return CNNC_RT_ERROR_WEIGHTS;
  void* at = mmap(NULL, bytes, PROT_READ, MAP_SHARED, descriptor, 0);
  if (at == MAP_FAILED) return CNNC_RT_ERROR_SYSTEM;
  *weights = at;
  return CNNC_RT_OK;
}

CNNC_RT_WEAK int cnnc_rt_map_weights(const char* path, size_t bytes, uint64_t hash, const void** weights) {
  if (!weights) return CNNC_RT_ERROR_NULL;
  *weights = NULL;
  if (!path) return CNNC_RT_ERROR_NULL;
  // Without O_NONBLOCK the open of a named pipe would wait for a writer.
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return CNNC_RT_ERROR_SYSTEM;
  int code = map_file(descriptor, bytes, weights);
  close(descriptor);
  if (code == CNNC_RT_OK && cnnc_rt_hash(CNNC_RT_HASH_OF_NOTHING, *weights, bytes) != hash) {
    cnnc_rt_unmap_weights(*weights, bytes);
    *weights = NULL;
    code = CNNC_RT_ERROR_WEIGHTS;
  }
  return code;
}

CNNC_RT_WEAK void cnnc_rt_unmap_weights(const void* weights, size_t bytes) {
  if (weights) munmap((void*)(uintptr_t)weights, bytes);
}
