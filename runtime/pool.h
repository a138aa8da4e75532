// The pool of threads that all generated libraries of a program share. For the runtime's own use.
#ifndef CNNC_POOL_H
#define CNNC_POOL_H

#include "runtime/names.h"

// A task of a job; `place` is a number for each thread that works on the job, from 0, the caller's, to one
// less than the threads allowed.
typedef void cnnc_rt_task(void* data, int index, int place);

// Calls task(data, i, place) once for each i from 0 to count - 1, on the calling thread and at most `threads`
// - 1 of the pool's, and returns when all calls have. Without free threads the caller makes all calls.
// Allocates nothing, and may be called from any number of threads at once, but not from a task of the pool.
void cnnc_rt_share(int threads, int count, cnnc_rt_task* task, void* data);

// As cnnc_rt_start_threads, whatever the number of processors.
int cnnc_rt_start_all_threads(int threads);

#endif
