#include <cpuid.h>
#include <immintrin.h>

#include <cstring>
#include <stdexcept>

#include "target/host.h"

namespace cnnc {

namespace {

constexpr int kChains = 12;  // independent ones: latency of 4 or 5 cycles times two a cycle
constexpr int64_t kRounds = 4096;
constexpr int kVectors = 8;  // that are read at once

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

constexpr int kDotChains = 20;  // the same, and no more than there are registers for
constexpr int kFewDotChains = 12;

// Five chains of an instruction that adds products of a's and b's elements to a sum, from sums[n] on. As
// text, at places that are known: of equal chains in terms of its function GCC computes one.
#define CNNC_FIVE_SUMS(instruction, registers, n)                                                    \
  asm volatile(instruction " %6, %5, %0\n\t" instruction " %6, %5, %1\n\t" instruction               \
                           " %6, %5, %2\n\t" instruction " %6, %5, %3\n\t" instruction " %6, %5, %4" \
               : "+" registers(sums[n]), "+" registers(sums[(n) + 1]), "+" registers(sums[(n) + 2]), \
                 "+" registers(sums[(n) + 3]), "+" registers(sums[(n) + 4])                          \
               : registers(a), registers(b))

__attribute__((target("avx512f"))) double byte_products_avx512vnni() {
  __m512i sums[kDotChains] = {};
  const __m512i a = _mm512_set1_epi8(3), b = _mm512_set1_epi8(-5);
  for (int64_t i = 0; i < kRounds; ++i) {
    CNNC_FIVE_SUMS("vpdpbusd", "v", 0);
    CNNC_FIVE_SUMS("vpdpbusd", "v", 5);
    CNNC_FIVE_SUMS("vpdpbusd", "v", 10);
    CNNC_FIVE_SUMS("vpdpbusd", "v", 15);
  }
  return 2.0 * 64 * kDotChains * kRounds;
}

// Of 1 and of a half.
__attribute__((target("avx512f"))) double bfloat16_products() {
  __m512i sums[kDotChains] = {};
  const __m512i a = _mm512_set1_epi16(0x3f80), b = _mm512_set1_epi16(0x3f00);
  for (int64_t i = 0; i < kRounds; ++i) {
    CNNC_FIVE_SUMS("vdpbf16ps", "v", 0);
    CNNC_FIVE_SUMS("vdpbf16ps", "v", 5);
    CNNC_FIVE_SUMS("vdpbf16ps", "v", 10);
    CNNC_FIVE_SUMS("vdpbf16ps", "v", 15);
  }
  return 2.0 * 32 * kDotChains * kRounds;
}

__attribute__((target("avx2"))) double byte_products_avxvnni() {
  constexpr int kVnniChains = 10;
  __m256i sums[kVnniChains] = {};
  const __m256i a = _mm256_set1_epi8(3), b = _mm256_set1_epi8(-5);
  for (int64_t i = 0; i < kRounds; ++i) {
    CNNC_FIVE_SUMS("%{vex%} vpdpbusd", "x", 0);
    CNNC_FIVE_SUMS("%{vex%} vpdpbusd", "x", 5);
  }
  return 2.0 * 32 * kVnniChains * kRounds;
}
#undef CNNC_FIVE_SUMS

__attribute__((target("avx512f,avx512bw"))) double byte_products_avx512() {
  __m512i sums[kDotChains] = {}, a = _mm512_set1_epi8(3), b = _mm512_set1_epi8(-5),
          one = _mm512_set1_epi16(1);
  for (int64_t i = 0; i < kRounds; ++i)
#pragma GCC unroll 20
    for (int k = 0; k < kDotChains; ++k) {
      asm volatile("" : "+v"(a));  // each time anew
      sums[k] = _mm512_add_epi32(sums[k], _mm512_madd_epi16(_mm512_maddubs_epi16(a, b), one));
    }
  for (__m512i& sum : sums) asm volatile("" : "+v"(sum));
  return 2.0 * 64 * kDotChains * kRounds;
}

__attribute__((target("avx2"))) double byte_products_avx2() {
  __m256i sums[kFewDotChains] = {}, a = _mm256_set1_epi8(3), b = _mm256_set1_epi8(-5),
          one = _mm256_set1_epi16(1);
  for (int64_t i = 0; i < kRounds; ++i)
#pragma GCC unroll 12
    for (int k = 0; k < kFewDotChains; ++k) {
      asm volatile("" : "+x"(a));
      sums[k] = _mm256_add_epi32(sums[k], _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), one));
    }
  for (__m256i& sum : sums) asm volatile("" : "+x"(sum));
  return 2.0 * 32 * kFewDotChains * kRounds;
}

__attribute__((target("sse4.1"))) double byte_products_sse() {
  __m128i sums[kFewDotChains] = {}, a = _mm_set1_epi8(3), b = _mm_set1_epi8(-5), one = _mm_set1_epi16(1);
  for (int64_t i = 0; i < kRounds; ++i)
#pragma GCC unroll 12
    for (int k = 0; k < kFewDotChains; ++k) {
      asm volatile("" : "+x"(a));
      sums[k] = _mm_add_epi32(sums[k], _mm_madd_epi16(_mm_maddubs_epi16(a, b), one));
    }
  for (__m128i& sum : sums) asm volatile("" : "+x"(sum));
  return 2.0 * 16 * kFewDotChains * kRounds;
}

__attribute__((target("avx512f"))) void read_avx512(const float* from, int64_t floats) {
  __m512 sums[kVectors] = {};
  for (int64_t i = 0; i < floats; i += 16 * kVectors)
#pragma GCC unroll 8
    for (int k = 0; k < kVectors; ++k) sums[k] = _mm512_add_ps(sums[k], _mm512_load_ps(from + i + 16 * k));
  for (__m512& sum : sums) asm volatile("" : "+v"(sum));
}

__attribute__((target("avx2"))) void read_avx2(const float* from, int64_t floats) {
  __m256 sums[kVectors] = {};
  for (int64_t i = 0; i < floats; i += 8 * kVectors)
#pragma GCC unroll 8
    for (int k = 0; k < kVectors; ++k) sums[k] = _mm256_add_ps(sums[k], _mm256_load_ps(from + i + 8 * k));
  for (__m256& sum : sums) asm volatile("" : "+x"(sum));
}

void read_sse(const float* from, int64_t floats) {
  __m128 sums[kVectors] = {};
  for (int64_t i = 0; i < floats; i += 4 * kVectors)
#pragma GCC unroll 8
    for (int k = 0; k < kVectors; ++k) sums[k] = _mm_add_ps(sums[k], _mm_load_ps(from + i + 4 * k));
  for (__m128& sum : sums) asm volatile("" : "+x"(sum));
}

bool has_avxvnni() {
  return __builtin_cpu_supports("avxvnni");
}

Isa best_avx512(Arithmetic arithmetic) {
  const bool vnni = __builtin_cpu_supports("avx512vnni");
  if (arithmetic == Arithmetic::bf16 && vnni && __builtin_cpu_supports("avx512bf16")) return Isa::avx512bf16;
  return arithmetic == Arithmetic::bytes && vnni ? Isa::avx512vnni : Isa::avx512;
}

}  // namespace

// __builtin_cpu_supports asks the operating system (XGETBV) as well as the processor.
std::optional<Isa> host_isa(Arithmetic arithmetic) {
  __builtin_cpu_init();
  const bool avx2 =
      __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return best_avx512(arithmetic);
  if (avx2) return arithmetic == Arithmetic::bytes && has_avxvnni() ? Isa::avxvnni : Isa::avx2;
  if (__builtin_cpu_supports("sse4.1")) return Isa::sse41;
  return std::nullopt;
}

bool has_besides(Isa isa) {
  __builtin_cpu_init();
  return isa == Isa::avxvnni && host_isa() != Isa::sse41 && has_avxvnni();
}

const Target& least_of_host() {
  return target_for(Isa::sse41);
}

// CPUID's leaves 0x80000002 to 0x80000004 have 16 characters each, padded with blanks or zeros.
std::string processor_name() {
  char name[49] = {};
  for (unsigned leaf = 0; leaf < 3; ++leaf) {
    unsigned words[4] = {};
    if (!__get_cpuid(0x80000002 + leaf, &words[0], &words[1], &words[2], &words[3])) return "";
    std::memcpy(name + 16 * leaf, words, sizeof words);
  }
  const std::string text = name;
  const size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

Meters meters_of(Isa isa) {
  if (isa == Isa::avx512bf16) return {multiply_add_avx512, read_avx512, bfloat16_products};
  if (isa == Isa::avx512vnni) return {multiply_add_avx512, read_avx512, byte_products_avx512vnni};
  if (isa == Isa::avx512) return {multiply_add_avx512, read_avx512, byte_products_avx512};
  if (isa == Isa::avxvnni) return {multiply_add_avx2, read_avx2, byte_products_avxvnni};
  if (isa == Isa::avx2) return {multiply_add_avx2, read_avx2, byte_products_avx2};
  if (isa == Isa::sse41) return {multiply_add_sse, read_sse, byte_products_sse};
  throw std::logic_error("a target of another architecture is not measured here");
}

}  // namespace cnnc
