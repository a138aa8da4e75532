// What the runtime takes of macOS' libSystem, as Apple's headers of XNU and libpthread declare it, which are
// open: theirs are not here when cnnc is built. All of it is public, and the same on both architectures
// unless said.
#ifndef CNNC_MACOS_LIBSYSTEM_H
#define CNNC_MACOS_LIBSYSTEM_H

#include <stddef.h>
#include <stdint.h>

// <errno.h>
int* __error(void);
#define errno (*__error())

// <fcntl.h>, <unistd.h>, <sys/mman.h>
enum { O_RDONLY = 0, O_NONBLOCK = 0x4, O_CLOEXEC = 0x1000000 };
enum { PROT_READ = 1, MAP_SHARED = 1 };
#define MAP_FAILED ((void*)-1)
int open(const char* path, int flags, ...);
int close(int file);
int getpid(void);
void* mmap(void* place, size_t bytes, int protection, int flags, int file, int64_t offset);
int munmap(void* place, size_t bytes);

// <time.h>
enum { CLOCK_UPTIME_RAW = 8 };
uint64_t clock_gettime_nsec_np(int clock);

// <sys/stat.h>, with inodes of 64 bits: on x86-64 the plain name is of a function with another struct.
struct system_stat {
  int32_t device;
  uint16_t mode, links;
  uint64_t inode;
  uint32_t user, group;
  int32_t special;
  int64_t times[4][2];
  int64_t size, blocks;
  int32_t block;
  uint32_t flags, generation;
  int32_t spare;
  int64_t spares[2];
};
_Static_assert(offsetof(struct system_stat, size) == 96 && sizeof(struct system_stat) == 144,
               "not Apple's struct stat");
enum { S_IFMT = 0170000, S_IFREG = 0100000 };
#if defined(__x86_64__)
int fstat(int file, struct system_stat* status) __asm__("_fstat$INODE64");
#else
int fstat(int file, struct system_stat* status);
#endif

// <sys/sysctl.h>
int sysctlbyname(const char* name, void* old, size_t* old_bytes, void* new_value, size_t new_bytes);

// <signal.h>
enum { SIGILL = 4, SIGTRAP = 5, SIGFPE = 8, SIGBUS = 10, SIGSEGV = 11, SIGPROF = 27, SIG_SETMASK = 3 };
typedef uint32_t sigset_t;
int pthread_sigmask(int how, const sigset_t* set, sigset_t* before);

// <pthread.h>
typedef void* pthread_t;
typedef struct {
  long signature;
  char opaque[56];
} pthread_mutex_t, pthread_attr_t;
typedef struct {
  long signature;
  char opaque[40];
} pthread_cond_t;
#define PTHREAD_MUTEX_INITIALIZER \
  {                               \
    0x32AAABA7, {                 \
      0                           \
    }                             \
  }
#define PTHREAD_COND_INITIALIZER \
  {                              \
    0x3CB0B1BB, {                \
      0                          \
    }                            \
  }
int pthread_mutex_lock(pthread_mutex_t* mutex);
int pthread_mutex_unlock(pthread_mutex_t* mutex);
int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex);
int pthread_cond_broadcast(pthread_cond_t* condition);
int pthread_attr_init(pthread_attr_t* attributes);
int pthread_attr_destroy(pthread_attr_t* attributes);
int pthread_attr_getstacksize(const pthread_attr_t* attributes, size_t* bytes);
int pthread_attr_setstacksize(pthread_attr_t* attributes, size_t bytes);
int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*work)(void*), void* data);
int pthread_join(pthread_t thread, void** result);

#endif
