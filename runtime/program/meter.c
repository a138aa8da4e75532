// Loops of multiplies and adds in registers, by which `cnnc bench --runner` measures the other machine's peak
// (as compiler/target/host.h, Meters, does this one's): with vectors of 16, 32 and 64 bytes, as far as the
// architecture has them. pointers[0] is where the operations made, a double, go.
#include <stdint.h>

// Independent sums, which GCC cannot know to be alike, each in a variable: latency of 4 or 5 cycles times two
// a cycle.
enum { CHAINS = 12, ROUNDS = 4096 };
#define EACH(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)

#if defined(__x86_64__)
// GCC makes one instruction of it where there is one.
#define MULTIPLY_ADD(sum) ((sum)*a + b)
#define IN_REGISTER(x) __asm__ volatile("" : "+v"(x));
#else
#include <arm_neon.h>
#define MULTIPLY_ADD(sum) vfmaq_f32(sum, a, b)  // FMLA adds to the register that it changes
#define IN_REGISTER(x) __asm__ volatile("" : "+w"(x));
#endif

#define BEGIN_SUM(k) \
  sum##k = a;        \
  IN_REGISTER(sum##k)
#define ADD_TO_SUM(k) sum##k = MULTIPLY_ADD(sum##k);
#define USE_SUM(k) IN_REGISTER(sum##k)

#define METER(bytes, has_vectors)                                                           \
  typedef float vector##bytes __attribute__((vector_size(bytes)));                          \
  __attribute__((has_vectors, optimize("fp-contract=fast"))) int cnnc_program_meter##bytes( \
      void* const* pointers) {                                                              \
    vector##bytes sum0, sum1, sum2, sum3, sum4, sum5, sum6, sum7, sum8, sum9, sum10, sum11; \
    vector##bytes a = (vector##bytes){0} + 0.999f, b = (vector##bytes){0} + 0.001f;         \
    IN_REGISTER(a)                                                                          \
    IN_REGISTER(b) /* what they are is then not known */                                    \
    EACH(BEGIN_SUM)                                                                         \
    for (int i = 0; i < ROUNDS; i++) {                                                      \
      EACH(ADD_TO_SUM)                                                                      \
    }                                                                                       \
    EACH(USE_SUM) * (double*)pointers[0] = 2.0 * (bytes / sizeof(float)) * CHAINS * ROUNDS; \
    return 0;                                                                               \
  }

#if defined(__x86_64__)
METER(16, target("sse4.1"))
METER(32, target("avx2,fma"))
METER(64, target("avx512f"))
#else
METER(16, unused)
#endif
