#include "emit/library/weights_object.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "runtime/cnnc_rt.h"
#include "support/checked.h"
#include "support/half.h"

namespace cnnc {

namespace {

constexpr int64_t kPieceBytes = int64_t{4} << 20;  // about; a tile of outputs may be more

// Tiles of a constant that are packed at a time: their bytes are a multiple of kAlignment.
int64_t tiles_of_piece(const Packing& packing) {
  const int64_t bytes = packing.tile_bytes();
  const int64_t whole = kAlignment / std::gcd(kAlignment, bytes);
  return std::max<int64_t>(1, kPieceBytes / (bytes * whole)) * whole;
}

// Each value as the bytes of what `convert` makes of it.
template <class T, class Convert>
std::string bytes_of(const std::vector<T>& values, Convert convert) {
  using Stored = decltype(convert(T()));
  std::string bytes(values.size() * sizeof(Stored), '\0');
  for (size_t i = 0; i < values.size(); ++i) {
    const Stored value = convert(values[i]);
    std::memcpy(&bytes[i * sizeof value], &value, sizeof value);
  }
  return bytes;
}

std::string bytes_of_floats(const std::vector<float>& values, ElementType type) {
  if (type == ElementType::float16) return bytes_of(values, f16_from_float);
  if (type == ElementType::bfloat16) return bytes_of(values, bf16_from_float);
  return bytes_of(values, [](float value) { return value; });
}

std::string bytes_of_integers(const std::vector<int32_t>& values, ElementType type) {
  if (type == ElementType::int8) return bytes_of(values, [](int32_t v) { return static_cast<int8_t>(v); });
  return bytes_of(values, [](int32_t value) { return value; });
}

std::string packed_bytes(const Constant& constant, int64_t begin, int64_t end) {
  const ElementType type = constant.packing.type;
  if (constant.values) return bytes_of_floats(pack(constant.packing, *constant.values, begin, end), type);
  if (!constant.integers) throw std::logic_error("no values for " + constant.name);
  return bytes_of_integers(pack(constant.packing, *constant.integers, begin, end), type);
}

}  // namespace

void write_weights(const Plans& plans, const ByteSink& take) {
  int64_t written = 0;
  for (const Constant& constant : plans.constants) {
    const int64_t tiles = constant.packing.tiles(), step = tiles_of_piece(constant.packing);
    for (int64_t tile = 0; tile < tiles; tile += step) {
      std::string piece = packed_bytes(constant, tile, std::min(tile + step, tiles));
      piece.resize(static_cast<size_t>(round_up(static_cast<int64_t>(piece.size()), kAlignment)), '\0');
      take(piece.data(), piece.size());
      written += static_cast<int64_t>(piece.size());
    }
  }
  if (written != plans.weights_bytes) throw std::logic_error("the weights do not have the planned size");
}

uint64_t hash_weights(const Plans& plans) {
  uint64_t hash = CNNC_RT_HASH_OF_NOTHING;
  write_weights(plans, [&](const void* data, size_t bytes) { hash = cnnc_rt_hash(hash, data, bytes); });
  return hash;
}

}  // namespace cnnc
