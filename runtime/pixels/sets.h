// The loops over pixels, each for several sets of instructions; BEST(name) is the one for this processor.
#ifndef CNNC_RT_PIXELS_SETS_H
#define CNNC_RT_PIXELS_SETS_H

#include "runtime/pixels/strip.h"

typedef uint16_t word __attribute__((aligned(1), may_alias));  // two bytes of a row
typedef float float4 __attribute__((vector_size(16)));
typedef int int4 __attribute__((vector_size(16)));
typedef uint8_t uint8x16 __attribute__((vector_size(16)));
typedef uint16_t uint16x8 __attribute__((vector_size(16)));
typedef uint16_t uint16xn __attribute__((vector_size(2 * LANES)));

static inline uint8_t clipped(int value) {
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static inline uint8_t level(float sum) {
  return (uint8_t)(int)(sum + 0.5f);
}

static inline float4 pixel_at(const float* from) {
  float4 pixel;
  memcpy(&pixel, from, sizeof pixel);
  return pixel;
}

// The bytes of a word in 256ths.
static inline uint16_t lower_of(word levels) {
  return (uint16_t)(levels << 8);
}

static inline uint16_t upper_of(word levels) {
  return levels & 0xff00;
}

// 256ths of levels times 65536ths.
static inline uint16_t share(uint16_t level, uint16_t weight) {
  return (uint16_t)((uint32_t)level * weight >> 16);
}

// The same of a vector.
static inline __attribute__((always_inline)) void shares(uint16xn* products, const uint16_t* from,
                                                         const uint16_t* weights) {
  uint16_t of_lanes[LANES];
  for (int i = 0; i < LANES; i++) of_lanes[i] = share(from[i], weights[i]);
  memcpy(products, of_lanes, sizeof *products);
}

#define FUNCTION static
#define OF_SET(name) name##_plainly
#include "runtime/pixels/loops.h"

#ifdef __x86_64__
#undef FUNCTION
#undef OF_SET
// The same code with wider vectors: no operation is another, so neither is a result.
#define FUNCTION static __attribute__((target("avx2")))
#define OF_SET(name) name##_by_avx2
#include "runtime/pixels/loops.h"
#undef FUNCTION
#undef OF_SET
#ifdef __clang__  // does not let a function say how wide its vectors are
#define FUNCTION static __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#else
#define FUNCTION static __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512")))
#endif
#define OF_SET(name) name##_by_avx512
#include "runtime/pixels/loops.h"
#define BEST(name) (best_set() == 3 ? name##_by_avx512 : best_set() == 2 ? name##_by_avx2 : name##_plainly)

// 3 with AVX-512, 2 with AVX2, else 1. The processor is asked once. Threads that ask at the same time store
// the same.
static int best_set(void) {
  static int known;  // 0: not asked yet
  int answer = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (answer == 0) {
    answer = cnnc_rt_cpu_supports(2) ? 3 : 1 + cnnc_rt_cpu_supports(1);
    __atomic_store_n(&known, answer, __ATOMIC_RELAXED);
  }
  return answer;
}
#else
#define BEST(name) name##_plainly
#endif

#endif
