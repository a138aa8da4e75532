// Linux, and systems like it.
#ifndef CNNC_PROGRAM_UNIX_H
#define CNNC_PROGRAM_UNIX_H

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// The signals by which a program ends that does what it may not.
#define PROGRAM_CRASHES SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT

// To be called first: the standard streams then pass all bytes as they are.
static inline void program_begin(void) {}

// So many bytes, a multiple of 64, from an address that is one, too; or null.
static inline void* program_allocate(size_t bytes) {
  return aligned_alloc(64, bytes);
}

// Of the calling thread's time on a processor.
static inline double program_own_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// Writes these last bytes past the streams, and ends the program; for handlers of signals.
static inline void program_end(const void* bytes, size_t count) {
  const ssize_t written = write(STDOUT_FILENO, bytes, count);
  _exit(written == (ssize_t)count ? 0 : 1);
}

#endif
