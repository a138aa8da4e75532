// Windows 10 and later, with any C library: nothing here comes from one. linux.h says what the functions do.
#ifndef CNNC_SYSTEM_WINDOWS_H
#define CNNC_SYSTEM_WINDOWS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "runtime/cnnc_rt.h"

static inline double system_seconds(void) {
  LARGE_INTEGER now, a_second;
  QueryPerformanceCounter(&now);
  QueryPerformanceFrequency(&a_second);
  return (double)now.QuadPart / (double)a_second.QuadPart;
}

static inline int system_saves_avx512_once_used(void) {
  return 0;
}

#define SYSTEM_SAYS_WHY "GetLastError()"

static inline void system_set_error(int error) {
  SetLastError((DWORD)error);
}

typedef HANDLE system_file;

static inline system_file system_open_wide(const WCHAR* path) {
  return CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
}

// Paths are UTF-8, whatever the process's code page is.
static inline system_file system_open(const char* path) {
  const int units = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, NULL, 0);
  if (units <= 0) return INVALID_HANDLE_VALUE;
  WCHAR* wide = HeapAlloc(GetProcessHeap(), 0, (size_t)units * sizeof(WCHAR));
  if (!wide) {
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return INVALID_HANDLE_VALUE;
  }
  MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, units);
  const system_file file = system_open_wide(wide);
  const DWORD reason = GetLastError();
  HeapFree(GetProcessHeap(), 0, wide);
  SetLastError(reason);
  return file;
}

static inline int system_is_open(system_file file) {
  return file != INVALID_HANDLE_VALUE;
}

static inline void system_close(system_file file) {
  const DWORD reason = GetLastError();
  CloseHandle(file);
  SetLastError(reason);
}

static inline int system_map_file(system_file file, size_t bytes, const void** weights) {
  LARGE_INTEGER size;
  if (GetFileType(file) != FILE_TYPE_DISK) return CNNC_RT_ERROR_WEIGHTS;
  if (!GetFileSizeEx(file, &size)) return CNNC_RT_ERROR_SYSTEM;
  if ((uint64_t)size.QuadPart != bytes || bytes == 0) return CNNC_RT_ERROR_WEIGHTS;
  const HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
  if (!mapping) return CNNC_RT_ERROR_SYSTEM;
  const void* at = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, bytes);
  system_close(mapping);
  if (!at) return CNNC_RT_ERROR_SYSTEM;
  *weights = at;
  return CNNC_RT_OK;
}

static inline void system_unmap_file(const void* weights, size_t bytes) {
  (void)bytes;
  UnmapViewOfFile(weights);
}

// Where threads sleep. WaitOnAddress() would be simpler, and would want one more library of every program.
struct system_bed {
  SRWLOCK lock;
  CONDITION_VARIABLE changed;
};

// Several words may have one; whoever sleeps there is woken with the others, and looks at the own word.
static inline struct system_bed* system_bed_of(const atomic_uint* word) {
  enum { BEDS = 64 };
  static struct system_bed beds[BEDS];  // zero is what both are initialised to
  return &beds[(uintptr_t)word / 64 % BEDS];
}

static inline void system_sleep_while(atomic_uint* word, unsigned seen) {
  struct system_bed* bed = system_bed_of(word);
  AcquireSRWLockExclusive(&bed->lock);
  if (atomic_load(word) == seen) SleepConditionVariableSRW(&bed->changed, &bed->lock, INFINITE, 0);
  ReleaseSRWLockExclusive(&bed->lock);
}

// The word has changed. Whoever saw it before sleeps once the lock is free.
static inline void system_wake(atomic_uint* word, int threads) {
  (void)threads;
  struct system_bed* bed = system_bed_of(word);
  AcquireSRWLockExclusive(&bed->lock);
  ReleaseSRWLockExclusive(&bed->lock);
  WakeAllConditionVariable(&bed->changed);
}

static inline void system_forget_sleepers(void) {}

typedef SRWLOCK system_lock;
typedef HANDLE system_thread;
#define SYSTEM_UNLOCKED SRWLOCK_INIT

static inline void system_take(system_lock* lock) {
  AcquireSRWLockExclusive(lock);
}

static inline void system_release(system_lock* lock) {
  ReleaseSRWLockExclusive(lock);
}

// Those that the process may run on, which are at most 64: of more, Windows makes groups.
static inline int system_processors(void) {
  DWORD_PTR process, machine;
  if (!GetProcessAffinityMask(GetCurrentProcess(), &process, &machine) || process == 0) return 1024;
  int count = 0;
  for (int i = 0; i < 64; i++) count += (int)(process >> i & 1);
  return count;
}

// There is no fork(), and there are no signals to keep away.
typedef int system_process;
static inline system_process system_this_process(void) {
  return 0;
}

typedef int system_signals;
static inline void system_block_signals(system_signals* before) {
  *before = 0;
}

static inline void system_restore_signals(const system_signals* before) {
  (void)before;
}

// The result that Windows reads is the lower half of a pointer, in the same register. The C library is not
// told of the thread: it runs kernels, which call nothing of it but memory functions.
static inline int system_start(system_thread* thread, size_t stack, void* (*work)(void*), void* data) {
  *thread = CreateThread(NULL, stack, (LPTHREAD_START_ROUTINE)(uintptr_t)work, data,
                         STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
  return *thread ? 0 : (int)GetLastError();
}

static inline void system_join(system_thread thread) {
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
}

#endif
