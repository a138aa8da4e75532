// Linux, with glibc or musl: clock, files as memory, sleeping threads, threads of the pool. To be compiled
// with _GNU_SOURCE (syscall, dl_iterate_phdr).
#ifndef CNNC_SYSTEM_LINUX_H
#define CNNC_SYSTEM_LINUX_H

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>  // HWCAP_…, too
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "runtime/cnnc_rt.h"
#include "runtime/system/posix.h"

// Seconds of a clock that only goes forward, from an arbitrary start.
static inline double system_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// Whether the system saves the registers of AVX-512 of threads that use them, although XCR0 does not say so
// before.
static inline int system_saves_avx512_once_used(void) {
  return 0;
}

#if defined(__aarch64__)
// Whether the processor has dot products of bytes (SDOT, UDOT).
static inline int system_has_dot_products(void) {
  return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
}
#endif

// Maps a file of exactly `bytes` bytes, read-only and shared, which may be closed then; *weights is where.
// Else CNNC_RT_ERROR_WEIGHTS where it has other bytes or is none, or CNNC_RT_ERROR_SYSTEM, with errno.
static inline int system_map_file(system_file file, size_t bytes, const void** weights) {
  struct stat status;
  if (fstat(file, &status) != 0) return CNNC_RT_ERROR_SYSTEM;
  if (!S_ISREG(status.st_mode) || (uint64_t)status.st_size != bytes || bytes == 0)
    return CNNC_RT_ERROR_WEIGHTS;
  void* at = mmap(NULL, bytes, PROT_READ, MAP_SHARED, file, 0);
  if (at == MAP_FAILED) return CNNC_RT_ERROR_SYSTEM;
  *weights = at;
  return CNNC_RT_OK;
}

// Sleeps until somebody wakes the word, unless it is no longer `seen`; may also return for no reason.
static inline void system_sleep_while(atomic_uint* word, unsigned seen) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

// Wakes at most so many threads that sleep at the word.
static inline void system_wake(atomic_uint* word, int threads) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, threads, NULL, NULL, 0);
}

// The process was copied to another one (fork), which this is: none of the threads that slept is here.
static inline void system_forget_sleepers(void) {}

// Processors that the calling thread may run on, at least 1; more than a machine has if the system does not
// say.
static inline int system_processors(void) {
  cpu_set_t set;  // of 1024: where there are more, it is not filled
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : CPU_SETSIZE;
}

// Of the thread that starts others, whose signals they have: the application's signals are for the
// application's threads, but for those of faults and of profilers. system_signals are those as they were.
static inline void system_block_signals(system_signals* before) {
  static const int kept[] = {SIGBUS, SIGFPE, SIGILL, SIGPROF, SIGSEGV, SIGTRAP};
  sigset_t blocked;
  sigfillset(&blocked);
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) sigdelset(&blocked, kept[i]);
  pthread_sigmask(SIG_SETMASK, &blocked, before);
}

static inline int add_thread_locals(struct dl_phdr_info* object, size_t size, void* sum) {
  (void)size;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr)* segment = &object->dlpi_phdr[i];
    if (segment->p_type == PT_TLS) *(size_t*)sum += segment->p_memsz + segment->p_align;
  }
  return 0;
}

// The default may be too small: musl's is 128 KiB, glibc's is `ulimit -s`. And glibc puts the thread-local
// variables of the whole program there. What is larger, as it mostly is, stays as it is.
static inline int system_set_stack(pthread_attr_t* attributes, size_t bytes) {
  enum { PAGE = 4096 };
  size_t usual = 0, needed = bytes;
  dl_iterate_phdr(add_thread_locals, &needed);
  needed = (needed + PAGE - 1) / PAGE * PAGE;
  pthread_attr_getstacksize(attributes, &usual);
  return needed > usual ? pthread_attr_setstacksize(attributes, needed) : 0;
}

#endif
