#include "runtime/pool.h"

#include <stdatomic.h>

#include "runtime/cnnc_rt.h"
#include "runtime/system/system.h"
#include "runtime/wait.h"

// A caller owns a job while it shares its tasks out. Workers look for jobs with free places; one that finds
// none spins for a while, since the kernels of a run follow each other within microseconds, and then sleeps.
// No thread ever waits for a worker to begin, so a caller whose job nobody joins simply does all of it, and
// fork() needs no care: the child has jobs that nobody joins until it starts threads of its own.
//
// Each thread has a share of its own of a job's tasks, the same part in every job of so many threads: the
// kernels of a run split their work alike, so that what a thread reads is mostly what it wrote before, and in
// its core's cache. It takes the tasks of its share from the first on; then what is left of the others', from
// the last on.
enum {
  MOST_WORKERS = 255,
  MOST_JOBS = 16,
  MOST_SHARES = 64,  // with more threads some begin with the same share
  // The state of a job: 0 while it is free.
  PLACES = 0xff,     // how many workers may still join
  HELPER = 0x100,    // one worker that has joined
  HELPERS = 0xff00,  // all of them
  OWNED = 0x10000,   // by a caller
  ASLEEP = 0x20000,  // the caller sleeps until there are no helpers
  // Of the stack, for what is below a run: our own frames, and signal handlers with the registers that the
  // kernel saves for them (11 KiB with AMX).
  OWN_STACK = 128 << 10
};
static const double spin_seconds = 1e-3;

// The tasks of a share that nobody has taken: from the low 32 bits to before the high ones.
struct share {
  _Alignas(64) _Atomic uint64_t left;
};

struct job {
  _Alignas(64) atomic_uint state;
  int count;  // of shares
  cnnc_rt_task* task;
  void* data;
  struct share shares[MOST_SHARES];
};

static struct job jobs[MOST_JOBS];
static atomic_uint announcements;  // of jobs and of changes to `wanted`; idle workers wait for the next
static atomic_uint sleepers;       // workers that wait in the kernel
static atomic_int wanted;          // workers 0 to wanted - 1 are to live

// What start and stop change.
static system_lock lock = SYSTEM_UNLOCKED;
static system_thread workers[MOST_WORKERS];
static int started;
static system_process process;  // that started them

// Spins until (*word & mask) is no longer `seen` or the time has come: 1 if it has changed.
static int changes_before(double deadline, atomic_uint* word, unsigned mask, unsigned seen) {
  do {
    for (int i = 0; i < 16; i++) {
      if ((atomic_load(word) & mask) != seen) return 1;
      cnnc_rt_wait();
    }
  } while (cnnc_rt_seconds() < deadline);
  return 0;
}

// A worker counts itself as a sleeper before the kernel compares the word, and a caller changes the word
// before it looks for sleepers: one of the two sees the other.
static void announce(int threads) {
  atomic_fetch_add(&announcements, 1);
  if (atomic_load(&sleepers) > 0) system_wake(&announcements, threads);
}

static uint64_t tasks_between(int begin, int end) {
  return (uint64_t)(unsigned)end << 32 | (unsigned)begin;
}

// Takes a task, the first or the last of the share; -1 if there is none left.
static int take(struct share* share, int last) {
  uint64_t left = atomic_load(&share->left);
  while (1) {
    const int begin = (int)(left & 0xffffffff), end = (int)(left >> 32);
    if (begin >= end) return -1;
    const uint64_t rest = last ? tasks_between(begin, end - 1) : tasks_between(begin + 1, end);
    if (atomic_compare_exchange_weak(&share->left, &left, rest)) return last ? end - 1 : begin;
  }
}

static void take_tasks(struct job* job, int share, int place) {
  for (int i; (i = take(&job->shares[share], 0)) >= 0;) job->task(job->data, i, place);
  for (int other = 1; other < job->count; other++)
    for (int i; (i = take(&job->shares[(share + other) % job->count], 1)) >= 0;)
      job->task(job->data, i, place);
}

// A job with a free place, which is taken, or null. Workers begin to look at different jobs, so that callers
// at the same time get as many each.
static struct job* join(int worker, int* place) {
  for (int i = 0; i < MOST_JOBS; i++) {
    struct job* job = &jobs[(worker + i) % MOST_JOBS];
    unsigned state = atomic_load(&job->state);
    while (state & PLACES)
      if (atomic_compare_exchange_weak(&job->state, &state, state - 1 + HELPER)) {
        *place = (int)(state & PLACES);
        return job;
      }
  }
  return NULL;
}

// The job may belong to another caller as soon as the last helper is out; waking that one by mistake is
// harmless.
static void leave(struct job* job) {
  const unsigned before = atomic_fetch_sub(&job->state, HELPER);
  if ((before & HELPERS) == HELPER && (before & ASLEEP)) system_wake(&job->state, 1);
}

static void* work(void* number) {
  const int worker = (int)(intptr_t)number;
  double deadline = 0;
  while (1) {
    const unsigned seen = atomic_load(&announcements);  // first: what is announced from here on ends the wait
    if (atomic_load(&wanted) <= worker) return NULL;
    int place;
    struct job* job = join(worker, &place);
    if (job) {
      take_tasks(job, 1 + worker % (job->count - 1), place);
      leave(job);
      deadline = cnnc_rt_seconds() + spin_seconds;
    } else if (!changes_before(deadline, &announcements, ~0u, seen)) {
      atomic_fetch_add(&sleepers, 1);
      system_sleep_while(&announcements, seen);
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
        if (state & HELPERS) system_sleep_while(&job->state, state);
      }
  }
  atomic_store(&job->state, 0);
}

static int smaller(int a, int b) {
  return a < b ? a : b;
}

CNNC_RT_WEAK void cnnc_rt_share(int threads, int count, cnnc_rt_task* task, void* data) {
  const int places = smaller(smaller(threads, count) - 1, atomic_load(&wanted));
  struct job* job = places > 0 ? claim() : NULL;
  if (!job) {
    for (int i = 0; i < count; i++) task(data, i, 0);
    return;
  }
  job->count = smaller(places + 1, MOST_SHARES);
  job->task = task;
  job->data = data;
  for (int i = 0; i < job->count; i++)
    atomic_store(&job->shares[i].left, tasks_between((int)((int64_t)count * i / job->count),
                                                     (int)((int64_t)count * (i + 1) / job->count)));
  atomic_store(&job->state, OWNED | (unsigned)places);
  announce(places);
  take_tasks(job, 0, 0);
  finish(job);
}

// Ends and joins all workers but the first `count`. To be called under the lock.
static void keep(int count) {
  atomic_store(&wanted, count);
  announce(MOST_WORKERS);
  while (started > count) system_join(workers[--started]);
}

// After fork() the parent's workers are not there, and its jobs are nobody's. To be called under the lock.
static void forget_parent(void) {
  if (process == system_this_process()) return;
  process = system_this_process();
  started = 0;
  system_forget_sleepers();
  atomic_store(&wanted, 0);
  atomic_store(&sleepers, 0);
  for (int i = 0; i < MOST_JOBS; i++) atomic_store(&jobs[i].state, 0);
}

static int start_worker(int worker) {
  return system_start(&workers[worker], CNNC_RT_STACK_BYTES + OWN_STACK, work, (void*)(intptr_t)worker);
}

CNNC_RT_WEAK int cnnc_rt_start_all_threads(int threads) {
  system_signals before;
  system_take(&lock);
  system_block_signals(&before);
  forget_parent();
  const int first = started, last = smaller(threads - 1, MOST_WORKERS);
  int error = 0;
  while (started < last && !error) {
    atomic_store(&wanted, started + 1);
    error = start_worker(started);
    if (!error) started++;
  }
  if (error) keep(first);
  system_restore_signals(&before);
  system_release(&lock);
  if (error) system_set_error(error);
  return error ? CNNC_RT_ERROR_SYSTEM : CNNC_RT_OK;
}

// A thread without a processor of its own would only hold up those that have one: it takes tasks and is
// interrupted in them, prepares scratch memory once more, and spins where others could work.
CNNC_RT_WEAK int cnnc_rt_start_threads(int threads) {
  return cnnc_rt_start_all_threads(smaller(threads, system_processors()));
}

CNNC_RT_WEAK void cnnc_rt_stop_threads(void) {
  system_take(&lock);
  forget_parent();
  keep(0);
  system_release(&lock);
}
