#include <arm_neon.h>
#include <asm/hwcap.h>
#include <sys/auxv.h>

#include <fstream>
#include <stdexcept>

#include "target/host.h"

namespace cnnc {

namespace {

constexpr int kChains = 16;  // independent ones: latency of 4 cycles times as many as four a cycle
constexpr int64_t kRounds = 4096;
constexpr int kVectors = 8;  // that are read at once

double multiply_add_neon() {
  float32x4_t sums[kChains], a = vdupq_n_f32(0.999f), b = vdupq_n_f32(0.001f);
  for (float32x4_t& sum : sums) sum = vdupq_n_f32(1);
  asm volatile("" : "+w"(a), "+w"(b));  // what they are is then not known
  for (int64_t i = 0; i < kRounds; ++i)
#pragma GCC unroll 16
    for (int k = 0; k < kChains; ++k) sums[k] = vfmaq_f32(sums[k], a, b);
  for (float32x4_t& sum : sums) asm volatile("" : "+w"(sum));
  return 2.0 * 4 * kChains * kRounds;
}

__attribute__((target("arch=armv8.2-a+dotprod"))) double byte_products_neon_dotprod() {
  int32x4_t sums[kChains] = {};
  int8x16_t a = vdupq_n_s8(3), b = vdupq_n_s8(-5);
  asm volatile("" : "+w"(a), "+w"(b));
  for (int64_t i = 0; i < kRounds; ++i)
#pragma GCC unroll 16
    for (int k = 0; k < kChains; ++k) sums[k] = vdotq_s32(sums[k], a, b);
  for (int32x4_t& sum : sums) asm volatile("" : "+w"(sum));
  return 2.0 * 16 * kChains * kRounds;
}

void read_neon(const float* from, int64_t floats) {
  float32x4_t sums[kVectors] = {};
  for (int64_t i = 0; i < floats; i += 4 * kVectors)
#pragma GCC unroll 8
    for (int k = 0; k < kVectors; ++k) sums[k] = vaddq_f32(sums[k], vld1q_f32(from + i + 4 * k));
  for (float32x4_t& sum : sums) asm volatile("" : "+w"(sum));
}

}  // namespace

// Advanced SIMD is part of every AArch64 processor that runs Linux.
std::optional<Isa> host_isa(Arithmetic arithmetic) {
  const bool has_dots = (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
  return arithmetic == Arithmetic::bytes && has_dots ? Isa::neon_dotprod : Isa::neon;
}

bool has_besides(Isa) {
  return false;
}

const Target& least_of_host() {
  return target_for(Isa::neon);
}

// The registers that name a core are not for programs; boards say what they are in the device tree:
// "Raspberry Pi 4 Model B".
std::string processor_name() {
  std::ifstream file("/proc/device-tree/model");
  std::string name;
  std::getline(file, name, '\0');
  return name;
}

Meters meters_of(Isa isa) {
  if (isa == Isa::neon_dotprod) return {multiply_add_neon, read_neon, byte_products_neon_dotprod};
  if (isa == Isa::neon) return {multiply_add_neon, read_neon, nullptr};
  throw std::logic_error("a target of another architecture is not measured here");
}

}  // namespace cnnc
