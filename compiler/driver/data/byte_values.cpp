#include "driver/data/byte_values.h"

#include <algorithm>
#include <cmath>

namespace cnnc {
namespace {

// Of bytes with a sign, what lies between them and such without.
int half_of(const BytePort& port) {
  return port.has_sign ? 128 : 0;
}

}  // namespace

void make_bytes(const BytePort& port, std::vector<float>& values) {
  const int half = half_of(port), zero_point = port.zero_point + half;
  const float inverse = 1 / port.scale;
  for (float& value : values) {
    const float steps = std::isnan(value) ? -256 : std::nearbyint(value * inverse);
    const float byte = std::clamp(steps + static_cast<float>(zero_point), 0.0f, 255.0f);
    value = static_cast<float>(static_cast<int>(byte) ^ half);
  }
}

void make_reals(const BytePort& port, std::vector<float>& values) {
  const int half = half_of(port), zero_point = port.zero_point + half;
  for (float& value : values)
    value = static_cast<float>((static_cast<int>(value) ^ half) - zero_point) * port.scale;
}

}  // namespace cnnc
