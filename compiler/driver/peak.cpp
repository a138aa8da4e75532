#include "driver/peak.h"

#include <immintrin.h>

#include <algorithm>

#include "driver/clock.h"

namespace cnnc {
namespace {

constexpr int kChains = 12;  // independent ones: latency of 4 or 5 cycles times two a cycle
constexpr int64_t kRounds = 4096;

// Each of these returns the operations that it made.
__attribute__((target("avx512f"))) double multiply_add_avx512() {
  __m512 sums[kChains], a = _mm512_set1_ps(0.999f), b = _mm512_set1_ps(0.001f);
  for (__m512& sum : sums) sum = _mm512_set1_ps(1);
  for (int64_t i = 0; i < kRounds; ++i)
#pragma GCC unroll 12
    for (int k = 0; k < kChains; ++k) sums[k] = _mm512_fmadd_ps(sums[k], a, b);
  for (__m512& sum : sums) asm volatile("" : "+v"(sum));
  return 2.0 * 16 * kChains * kRounds;
}

__attribute__((target("avx2,fma"))) double multiply_add_avx2() {
  __m256 sums[kChains], a = _mm256_set1_ps(0.999f), b = _mm256_set1_ps(0.001f);
  for (__m256& sum : sums) sum = _mm256_set1_ps(1);
  for (int64_t i = 0; i < kRounds; ++i)
#pragma GCC unroll 12
    for (int k = 0; k < kChains; ++k) sums[k] = _mm256_fmadd_ps(sums[k], a, b);
  for (__m256& sum : sums) asm volatile("" : "+x"(sum));
  return 2.0 * 8 * kChains * kRounds;
}

double multiply_add_sse() {
  __m128 sums[kChains], a = _mm_set1_ps(0.999f), b = _mm_set1_ps(0.001f);
  for (__m128& sum : sums) sum = _mm_set1_ps(1);
  asm volatile("" : "+x"(a), "+x"(b));  // 1 * 0.999f + 0.001f is 1: GCC would see that, and compute nothing
  for (int64_t i = 0; i < kRounds; ++i)
#pragma GCC unroll 12
    for (int k = 0; k < kChains; ++k) sums[k] = _mm_add_ps(_mm_mul_ps(sums[k], a), b);
  for (__m128& sum : sums) asm volatile("" : "+x"(sum));
  return 2.0 * 4 * kChains * kRounds;
}

}  // namespace

double peak_flops(Isa isa, double seconds) {
  const auto work = isa == Isa::avx512 ? multiply_add_avx512
                    : isa == Isa::avx2 ? multiply_add_avx2
                                       : multiply_add_sse;
  constexpr int kSlices = 10;
  double best = 0;
  for (int slice = 0; slice < kSlices; ++slice) {
    const double begin = now();
    double operations = 0, spent = 0;
    do {
      operations += work();
      spent = now() - begin;
    } while (spent < seconds / kSlices);
    best = std::max(best, operations / spent);
  }
  return best;
}

}  // namespace cnnc
