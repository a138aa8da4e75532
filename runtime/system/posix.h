// What Linux and macOS have in common. To be included behind the system's declarations, which are its headers
// or, of macOS, our own.
#ifndef CNNC_SYSTEM_POSIX_H
#define CNNC_SYSTEM_POSIX_H

// Where a caller finds why the system refused.
#define SYSTEM_SAYS_WHY "errno"

// Makes it the reason that callers see of what the system refused.
static inline void system_set_error(int error) {
  errno = error;
}

// A file that is open for reading; where it cannot be opened, errno says why.
typedef int system_file;
static inline system_file system_open(const char* path) {
  // Without O_NONBLOCK the open of a named pipe would wait for a writer.
  return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

static inline int system_is_open(system_file file) {
  return file >= 0;
}

static inline void system_close(system_file file) {
  close(file);
}

static inline void system_unmap_file(const void* weights, size_t bytes) {
  munmap((void*)(uintptr_t)weights, bytes);
}

// A lock that needs no code before its first use, and a thread.
typedef pthread_mutex_t system_lock;
typedef pthread_t system_thread;
#define SYSTEM_UNLOCKED PTHREAD_MUTEX_INITIALIZER

static inline void system_take(system_lock* lock) {
  pthread_mutex_lock(lock);
}

static inline void system_release(system_lock* lock) {
  pthread_mutex_unlock(lock);
}

// Another number in a process that another one was copied to (fork).
typedef int system_process;
static inline system_process system_this_process(void) {
  return getpid();
}

typedef sigset_t system_signals;
static inline void system_restore_signals(const system_signals* before) {
  pthread_sigmask(SIG_SETMASK, before, NULL);
}

// What a thread's attributes need for so many bytes of stack; 0, or the error's errno.
static int system_set_stack(pthread_attr_t* attributes, size_t bytes);

// Starts a thread that calls work(data) and has so many bytes of stack at least. 0, or the error's errno.
static inline int system_start(system_thread* thread, size_t stack, void* (*work)(void*), void* data) {
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  if (error) return error;
  error = system_set_stack(&attributes, stack);
  if (!error) error = pthread_create(thread, &attributes, work, data);
  pthread_attr_destroy(&attributes);
  return error;
}

// Waits until it has ended.
static inline void system_join(system_thread thread) {
  pthread_join(thread, NULL);
}

#endif
