// stack: runs of a network on a thread whose stack is as large as its header asks for, and on a pool of three
// more, which must look after themselves. Exits with the line of what fails.
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "deep.h"

#define CHECK(condition) \
  if (!(condition)) exit(__LINE__)

enum { THREADS = 4, OF_THE_CALLER = 64 << 10, PAINT = 0xa5 };

// Thread-local variables, which glibc takes from a thread's stack as well.
#ifndef NOTES
#define NOTES 16
#endif
static _Thread_local volatile char notes[NOTES];

static char* stack;  // of the thread that runs
static float x[DEEP_X_ELEMENTS], alone[DEEP_OUTPUT_ELEMENTS], together[DEEP_OUTPUT_ELEMENTS];

// The bytes below `here` that were used.
static size_t used_below(const char* here) {
  const char* lowest = stack;
  while (*(const unsigned char*)lowest == PAINT) lowest++;
  return (size_t)(here - lowest);
}

static void* run(void* workspace) {
  char here;
  notes[NOTES - 1] = 1;
  deep_options options = {0};
  options.size = sizeof options;
  options.threads = THREADS;
  CHECK(deep_run(x, alone, workspace) == DEEP_OK);
  for (int i = 0; i < 20; i++) {
    CHECK(deep_run_with(x, together, workspace, &options) == DEEP_OK);
    CHECK(memcmp(alone, together, sizeof alone) == 0);
  }
  const size_t used = used_below(&here);
  CHECK(used > 32 << 10);  // else this would show nothing
  CHECK(used <= DEEP_STACK_BYTES);
  return NULL;
}

int main(void) {
  for (size_t i = 0; i < DEEP_X_ELEMENTS; i++) x[i] = (float)(i * 7919 % 1009) / 1009 - 0.5f;
  void* workspace = aligned_alloc(DEEP_WORKSPACE_ALIGNMENT, DEEP_WORKSPACE_BYTES);
  const size_t bytes = DEEP_STACK_BYTES + OF_THE_CALLER + (NOTES + 4095) / 4096 * 4096;
  stack = aligned_alloc(4096, bytes);
  CHECK(workspace && stack);
  memset(stack, PAINT, bytes);
  CHECK(deep_start_threads(THREADS) == DEEP_OK);
  pthread_attr_t attributes;
  CHECK(pthread_attr_init(&attributes) == 0 && pthread_attr_setstack(&attributes, stack, bytes) == 0);
  pthread_t thread;
  CHECK(pthread_create(&thread, &attributes, run, workspace) == 0);
  CHECK(pthread_join(thread, NULL) == 0);
  deep_stop_threads();
  return 0;
}
