// 16-bit floating-point numbers to float, which is exact, and back: to the nearest one, halves to the even
// one.
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

inline uint32_t bits_of(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

// Of a finite number; beyond the greatest it becomes an infinity.
inline uint16_t bf16_from_float(float value) {
  const uint32_t bits = bits_of(value);
  return static_cast<uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

// Of a finite number; from 65520 on it becomes an infinity. A float with 13 bits more of fraction is rounded
// by adding a number that pushes these out; below the normal ones, all that are less than 2^-24.
inline uint16_t f16_from_float(float value) {
  const uint32_t sign = bits_of(value) >> 31 << 15;
  const float magnitude = float_from_bits(bits_of(value) & 0x7fffffffu);
  if (magnitude >= 65520.0f) return static_cast<uint16_t>(sign | 0x7c00u);
  if (magnitude < 0x1p-14f) return static_cast<uint16_t>(sign | (bits_of(magnitude + 0.5f) - bits_of(0.5f)));
  const uint32_t bits = bits_of(magnitude);
  return static_cast<uint16_t>(sign | (((bits + 0xfffu + (bits >> 13 & 1u)) >> 13) - (112u << 10)));
}

}  // namespace cnnc
