// Layers of bytes that are no convolutions: each element as it is defined, to the bit, by every instruction
// set.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "unit/kernels/bytes_fixture.h"
#include "weights/packing.h"

using namespace cnnc;

namespace {

constexpr float kInfinite = std::numeric_limits<float>::infinity();

// Runs the kernel of one input, whose halo is `halo`, and returns the result's elements.
template <class T, class From>
Map<T> result_of(const Kernel& kernel, Isa isa, const Map<From>& input, uint8_t halo = 0) {
  const Bytes bytes = run(kernel, isa, {stored(input, kernel.inputs[0], halo)});
  CHECK(count_touched(bytes, kernel.output) == 0);
  return loaded<T>(bytes, kernel.output);
}

Map<float> random_floats(int64_t channels, int64_t height, int64_t width, std::mt19937& random) {
  Map<float> map(channels, height, width);
  for (float& value : map.values) value = static_cast<float>(random() >> 8) * 0x1p-20f - 8;
  return map;
}

Kernel kernel_of(std::string family, KernelParameters parameters, const Layout& input, const Layout& output) {
  Kernel kernel;
  kernel.family = std::move(family);
  kernel.parameters = std::move(parameters);
  kernel.inputs = {input};
  kernel.output = output;
  return kernel;
}

PoolParameters pool_parameters(int64_t filter, int64_t stride, int64_t pad) {
  PoolParameters parameters;
  const WindowSteps steps{filter, stride, 1, pad, pad};
  parameters.window = {steps, steps};
  return parameters;
}

}  // namespace

TEST_CASE("floats become bytes as they are defined, from and to any layout") {
  std::mt19937 random(3);
  Map<float> input = random_floats(3, 5, 21, random);
  const float edges[] = {NAN,    kInfinite, -kInfinite, 0.0f,  -0.0f, 0.125f,
                         0.375f, 0.625f,    -0.125f,    1e30f, -1e30f};
  std::copy(std::begin(edges), std::end(edges), input.values.begin());
  for (const Isa isa : isas_here())
    for (const int64_t from : {1, 4, 16})
      for (const int64_t to : {1, 4, 16}) {
        const Layout in = layout_of(input, from), out = layout_of(Map<uint8_t>(3, 5, 21), to, 1);
        const Attributes attributes = quantization(0.25, 117);
        const Map<uint8_t> result =
            result_of<uint8_t>(kernel_of("quantize", attributes, in, out), isa, input);
        int64_t wrong = 0;
        for (size_t i = 0; i < input.values.size(); ++i)
          wrong += result.values[i] != quantized_by(0.25f, 117, input.values[i]);
        CHECK_MESSAGE(wrong == 0, to_string(isa), " ", from, " ", to);
      }
}

TEST_CASE("bytes become floats, or bytes of another scale with a sum between, as they are defined") {
  std::mt19937 random(4);
  const Map<uint8_t> input = random_map(20, 5, 6, random), other = random_map(20, 5, 6, random);
  for (const Isa isa : isas_here()) {
    const Layout in = layout_of(input, 16);
    const Kernel plain =
        kernel_of("dequantize", quantization(0.1, 7), in, layout_of(Map<float>(20, 5, 6), 16));
    const Map<float> floats = result_of<float>(plain, isa, input);
    Kernel sum = kernel_of("dequantize", quantization(0.1, 7), in, layout_of(Map<uint8_t>(20, 5, 6), 16));
    sum.inputs.push_back(in);
    sum.epilogue = {{"add_dequantized", quantization(0.3, 200), 1},
                    {"relu", {}, -1},
                    {"quantize", quantization(0.4, 0), -1}};
    const Map<uint8_t> bytes =
        loaded<uint8_t>(run(sum, isa, {stored(input, in, 0), stored(other, in, 0)}), sum.output);
    int64_t wrong = 0;
    for (size_t i = 0; i < input.values.size(); ++i) {
      const float x = dequantized_by(0.1f, 7, input.values[i]);
      wrong += floats.values[i] != x;
      const float total = x + dequantized_by(0.3f, 200, other.values[i]);
      wrong += bytes.values[i] != quantized_by(0.4f, 0, std::max(total, 0.0f));
    }
    CHECK_MESSAGE(wrong == 0, to_string(isa));
  }
}

TEST_CASE("dense layers of bytes are exact") {
  std::mt19937 random(5);
  struct Case {
    int64_t inputs, outputs, tile, bits;
  };
  for (const Case& c : {Case{64, 40, 16, 8}, Case{75, 10, 16, 7}, Case{36, 64, 32, 8}}) {
    const Map<uint8_t> input = random_map(c.inputs, 1, 1, random);
    const int32_t most = c.bits == 7 ? 64 : 127;
    const std::vector<int32_t> weight = random_integers(c.inputs * c.outputs, -most, most, random),
                               bias = random_integers(c.outputs, -5000, 5000, random);
    const std::vector<float> scale(static_cast<size_t>((c.outputs + c.tile - 1) / c.tile * c.tile), 3e-4f);
    Packing packing;
    packing.kind = Packing::Kind::dense;
    packing.outputs = c.outputs, packing.inputs = c.inputs, packing.output_tile = c.tile,
    packing.input_pair = 4;
    packing.type = ElementType::int8;
    const std::vector<int32_t> packed = pack(packing, weight, 0, packing.tiles());
    std::vector<int32_t> padded = bias;
    padded.resize(scale.size());
    for (const Isa isa : isas_here()) {
      Kernel kernel = kernel_of("dense_u8", DenseParameters{c.tile, c.bits}, layout_of(input, 16),
                                layout_of(Map<float>(c.outputs, 1, 1), c.tile));
      const Map<float> result =
          loaded<float>(run(kernel, isa, {stored(input, kernel.inputs[0], 0)},
                            {bytes_of(std::vector<int8_t>(packed.begin(), packed.end())), bytes_of(padded),
                             bytes_of(scale)},
                            {1, 4, 4}),
                        kernel.output);
      int64_t wrong = 0;
      for (int64_t o = 0; o < c.outputs; ++o) {
        int32_t sum = bias[static_cast<size_t>(o)];
        for (int64_t i = 0; i < c.inputs; ++i)
          sum += input.at(i, 0, 0) * weight[static_cast<size_t>(o * c.inputs + i)];
        wrong += result.at(o, 0, 0) != static_cast<float>(sum) * 3e-4f;
      }
      CHECK_MESSAGE(wrong == 0, to_string(isa), " ", c.inputs, " -> ", c.outputs);
    }
  }
}

TEST_CASE("maxima and means of bytes are exact, padding left out or the zero point") {
  std::mt19937 random(6);
  const Map<uint8_t> input = random_map(20, 9, 8, random);
  constexpr int kZeroPoint = 90;
  const float scale = 0.05f / 9;
  for (const Isa isa : isas_here())
    for (const int64_t block : {16, 1}) {
      const Layout in = layout_of(input, block);
      const Map<uint8_t> maxima = result_of<uint8_t>(
          kernel_of("maxpool", pool_parameters(3, 2, 1), in, layout_of(Map<uint8_t>(20, 5, 4), block, 1)),
          isa, input);
      PoolParameters parameters = pool_parameters(3, 2, 1);
      parameters.scale = static_cast<double>(scale);
      parameters.zero_point = kZeroPoint;
      Kernel mean = kernel_of("avgpool_u8", parameters, in, layout_of(Map<uint8_t>(20, 5, 4), block));
      mean.epilogue = {{"quantize", quantization(0.06, 80), -1}};
      const Map<uint8_t> means = result_of<uint8_t>(mean, isa, input);
      int64_t wrong = 0;
      for (int64_t c = 0; c < 20; ++c)
        for (int64_t y = 0; y < 5; ++y)
          for (int64_t x = 0; x < 4; ++x) {
            uint8_t most = 0;
            int32_t sum = 0;
            for (int64_t row = std::max<int64_t>(0, 2 * y - 1); row < std::min<int64_t>(9, 2 * y + 2); ++row)
              for (int64_t column = std::max<int64_t>(0, 2 * x - 1); column < std::min<int64_t>(8, 2 * x + 2);
                   ++column) {
                most = std::max(most, input.at(c, row, column));
                sum += input.at(c, row, column) - kZeroPoint;
              }
            wrong += maxima.at(c, y, x) != most;
            wrong += means.at(c, y, x) != quantized_by(0.06f, 80, static_cast<float>(sum) * scale);
          }
      CHECK_MESSAGE(wrong == 0, to_string(isa), " ", block);
    }
}

TEST_CASE("bytes are moved as they are") {
  std::mt19937 random(7);
  const Map<uint8_t> input = random_map(20, 6, 7, random);
  for (const Isa isa : isas_here()) {
    const Layout in = layout_of(input, 16);
    for (const int64_t block : {1, 4, 16}) {
      const Map<uint8_t> copied =
          result_of<uint8_t>(kernel_of("copy", Attributes{}, in, layout_of(input, block, 1)), isa, input);
      CHECK(copied.values == input.values);
    }
    const Map<uint8_t> part = result_of<uint8_t>(
        kernel_of("slice", SliceParameters{3}, in, layout_of(Map<uint8_t>(10, 6, 7), 16)), isa, input);
    const Attributes mirror{{"mode", std::string("reflect")}, {"padding", std::vector<int64_t>{1, 2, 2, 1}}};
    const Map<uint8_t> padded =
        result_of<uint8_t>(kernel_of("pad", mirror, in, layout_of(Map<uint8_t>(20, 9, 10), 16)), isa, input);
    int64_t wrong = 0;
    for (int64_t c = 0; c < 20; ++c)
      for (int64_t y = 0; y < 6; ++y)
        for (int64_t x = 0; x < 7; ++x) {
          if (c < 10) wrong += part.at(c, y, x) != input.at(c + 3, y, x);
          wrong += padded.at(c, y + 1, x + 2) != input.at(c, y, x);
        }
    wrong += padded.at(4, 0, 0) != input.at(4, 1, 2);
    CHECK_MESSAGE(wrong == 0, to_string(isa));
  }
}
