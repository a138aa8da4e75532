#define _DEFAULT_SOURCE  // syscall
#include "runtime/pool.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <xmmintrin.h>

#include "runtime/cnnc_rt.h"

// A caller owns a job while it shares its tasks out. Workers look for jobs with free places; one that finds
// none spins for a while, since the kernels of a run follow each other within microseconds, and then sleeps.
// No thread ever waits for a worker to begin, so a caller whose job nobody joins simply does all of it, and
// fork() needs no care: the child has jobs that nobody joins until it starts threads of its own.
enum {
  MOST_WORKERS = 255,
  MOST_JOBS = 16,
  // The state of a job: 0 while it is free.
  PLACES = 0xff,     // how many workers may still join
  HELPER = 0x100,    // one worker that has joined
  HELPERS = 0xff00,  // all of them
  OWNED = 0x10000,   // by a caller
  ASLEEP = 0x20000   // the caller sleeps until there are no helpers
};
static const double spin_seconds = 50e-6;

struct job {
  _Alignas(64) atomic_uint state;
  atomic_int next;  // the first index that nobody has taken
  int count;
  void (*task)(void* data, int index);
  void* data;
};

static struct job jobs[MOST_JOBS];
static atomic_uint announcements;  // of jobs and of changes to `wanted`; idle workers wait for the next
static atomic_uint sleepers;       // workers that wait in the kernel
static atomic_int wanted;          // workers 0 to wanted - 1 are to live

// What start and stop change.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t workers[MOST_WORKERS];
static int started;
static pid_t process;  // that started them

// Sleeps until somebody wakes the word, unless it is no longer `seen`; may also return for no reason.
static void sleep_while(atomic_uint* word, unsigned seen) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

static void wake(atomic_uint* word, int threads) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, threads, NULL, NULL, 0);
}

// Spins until (*word & mask) is no longer `seen` or the time has come: 1 if it has changed.
static int changes_before(double deadline, atomic_uint* word, unsigned mask, unsigned seen) {
  do {
    for (int i = 0; i < 16; i++) {
      if ((atomic_load(word) & mask) != seen) return 1;
      _mm_pause();
    }
  } while (cnnc_rt_seconds() < deadline);
  return 0;
}

// A worker counts itself as a sleeper before the kernel compares the word, and a caller changes the word
// before it looks for sleepers: one of the two sees the other.
static void announce(int threads) {
  atomic_fetch_add(&announcements, 1);
  if (atomic_load(&sleepers) > 0) wake(&announcements, threads);
}

static void take_tasks(struct job* job) {
  for (int i; (i = atomic_fetch_add(&job->next, 1)) < job->count;) job->task(job->data, i);
}

// A job with a free place, which is taken, or null. Workers begin to look at different jobs, so that callers
// at the same time get a fair share.
static struct job* join(int worker) {
  for (int i = 0; i < MOST_JOBS; i++) {
    struct job* job = &jobs[(worker + i) % MOST_JOBS];
    unsigned state = atomic_load(&job->state);
    while (state & PLACES)
      if (atomic_compare_exchange_weak(&job->state, &state, state - 1 + HELPER)) return job;
  }
  return NULL;
}

// The job may belong to another caller as soon as the last helper is out; waking that one by mistake is
// harmless.
static void leave(struct job* job) {
  const unsigned before = atomic_fetch_sub(&job->state, HELPER);
  if ((before & HELPERS) == HELPER && (before & ASLEEP)) wake(&job->state, 1);
}

static void* work(void* number) {
  const int worker = (int)(intptr_t)number;
  double deadline = 0;
  while (1) {
    const unsigned seen = atomic_load(&announcements);  // first: what is announced from here on ends the wait
    if (atomic_load(&wanted) <= worker) return NULL;
    struct job* job = join(worker);
    if (job) {
      take_tasks(job);
      leave(job);
      deadline = cnnc_rt_seconds() + spin_seconds;
    } else if (!changes_before(deadline, &announcements, ~0u, seen)) {
      atomic_fetch_add(&sleepers, 1);
      sleep_while(&announcements, seen);
      atomic_fetch_sub(&sleepers, 1);
    }
  }
}

// A free job, now the caller's, or null if there are too many callers.
static struct job* claim(void) {
  for (int i = 0; i < MOST_JOBS; i++) {
    unsigned free = 0;
    if (atomic_compare_exchange_strong(&jobs[i].state, &free, OWNED)) return &jobs[i];
  }
  return NULL;
}

// Lets nobody in any more, waits for those who are, and gives the job back.
static void finish(struct job* job) {
  unsigned state = atomic_fetch_and(&job->state, ~(unsigned)PLACES);
  if (state & HELPERS) {
    const double deadline = cnnc_rt_seconds() + spin_seconds;
    while ((state = atomic_load(&job->state)) & HELPERS)
      if (!changes_before(deadline, &job->state, HELPERS, state & HELPERS)) {
        state = atomic_fetch_or(&job->state, ASLEEP) | ASLEEP;
        if (state & HELPERS) sleep_while(&job->state, state);
      }
  }
  atomic_store(&job->state, 0);
}

static int smaller(int a, int b) {
  return a < b ? a : b;
}

void cnnc_rt_share(int threads, int count, void (*task)(void* data, int index), void* data) {
  const int places = smaller(smaller(threads, count) - 1, atomic_load(&wanted));
  struct job* job = places > 0 ? claim() : NULL;
  if (!job) {
    for (int i = 0; i < count; i++) task(data, i);
    return;
  }
  atomic_store(&job->next, 0);
  job->count = count;
  job->task = task;
  job->data = data;
  atomic_store(&job->state, OWNED | (unsigned)places);
  announce(places);
  take_tasks(job);
  finish(job);
}

// Ends and joins all workers but the first `count`. To be called under the lock.
static void keep(int count) {
  atomic_store(&wanted, count);
  announce(MOST_WORKERS);
  while (started > count) pthread_join(workers[--started], NULL);
}

// After fork() the parent's workers are not there, and its jobs are nobody's. To be called under the lock.
static void forget_parent(void) {
  if (process == getpid()) return;
  process = getpid();
  started = 0;
  atomic_store(&wanted, 0);
  atomic_store(&sleepers, 0);
  for (int i = 0; i < MOST_JOBS; i++) atomic_store(&jobs[i].state, 0);
}

// The application's signals are for the application's threads, but for those of faults and of profilers.
static void block_signals(sigset_t* before) {
  static const int kept[] = {SIGBUS, SIGFPE, SIGILL, SIGPROF, SIGSEGV, SIGTRAP};
  sigset_t blocked;
  sigfillset(&blocked);
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) sigdelset(&blocked, kept[i]);
  pthread_sigmask(SIG_SETMASK, &blocked, before);
}

int cnnc_rt_start_threads(int threads) {
  sigset_t before;
  pthread_mutex_lock(&lock);
  block_signals(&before);
  forget_parent();
  const int first = started, last = smaller(threads - 1, MOST_WORKERS);
  int error = 0;
  while (started < last && !error) {
    atomic_store(&wanted, started + 1);
    error = pthread_create(&workers[started], NULL, work, (void*)(intptr_t)started);
    if (!error) started++;
  }
  if (error) keep(first);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_mutex_unlock(&lock);
  if (error) errno = error;
  return error ? CNNC_RT_ERROR_SYSTEM : CNNC_RT_OK;
}

void cnnc_rt_stop_threads(void) {
  pthread_mutex_lock(&lock);
  forget_parent();
  keep(0);
  pthread_mutex_unlock(&lock);
}
