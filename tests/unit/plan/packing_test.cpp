// Every packed constant against the index formulas of weights/packing.h, place by place.
#include "weights/packing.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "ops/contraction/winograd.h"

using namespace cnnc;

namespace {

using Kind = Packing::Kind;
using Sizes = std::vector<int64_t>;

int64_t blocks_of(int64_t n, int64_t block) {
  return n / block + (n % block != 0);
}

// 1, 2, 3, …: every element can be told from the others and from padding.
std::vector<float> counted(int64_t n) {
  std::vector<float> values(static_cast<size_t>(n));
  std::iota(values.begin(), values.end(), 1.0f);
  return values;
}

// Calls f(indices) for every place of an array of those extents, the last index running fastest.
void for_each_place(const Sizes& extents, const std::function<void(const Sizes&)>& f) {
  const int64_t places = std::accumulate(extents.begin(), extents.end(), int64_t{1}, std::multiplies<>());
  for (int64_t place = 0; place < places; ++place) {
    Sizes indices(extents.size());
    int64_t rest = place;
    for (size_t i = extents.size(); i-- > 0; rest /= extents[i]) indices[i] = rest % extents[i];
    f(indices);
  }
}

// Packs 1, 2, 3, … and checks each place of the result; expected(indices, source) says what stands there.
void check_places(const Packing& packing, int64_t source_elements, const Sizes& extents,
                  const std::function<float(const Sizes&, const std::vector<float>&)>& expected) {
  const std::vector<float> source = counted(source_elements), packed = pack(packing, source);
  CHECK(packing.elements() == static_cast<int64_t>(packed.size()));
  REQUIRE(std::accumulate(extents.begin(), extents.end(), int64_t{1}, std::multiplies<>()) ==
          static_cast<int64_t>(packed.size()));
  size_t place = 0, wrong = 0;
  for_each_place(extents,
                 [&](const Sizes& indices) { wrong += packed[place++] != expected(indices, source); });
  CHECK(wrong == 0);
}

struct ConvCase {
  int64_t outputs, inputs, height, width, groups, merged, output_tile, input_block;
};

// Filters of 1 and more, channels that fill their blocks and that do not, groups alone and merged.
const std::vector<ConvCase> kConvs = {
    {1, 1, 1, 1, 1, 1, 1, 1},    {6, 1, 5, 5, 1, 1, 3, 1},     {16, 16, 3, 3, 1, 1, 16, 16},
    {17, 5, 3, 2, 1, 1, 16, 8},  {5, 33, 1, 3, 1, 1, 4, 16},   {32, 16, 1, 1, 2, 1, 16, 16},
    {16, 4, 3, 3, 4, 4, 16, 16}, {64, 4, 2, 3, 16, 4, 16, 16}, {12, 3, 3, 1, 4, 2, 4, 4},
    {15, 5, 1, 2, 3, 3, 8, 8},   {6, 1, 3, 3, 2, 2, 16, 1},
};

Packing conv_packing(const ConvCase& c) {
  Packing p;
  p.kind = Kind::conv;
  p.outputs = c.outputs;
  p.inputs = c.inputs;
  p.height = c.height;
  p.width = c.width;
  p.groups = c.groups;
  p.merged_groups = c.merged;
  p.output_tile = c.output_tile;
  p.input_block = c.input_block;
  return p;
}

}  // namespace

TEST_CASE("a vector is packed in order, and padded with zeros to whole tiles") {
  for (const int64_t n : {1, 15, 16, 17}) {
    CAPTURE(n);
    Packing p;
    p.outputs = n;
    p.output_tile = 16;
    check_places(p, n, {blocks_of(n, 16) * 16}, [&](const Sizes& at, const std::vector<float>& source) {
      return at[0] < n ? source[at[0]] : 0.0f;
    });
  }
}

TEST_CASE(
    "a conv's weights lie as [o/ot][i/ib][h][w][i%ib][o%ot], with zeros where a merged group has no weight") {
  for (const ConvCase& c : kConvs) {
    CAPTURE(fmt::format("{} outputs, {} inputs, {}x{}, {} groups", c.outputs, c.inputs, c.height, c.width,
                        c.groups));
    const Sizes extents = {blocks_of(c.outputs, c.output_tile),
                           blocks_of(c.inputs * c.merged, c.input_block),
                           c.height,
                           c.width,
                           c.input_block,
                           c.output_tile};
    const int64_t elements = c.outputs * c.inputs * c.height * c.width;
    check_places(conv_packing(c), elements, extents, [&](const Sizes& at, const std::vector<float>& source) {
      const int64_t o = at[0] * c.output_tile + at[5];
      if (o >= c.outputs) return 0.0f;
      const int64_t group = o / (c.outputs / c.groups);
      const int64_t i = at[1] * c.input_block + at[4] - group % c.merged * c.inputs;
      if (i < 0 || i >= c.inputs) return 0.0f;
      return source[((o * c.inputs + i) * c.height + at[2]) * c.width + at[3]];
    });
  }
}

TEST_CASE("a conv's weights for pairs of inputs lie as [o/ot][i/ib][h][w][i%ib/ip][o%ot][i%ip]") {
  const ConvCase c{24, 19, 2, 3, 1, 1, 8, 16};
  Packing p = conv_packing(c);
  p.input_pair = 2;
  check_places(p, 24 * 19 * 6, {3, 2, 2, 3, 8, 8, 2}, [&](const Sizes& at, const std::vector<float>& source) {
    const int64_t o = at[0] * 8 + at[5], i = at[1] * 16 + at[4] * 2 + at[6];
    return i < c.inputs ? source[((o * c.inputs + i) * 2 + at[2]) * 3 + at[3]] : 0.0f;
  });
}

TEST_CASE(
    "Winograd's weights lie as [o/ot][i][w][p][o%ot], each column of a filter times the filter's transform") {
  for (const auto& [m, r] : {std::pair{2, 3}, {4, 3}, {2, 5}, {4, 5}}) {
    const ConvCase c{19, 5, r, 3, 1, 1, 16, 4};
    CAPTURE(m);
    CAPTURE(r);
    Packing p = conv_packing(c);
    p.kind = Kind::winograd;
    p.winograd_outputs = m;
    const Winograd transforms = winograd(m, r);
    const Sizes extents = {2, 8, c.width, m + r - 1, c.output_tile};
    const int64_t elements = c.outputs * c.inputs * r * c.width;
    check_places(p, elements, extents, [&](const Sizes& at, const std::vector<float>& source) {
      const int64_t o = at[0] * c.output_tile + at[4], i = at[1];
      if (o >= c.outputs || i >= c.inputs) return 0.0f;
      double sum = 0;
      for (int64_t y = 0; y < c.height; ++y)
        sum += transforms.filter[at[3]][y] * source[((o * c.inputs + i) * c.height + y) * c.width + at[2]];
      return static_cast<float>(sum);
    });
  }
}

TEST_CASE("a depthwise conv's weights lie as [c/ot][h][w][c%ot]") {
  for (const int64_t channels : {1, 16, 21}) {
    CAPTURE(channels);
    Packing p = conv_packing({channels, 1, 3, 2, channels, 1, 8, 8});
    p.kind = Kind::depthwise;
    check_places(p, channels * 6, {blocks_of(channels, 8), 3, 2, 8},
                 [&](const Sizes& at, const std::vector<float>& source) {
                   const int64_t c = at[0] * 8 + at[3];
                   return c < channels ? source[(c * 3 + at[1]) * 2 + at[2]] : 0.0f;
                 });
  }
}

TEST_CASE("a dense layer's weights lie as [o/ot][k][o%ot], k over the features in order") {
  for (const int64_t outputs : {1, 24, 37}) {
    CAPTURE(outputs);
    Packing p = conv_packing({outputs, 7, 1, 1, 1, 1, 24, 1});
    p.kind = Kind::dense;
    check_places(p, outputs * 7, {blocks_of(outputs, 24), 7, 24},
                 [&](const Sizes& at, const std::vector<float>& source) {
                   const int64_t o = at[0] * 24 + at[2];
                   return o < outputs ? source[o * 7 + at[1]] : 0.0f;
                 });
  }
}

TEST_CASE(
    "a dense layer's weights follow the stored order of its input, with zeros for what is padding there") {
  Packing p = conv_packing({10, 5, 1, 1, 1, 1, 8, 1});
  p.kind = Kind::dense;
  p.positions = {0, 3, -1, 1, 4, -1, 2, -1};
  check_places(p, 50, {2, 8, 8}, [&](const Sizes& at, const std::vector<float>& source) {
    const int64_t o = at[0] * 8 + at[2], from = p.positions[at[1]];
    return o < 10 && from >= 0 ? source[o * 5 + from] : 0.0f;
  });
}

TEST_CASE("a constant packed a few tiles at a time is the same as packed at once") {
  std::vector<Packing> packings;
  for (const ConvCase& c : kConvs) packings.push_back(conv_packing(c));
  packings.push_back(conv_packing({19, 5, 3, 3, 1, 1, 4, 4}));
  packings.back().kind = Kind::winograd;
  packings.back().winograd_outputs = 4;
  packings.push_back(conv_packing({21, 1, 3, 2, 21, 1, 8, 8}));
  packings.back().kind = Kind::depthwise;
  packings.push_back(conv_packing({37, 5, 1, 1, 1, 1, 8, 1}));
  packings.back().kind = Kind::dense;
  packings.back().positions = {0, 3, -1, 1, 4, -1, 2, -1};
  for (const Packing& p : packings) {
    const std::vector<float> source = counted(p.outputs * p.inputs * p.height * p.width);
    for (const int64_t step : {1, 2, 3}) {
      std::vector<float> joined;
      for (int64_t tile = 0; tile < p.tiles(); tile += step) {
        const std::vector<float> piece = pack(p, source, tile, std::min(tile + step, p.tiles()));
        joined.insert(joined.end(), piece.begin(), piece.end());
      }
      CHECK(joined == pack(p, source));
    }
  }
}

TEST_CASE("packings that differ in anything are not equal") {
  const Packing p = conv_packing({16, 4, 3, 3, 4, 4, 16, 16});
  CHECK(p == conv_packing({16, 4, 3, 3, 4, 4, 16, 16}));
  for (int64_t Packing::*field : {&Packing::outputs, &Packing::inputs, &Packing::height, &Packing::width,
                                  &Packing::groups, &Packing::merged_groups, &Packing::output_tile,
                                  &Packing::input_block, &Packing::input_pair, &Packing::winograd_outputs}) {
    Packing other = p;
    ++(other.*field);
    CHECK_FALSE(other == p);
  }
  Packing kind = p, positions = p;
  kind.kind = Kind::winograd;
  positions.positions = {0};
  CHECK_FALSE(kind == p);
  CHECK_FALSE(positions == p);
}
