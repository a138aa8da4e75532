// What a thread does between two looks at a word that another one is to change. For the runtime's own use.
#ifndef CNNC_WAIT_H
#define CNNC_WAIT_H

#if defined(__x86_64__)
static inline void cnnc_rt_wait(void) {
  __builtin_ia32_pause();
}
#elif defined(__aarch64__)
// `yield` is nothing on most cores; this takes about as long as x86's `pause`.
static inline void cnnc_rt_wait(void) {
  __asm__ volatile("isb" ::: "memory");
}
#else
#error "this architecture has no instruction here with which a thread waits"
#endif

#endif
