// What libraries for macOS take of libSystem, by Linux. Constants and structs are Darwin's, and checked.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "image.h"

static void want(int condition, const char* what) {
  if (!condition) die("a call of libSystem is not as Darwin has it", what);
}

static int* error_place(void) {
  return &errno;
}

static uint64_t nanoseconds(int clock) {
  struct timespec now;
  want(clock == 8, "clock_gettime_nsec_np");
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static int open_file(const char* path, int flags) {
  want(flags == (0x1000000 | 0x4), "open");
  return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

static int file_status(int descriptor, unsigned char* darwin) {
  struct stat status;
  if (fstat(descriptor, &status) != 0) return -1;
  memset(darwin, 0, 144);
  *(uint16_t*)(darwin + 4) = (uint16_t)status.st_mode;
  *(int64_t*)(darwin + 96) = status.st_size;
  return 0;
}

static void* map(void* place, size_t bytes, int protection, int flags, int descriptor, int64_t offset) {
  want(!place && protection == 1 && flags == 1 && offset == 0, "mmap");
  return mmap(NULL, bytes, PROT_READ, MAP_SHARED, descriptor, 0);
}

static int says(const char* name, int* value, size_t* bytes, void* new_value, size_t new_bytes) {
  want(*bytes == sizeof *value && !new_value && new_bytes == 0, "sysctlbyname");
  cpu_set_t set;
  sched_getaffinity(0, sizeof set, &set);
  if (strcmp(name, "hw.logicalcpu") == 0) return *value = CPU_COUNT(&set), 0;
#ifdef __aarch64__
  if (strcmp(name, "hw.optional.arm.FEAT_DotProd") == 0)
    return *value = (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0, 0;
#else
  if (strcmp(name, "hw.optional.avx512f") == 0) return *value = __builtin_cpu_supports("avx512f") != 0, 0;
#endif
  die("sysctlbyname", name);
}

static int mask(int how, const uint32_t* set, uint32_t* before) {
  want(how == 3 && set && before != set, "pthread_sigmask");
  return 0;
}

// A mutex of Linux fits behind the signature, and is all 0 at first.
struct mutex {
  long signature;
  char opaque[56];
};
_Static_assert(sizeof(pthread_mutex_t) <= 56 && sizeof(pthread_attr_t) <= 64, "no room for Linux' own");

static int lock(struct mutex* mutex) {
  want(mutex->signature == 0x32AAABA7, "pthread_mutex_lock");
  return pthread_mutex_lock((pthread_mutex_t*)mutex->opaque);
}

static int unlock(struct mutex* mutex) {
  want(mutex->signature == 0x32AAABA7, "pthread_mutex_unlock");
  return pthread_mutex_unlock((pthread_mutex_t*)mutex->opaque);
}

struct condition {
  long signature;
  atomic_uint changes;
  char opaque[36];
};

static int wait_for(struct condition* condition, struct mutex* mutex) {
  want(condition->signature == 0x3CB0B1BB, "pthread_cond_wait");
  const unsigned seen = atomic_load(&condition->changes);
  unlock(mutex);
  syscall(SYS_futex, &condition->changes, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
  return lock(mutex);
}

static int broadcast(struct condition* condition) {
  want(condition->signature == 0x3CB0B1BB, "pthread_cond_broadcast");
  atomic_fetch_add(&condition->changes, 1);
  syscall(SYS_futex, &condition->changes, FUTEX_WAKE_PRIVATE, 0x7fffffff, NULL, NULL, 0);
  return 0;
}

static void zero(void* to, size_t bytes) {
  memset(to, 0, bytes);
}

// On AArch64 the caller's frame may be of another size than what a lazy binding would want: all is bound at
// once.
static void never(void) {
  die("dyld_stub_binder", "called");
}

void* of_libsystem(const char* name) {
  static const struct {
    const char* name;
    void* function;
  } all[] = {{"___error", error_place},
             {"___bzero", zero},
             {"_bzero", zero},
             {"_clock_gettime_nsec_np", nanoseconds},
             {"_close", close},
             {"_fstat", file_status},
             {"_fstat$INODE64", file_status},
             {"_getpid", getpid},
             {"_memcpy", memcpy},
             {"_memmove", memmove},
             {"_memset", memset},
             {"_mmap", map},
             {"_munmap", munmap},
             {"_open", open_file},
             {"_pthread_attr_destroy", pthread_attr_destroy},
             {"_pthread_attr_getstacksize", pthread_attr_getstacksize},
             {"_pthread_attr_init", pthread_attr_init},
             {"_pthread_attr_setstacksize", pthread_attr_setstacksize},
             {"_pthread_cond_broadcast", broadcast},
             {"_pthread_cond_wait", wait_for},
             {"_pthread_create", pthread_create},
             {"_pthread_join", pthread_join},
             {"_pthread_mutex_lock", lock},
             {"_pthread_mutex_unlock", unlock},
             {"_pthread_sigmask", mask},
             {"_sysctlbyname", says},
             {"dyld_stub_binder", never}};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
    if (strcmp(all[i].name, name) == 0) return all[i].function;
  return NULL;
}
