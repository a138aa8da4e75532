#include "weights/packing.h"

#include <algorithm>
#include <tuple>

#include "ops/winograd.h"
#include "support/checked.h"

namespace cnnc {

namespace {

auto fields(const Packing& p) {
  return std::tie(p.kind, p.outputs, p.inputs, p.height, p.width, p.groups, p.merged_groups, p.output_tile,
                  p.input_block, p.winograd_outputs, p.positions);
}

// Input channels of one packed group.
int64_t packed_inputs(const Packing& p) {
  return p.inputs * p.merged_groups;
}

// Calls f(index in the packed constant, index in the source) for each source element.
template <class F>
void for_each_conv_element(const Packing& p, F f) {
  const int64_t group_outputs = p.outputs / p.groups;
  const int64_t blocks = round_up(packed_inputs(p), p.input_block) / p.input_block;
  int64_t source = 0;
  for (int64_t o = 0; o < p.outputs; ++o) {
    const int64_t group_in_merged = o / group_outputs % p.merged_groups;
    for (int64_t i = 0; i < p.inputs; ++i) {
      const int64_t input = group_in_merged * p.inputs + i;  // in the packed group
      for (int64_t y = 0; y < p.height; ++y)
        for (int64_t x = 0; x < p.width; ++x) {
          const int64_t block = (o / p.output_tile * blocks + input / p.input_block) * p.height + y;
          const int64_t lane = (block * p.width + x) * p.input_block + input % p.input_block;
          f(lane * p.output_tile + o % p.output_tile, source++);
        }
    }
  }
}

// Transformed in double and rounded once. Input channels are padded to whole blocks.
void pack_winograd(const Packing& p, const std::vector<float>& source, std::vector<float>& packed) {
  const Winograd transforms = winograd(static_cast<int>(p.winograd_outputs), static_cast<int>(p.height));
  const int64_t points = transforms.points(), inputs = round_up(p.inputs, p.input_block);
  for (int64_t o = 0; o < p.outputs; ++o)
    for (int64_t i = 0; i < p.inputs; ++i)
      for (int64_t x = 0; x < p.width; ++x)
        for (int64_t point = 0; point < points; ++point) {
          double sum = 0;
          for (int64_t y = 0; y < p.height; ++y)
            sum += transforms.filter[point][y] * source[((o * p.inputs + i) * p.height + y) * p.width + x];
          const int64_t place = ((o / p.output_tile * inputs + i) * p.width + x) * points + point;
          packed[place * p.output_tile + o % p.output_tile] = static_cast<float>(sum);
        }
}

}  // namespace

bool operator==(const Packing& a, const Packing& b) {
  return fields(a) == fields(b);
}

int64_t Packing::elements() const {
  const int64_t padded = round_up(outputs, output_tile);
  switch (kind) {
    case Kind::vector:
      return padded;
    case Kind::conv:
      return padded * round_up(packed_inputs(*this), input_block) * height * width;
    case Kind::winograd:
      return padded * round_up(inputs, input_block) * width * (winograd_outputs + height - 1);
    case Kind::depthwise:
      return padded * height * width;
    case Kind::dense:
      return padded * (positions.empty() ? inputs : static_cast<int64_t>(positions.size()));
  }
  return 0;
}

std::vector<float> pack(const Packing& p, const std::vector<float>& source) {
  std::vector<float> packed(static_cast<size_t>(p.elements()), 0.0f);
  switch (p.kind) {
    case Packing::Kind::vector:
      std::copy(source.begin(), source.end(), packed.begin());
      break;
    case Packing::Kind::conv:
      for_each_conv_element(p, [&](int64_t to, int64_t from) { packed[to] = source[from]; });
      break;
    case Packing::Kind::winograd:
      pack_winograd(p, source, packed);
      break;
    case Packing::Kind::depthwise: {
      const int64_t taps = p.height * p.width;
      for (int64_t c = 0; c < p.outputs; ++c)
        for (int64_t t = 0; t < taps; ++t)
          packed[(c / p.output_tile * taps + t) * p.output_tile + c % p.output_tile] = source[c * taps + t];
      break;
    }
    case Packing::Kind::dense: {
      const int64_t stored = p.positions.empty() ? p.inputs : static_cast<int64_t>(p.positions.size());
      for (int64_t o = 0; o < p.outputs; ++o)
        for (int64_t k = 0; k < stored; ++k) {
          const int64_t from = p.positions.empty() ? k : p.positions[k];
          if (from >= 0)
            packed[(o / p.output_tile * stored + k) * p.output_tile + o % p.output_tile] =
                source[o * p.inputs + from];
        }
      break;
    }
  }
  return packed;
}

}  // namespace cnnc
