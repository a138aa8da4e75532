// The pool of threads that all generated libraries of a program share. For the runtime's own use.
#ifndef CNNC_POOL_H
#define CNNC_POOL_H

// Calls task(data, i) once for each i from 0 to count - 1, on the calling thread and at most `threads` - 1 of
// the pool's, and returns when all calls have. Without free threads the caller makes all calls. Allocates
// nothing, and may be called from any number of threads at once, but not from a task of the pool.
void cnnc_rt_share(int threads, int count, void (*task)(void* data, int index), void* data);

#endif
