// Kernels of bytes, compiled and run on tensors that tests fill.
#pragma once
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

// A tensor or a constant as a kernel reads or leaves it: with its halo, and what fills up blocks.
using Bytes = std::vector<uint8_t>;

template <class T>
Bytes bytes_of(const std::vector<T>& values) {
  Bytes bytes(values.size() * sizeof(T));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

// A map of channels x height x width in rows.
template <class T>
struct Map {
  int64_t channels, height, width;
  std::vector<T> values;

  Map(int64_t c, int64_t h, int64_t w)
      : channels(c), height(h), width(w), values(static_cast<size_t>(c * h * w)) {}
  T& at(int64_t c, int64_t y, int64_t x) { return values[static_cast<size_t>((c * height + y) * width + x)]; }
  T at(int64_t c, int64_t y, int64_t x) const {
    return values[static_cast<size_t>((c * height + y) * width + x)];
  }
};

// In blocks, with a halo of so many elements on each side.
template <class T>
Layout layout_of(const Map<T>& map, int64_t block, int64_t halo = 0) {
  Layout layout;
  layout.channels = map.channels, layout.height = map.height, layout.width = map.width, layout.block = block;
  layout.top = layout.bottom = layout.left = layout.right = halo;
  layout.type = sizeof(T) == 1 ? ElementType::uint8 : ElementType::float32;
  return layout;
}

constexpr uint8_t kUntouched = 0xa5;  // what stands around a result before it is computed

// The map as it lies so; around it `halo`, and as lanes of padding kUntouched.
template <class T>
Bytes stored(const Map<T>& map, const Layout& layout, uint8_t halo) {
  Bytes bytes(static_cast<size_t>(layout.bytes()), layout.has_halo() ? halo : kUntouched);
  for (int64_t c = 0; c < layout.planes() * layout.block; ++c)
    for (int64_t y = 0; y < map.height; ++y)
      for (int64_t x = 0; x < map.width; ++x) {
        uint8_t* to = &bytes[static_cast<size_t>(layout.bytes_of(layout.index(c, y, x)))];
        if (c < map.channels)
          std::memcpy(to, &map.values[static_cast<size_t>((c * map.height + y) * map.width + x)], sizeof(T));
        else
          std::memset(to, kUntouched, sizeof(T));
      }
  return bytes;
}

template <class T>
Map<T> loaded(const Bytes& bytes, const Layout& layout) {
  Map<T> map(layout.channels, layout.height, layout.width);
  for (int64_t c = 0; c < map.channels; ++c)
    for (int64_t y = 0; y < map.height; ++y)
      for (int64_t x = 0; x < map.width; ++x)
        std::memcpy(&map.at(c, y, x), &bytes[static_cast<size_t>(layout.bytes_of(layout.index(c, y, x)))],
                    sizeof(T));
  return map;
}

// The instruction sets of this machine, the best first.
std::vector<Isa> isas_here();

// The kernel's result on so many threads, in a tensor whose other bytes are kUntouched. Completes the kernel
// by the sizes of its constants (in elements of so many bytes), alignments and, unless it has one, a
// schedule.
Bytes run(Kernel kernel, Isa isa, const std::vector<Bytes>& inputs, const std::vector<Bytes>& constants = {},
          const std::vector<int64_t>& constant_bytes = {}, int threads = 1);

// How many of them are not those of the result's elements and not kUntouched, lanes of padding left out.
int64_t count_touched(const Bytes& bytes, const Layout& layout);

Map<uint8_t> random_map(int64_t channels, int64_t height, int64_t width, std::mt19937& random);
std::vector<int32_t> random_integers(int64_t count, int32_t least, int32_t greatest, std::mt19937& random);

// By the definitions of ops/quantized/: in floats, operation by operation.
uint8_t quantized_by(float scale, int zero_point, float x);
float dequantized_by(float scale, int zero_point, uint8_t q);
Attributes quantization(double scale, int64_t zero_point);

}  // namespace cnnc
