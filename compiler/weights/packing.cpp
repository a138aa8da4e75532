#include "weights/packing.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "ops/contraction/winograd.h"
#include "support/checked.h"

namespace cnnc {

namespace {

auto fields(const Packing& p) {
  return std::tie(p.kind, p.outputs, p.inputs, p.height, p.width, p.groups, p.merged_groups, p.output_tile,
                  p.input_block, p.input_pair, p.winograd_outputs, p.positions, p.type);
}

// Input channels of one packed group.
int64_t packed_inputs(const Packing& p) {
  return p.inputs * p.merged_groups;
}

// Elements that a dense layer reads.
int64_t stored_inputs(const Packing& p) {
  return p.positions.empty() ? p.inputs : static_cast<int64_t>(p.positions.size());
}

// Elements of a packed constant that one output has: its filter, padded.
int64_t elements_of_output(const Packing& p) {
  switch (p.kind) {
    case Packing::Kind::vector:
      return 1;
    case Packing::Kind::conv:
      return round_up(packed_inputs(p), p.input_block) * p.height * p.width;
    case Packing::Kind::winograd:
      return round_up(p.inputs, p.input_block) * p.width * (p.winograd_outputs + p.height - 1);
    case Packing::Kind::depthwise:
      return p.height * p.width;
    case Packing::Kind::dense:
      return round_up(stored_inputs(p), p.input_pair);
  }
  return 0;
}

// The packed elements of one output among those of its tile.
template <class T>
struct Filter {
  T* tile_begin;
  int64_t output, tile, pair;
  T& operator[](int64_t place) const {
    return tile_begin[(place / pair * tile + output) * pair + place % pair];
  }
};

template <class T>
void pack_conv(const Packing& p, int64_t o, const T* source, const Filter<T>& filter) {
  const int64_t group_in_merged = o / (p.outputs / p.groups) % p.merged_groups;
  for (int64_t i = 0; i < p.inputs; ++i) {
    const int64_t input = group_in_merged * p.inputs + i;  // in the packed group
    const int64_t block = input / p.input_block, lane = input % p.input_block;
    for (int64_t tap = 0; tap < p.height * p.width; ++tap)
      filter[(block * p.height * p.width + tap) * p.input_block + lane] = *source++;
  }
}

void pack_winograd(const Packing&, const Matrix&, const int32_t*, const Filter<int32_t>&) {
  throw std::logic_error("Winograd's transforms are of floats");
}

// Transformed in double and rounded once. Input channels are padded to whole blocks.
void pack_winograd(const Packing& p, const Matrix& transform, const float* source,
                   const Filter<float>& filter) {
  const int64_t points = p.winograd_outputs + p.height - 1;
  for (int64_t i = 0; i < p.inputs; ++i)
    for (int64_t x = 0; x < p.width; ++x)
      for (int64_t point = 0; point < points; ++point) {
        double sum = 0;
        for (int64_t y = 0; y < p.height; ++y)
          sum += transform[point][y] * source[(i * p.height + y) * p.width + x];
        filter[(i * p.width + x) * points + point] = static_cast<float>(sum);
      }
}

template <class T>
void pack_dense(const Packing& p, const T* source, const Filter<T>& filter) {
  const int64_t count = stored_inputs(p);
  for (int64_t k = 0; k < count; ++k) {
    const int64_t from = p.positions.empty() ? k : p.positions[k];
    if (from >= 0) filter[k] = source[from];
  }
}

// Packs the filter of output o, whose source is given.
template <class T>
void pack_output(const Packing& p, const Matrix& transform, int64_t o, const T* source,
                 const Filter<T>& filter) {
  switch (p.kind) {
    case Packing::Kind::vector:
      filter[0] = *source;
      break;
    case Packing::Kind::conv:
      pack_conv(p, o, source, filter);
      break;
    case Packing::Kind::winograd:
      pack_winograd(p, transform, source, filter);
      break;
    case Packing::Kind::depthwise:
      for (int64_t tap = 0; tap < p.height * p.width; ++tap) filter[tap] = source[tap];
      break;
    case Packing::Kind::dense:
      pack_dense(p, source, filter);
      break;
  }
}

template <class T>
std::vector<T> pack_tiles(const Packing& p, const std::vector<T>& source, int64_t begin, int64_t end) {
  std::vector<T> packed(static_cast<size_t>((end - begin) * p.tile_elements()), T{0});
  Matrix transform;
  if (p.kind == Packing::Kind::winograd)
    transform = winograd(static_cast<int>(p.winograd_outputs), static_cast<int>(p.height)).filter;
  const int64_t source_elements = static_cast<int64_t>(source.size()) / p.outputs;  // of an output
  for (int64_t o = begin * p.output_tile; o < std::min(p.outputs, end * p.output_tile); ++o) {
    const int64_t tile = o / p.output_tile - begin;
    const Filter<T> filter{&packed[tile * p.tile_elements()], o % p.output_tile, p.output_tile, p.input_pair};
    pack_output(p, transform, o, &source[o * source_elements], filter);
  }
  return packed;
}

}  // namespace

bool operator==(const Packing& a, const Packing& b) {
  return fields(a) == fields(b);
}

int64_t Packing::tile_elements() const {
  return elements_of_output(*this) * output_tile;
}

int64_t Packing::tiles() const {
  return round_up(outputs, output_tile) / output_tile;
}

int64_t Packing::elements() const {
  return tiles() * tile_elements();
}

std::vector<float> pack(const Packing& p, const std::vector<float>& source, int64_t begin, int64_t end) {
  return pack_tiles(p, source, begin, end);
}

std::vector<int32_t> pack(const Packing& p, const std::vector<int32_t>& source, int64_t begin, int64_t end) {
  return pack_tiles(p, source, begin, end);
}

std::vector<float> pack(const Packing& p, const std::vector<float>& source) {
  return pack(p, source, 0, p.tiles());
}

}  // namespace cnnc
