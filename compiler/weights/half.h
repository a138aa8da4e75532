// 16-bit floating-point numbers to float; both conversions are exact.
#pragma once
#include <cstdint>
#include <cstring>

namespace cnnc {

inline float float_from_bits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// bfloat16 is the upper half of a float.
inline float float_from_bf16(uint16_t bits) {
  return float_from_bits(uint32_t{bits} << 16);
}

// IEEE 754 binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits.
inline float float_from_f16(uint16_t bits) {
  uint32_t sign = uint32_t{bits} >> 15 << 31, exponent = bits >> 10 & 31u, fraction = bits & 1023u;
  if (exponent == 31)
    return float_from_bits(sign | 0x7f800000u | fraction << 13);  // infinite or not a number
  if (exponent != 0) return float_from_bits(sign | (exponent + 112) << 23 | fraction << 13);
  float magnitude = static_cast<float>(fraction) * 0x1p-24f;  // zero or subnormal
  return sign ? -magnitude : magnitude;
}

}  // namespace cnnc
