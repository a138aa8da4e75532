// macOS 11 and later, see linux.h.
#ifndef CNNC_SYSTEM_MACOS_H
#define CNNC_SYSTEM_MACOS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/cnnc_rt.h"
#include "runtime/system/macos/libsystem.h"
#include "runtime/system/posix.h"

static inline double system_seconds(void) {
  return 1e-9 * (double)clock_gettime_nsec_np(CLOCK_UPTIME_RAW);
}

// What the system says of itself under a name, such as whether it lets programs use instructions; `otherwise`
// where it knows no such name.
static inline int system_says(const char* name, int otherwise) {
  int value = 0;
  size_t bytes = sizeof value;
  return sysctlbyname(name, &value, &bytes, NULL, 0) == 0 && bytes == sizeof value ? value : otherwise;
}

// It gives a thread these registers when that uses them first.
static inline int system_saves_avx512_once_used(void) {
  return system_says("hw.optional.avx512f", 0) != 0;
}

// macOS 11 does not know the name; the processor that it runs on has them.
static inline int system_has_dot_products(void) {
  return system_says("hw.optional.arm.FEAT_DotProd", 1) != 0;
}

static inline int system_map_file(system_file file, size_t bytes, const void** weights) {
  struct system_stat status;
  if (fstat(file, &status) != 0) return CNNC_RT_ERROR_SYSTEM;
  if ((status.mode & S_IFMT) != S_IFREG || (uint64_t)status.size != bytes || bytes == 0)
    return CNNC_RT_ERROR_WEIGHTS;
  void* at = mmap(NULL, bytes, PROT_READ, MAP_SHARED, file, 0);
  if (at == MAP_FAILED) return CNNC_RT_ERROR_SYSTEM;
  *weights = at;
  return CNNC_RT_OK;
}

// Where threads sleep. The system's futex is not public before macOS 14.4.
struct system_bed {
  pthread_mutex_t lock;
  pthread_cond_t changed;
};
#define SYSTEM_BED \
  { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER }

// Several words may have one; whoever sleeps there is woken with the others, and looks at the own word.
enum { SYSTEM_BEDS = 64 };
static struct system_bed system_beds[SYSTEM_BEDS] = {[0 ... SYSTEM_BEDS - 1] = SYSTEM_BED};

// The process whose threads sleep there. In a child of fork() a lock may be held by a thread that is not
// there.
static atomic_int system_sleepers_of;

static inline void system_forget_sleepers(void) {
  static const struct system_bed bed = SYSTEM_BED;
  for (int i = 0; i < SYSTEM_BEDS; i++) system_beds[i] = bed;
  atomic_store(&system_sleepers_of, getpid());
}

static inline struct system_bed* system_bed_of(const atomic_uint* word) {
  return &system_beds[(uintptr_t)word / 64 % SYSTEM_BEDS];
}

static inline void system_sleep_while(atomic_uint* word, unsigned seen) {
  struct system_bed* bed = system_bed_of(word);
  pthread_mutex_lock(&bed->lock);
  if (atomic_load(word) == seen) pthread_cond_wait(&bed->changed, &bed->lock);
  pthread_mutex_unlock(&bed->lock);
}

// The word has changed. Whoever saw it before sleeps once the lock is free.
static inline void system_wake(atomic_uint* word, int threads) {
  (void)threads;
  if (atomic_load(&system_sleepers_of) != getpid()) return;
  struct system_bed* bed = system_bed_of(word);
  pthread_mutex_lock(&bed->lock);
  pthread_mutex_unlock(&bed->lock);
  pthread_cond_broadcast(&bed->changed);
}

// Those that are on: a thread cannot be kept from any.
static inline int system_processors(void) {
  const int count = system_says("hw.logicalcpu", 1024);
  return count > 0 ? count : 1024;
}

static inline void system_block_signals(system_signals* before) {
  static const int kept[] = {SIGBUS, SIGFPE, SIGILL, SIGPROF, SIGSEGV, SIGTRAP};
  sigset_t blocked = ~(sigset_t)0;
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) blocked &= ~((sigset_t)1 << (kept[i] - 1));
  pthread_sigmask(SIG_SETMASK, &blocked, before);
}

// The default is 512 KiB unless the program says otherwise; pages have 16 KiB on AArch64.
static inline int system_set_stack(pthread_attr_t* attributes, size_t bytes) {
  enum { PAGE = 16 << 10 };
  const size_t needed = (bytes + PAGE - 1) / PAGE * PAGE;
  size_t usual = 0;
  pthread_attr_getstacksize(attributes, &usual);
  return needed > usual ? pthread_attr_setstacksize(attributes, needed) : 0;
}

#endif
