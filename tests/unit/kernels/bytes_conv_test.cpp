// Convolutions of bytes: each element as it is defined, to the bit, by every instruction set.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "unit/kernels/bytes_fixture.h"
#include "weights/packing.h"

using namespace cnnc;

namespace {

struct ConvCase {
  int64_t inputs, outputs, height, width, filter = 1, stride = 1, pad = 0, dilation = 1, groups = 1;
  int64_t weight_bits = 8;
  int zero_point = 0;  // of the input
  int threads = 1;
  Schedule schedule = {};
};

std::string text_of(const ConvCase& c) {
  return fmt::format(
      "{} -> {} of {}x{} filter {} stride {} pad {} dilation {} groups {} bits {} zero point {}", c.inputs,
      c.outputs, c.height, c.width, c.filter, c.stride, c.pad, c.dilation, c.groups, c.weight_bits,
      c.zero_point);
}

constexpr float kOtherScale = 0.037f;
constexpr int kOtherZeroPoint = 77;

// What a test draws, and what must come out.
struct Conv {
  const ConvCase& c;
  std::mt19937 random{5};
  Map<uint8_t> input, other;
  std::vector<int32_t> weight, bias;  // bias: of the input less its zero point
  std::vector<float> scale;
  int64_t group_inputs, group_outputs;

  explicit Conv(const ConvCase& of)
      : c(of),
        input(random_map(c.inputs, c.height, c.width, random)),
        other(random_map(c.outputs, size(c.height), size(c.width), random)),
        group_inputs(c.inputs / c.groups),
        group_outputs(c.outputs / c.groups) {
    const int32_t most = c.weight_bits < 8 ? 64 : 127;
    weight = random_integers(c.outputs * group_inputs * c.filter * c.filter, -most, most, random);
    for (size_t i = 0; i < weight.size(); i += 3) weight[i] = most;  // sums that would saturate
    for (size_t i = 0; i < input.values.size(); i += 2) input.values[i] = 255;
    bias = random_integers(c.outputs, -20000, 20000, random);
    for (int64_t o = 0; o < c.outputs; ++o)
      scale.push_back(static_cast<float>(1 + random() % 1000) * 4e-6f /
                      static_cast<float>(group_inputs * c.filter));
  }

  int64_t size(int64_t of_input) const {
    return (of_input + 2 * c.pad - c.dilation * (c.filter - 1) - 1) / c.stride + 1;
  }
  int32_t sum(int64_t o, int64_t y, int64_t x) const {
    int64_t sum = bias[static_cast<size_t>(o)];
    for (int64_t i = 0; i < group_inputs; ++i)
      for (int64_t ky = 0; ky < c.filter; ++ky)
        for (int64_t kx = 0; kx < c.filter; ++kx) {
          const int64_t row = y * c.stride + ky * c.dilation - c.pad,
                        column = x * c.stride + kx * c.dilation - c.pad;
          if (row < 0 || row >= c.height || column < 0 || column >= c.width) continue;
          sum += (input.at(o / group_outputs * group_inputs + i, row, column) - c.zero_point) *
                 weight[static_cast<size_t>(((o * group_inputs + i) * c.filter + ky) * c.filter + kx)];
        }
    return static_cast<int32_t>(sum);
  }
  bool is_depthwise() const { return c.groups > 1 && c.groups == c.inputs && c.groups == c.outputs; }
  float value(int64_t o, int64_t y, int64_t x) const {
    return static_cast<float>(sum(o, y, x)) * scale[static_cast<size_t>(o)];
  }

  // With the sums of weights times the zero point, for kernels that sum bytes as they are.
  std::vector<int32_t> folded_bias() const {
    std::vector<int32_t> folded = bias;
    const size_t taps = weight.size() / bias.size();
    for (size_t i = 0; i < weight.size(); ++i) folded[i / taps] -= weight[i] * c.zero_point;
    return folded;
  }
};

template <class T>
std::vector<T> padded(std::vector<T> values, int64_t block) {
  while (values.size() % static_cast<size_t>(block) != 0) values.push_back(T{7});
  return values;
}

// The kernel of this family, without an epilogue.
Kernel kernel_of(const Conv& conv, int64_t block) {
  const ConvCase& c = conv.c;
  Kernel kernel;
  kernel.family = conv.is_depthwise() ? "conv_depthwise_u8" : "conv_u8";
  const WindowSteps steps{c.filter, c.stride, c.dilation, c.pad, c.pad};
  ConvParameters parameters;
  parameters.window = {steps, steps};
  parameters.groups = c.groups;
  parameters.weight_bits = c.weight_bits;
  kernel.parameters = parameters;
  kernel.inputs = {layout_of(conv.input, c.inputs <= 4 && !conv.is_depthwise() ? 4 : block, c.pad)};
  kernel.schedule = c.schedule;
  return kernel;
}

std::vector<Bytes> constants_of(const Conv& conv, const Layout& input, int64_t block) {
  Packing packing;
  packing.kind = conv.is_depthwise() ? Packing::Kind::depthwise : Packing::Kind::conv;
  packing.outputs = conv.c.outputs, packing.inputs = conv.group_inputs;
  packing.height = packing.width = conv.c.filter;
  packing.groups = conv.c.groups;
  packing.output_tile = block, packing.input_block = input.block;
  packing.input_pair = conv.is_depthwise() ? 1 : 4;
  packing.type = ElementType::int8;
  const std::vector<int32_t> weight = pack(packing, conv.weight, 0, packing.tiles());
  return {bytes_of(std::vector<int8_t>(weight.begin(), weight.end())),
          bytes_of(padded(conv.folded_bias(), block)), bytes_of(padded(conv.scale, block))};
}

// With an epilogue and a result of type T, compared with `expected`, which gets an element's place.
template <class T>
void check(const Conv& conv, Isa isa, int64_t block, const std::vector<EpilogueStep>& epilogue,
           const std::function<T(int64_t, int64_t, int64_t)>& expected) {
  Kernel kernel = kernel_of(conv, block);
  kernel.epilogue = epilogue;
  Map<T> result(conv.c.outputs, conv.size(conv.c.height), conv.size(conv.c.width));
  kernel.output = layout_of(result, block, 1);
  std::vector<Bytes> inputs{stored(conv.input, kernel.inputs[0], static_cast<uint8_t>(conv.c.zero_point))};
  if (std::any_of(epilogue.begin(), epilogue.end(), [](const EpilogueStep& s) { return s.operand > 0; })) {
    kernel.inputs.push_back(layout_of(conv.other, block));
    inputs.push_back(stored(conv.other, kernel.inputs[1], 0));
  }
  const Bytes bytes =
      run(kernel, isa, inputs, constants_of(conv, kernel.inputs[0], block), {1, 4, 4}, conv.c.threads);
  CHECK(count_touched(bytes, kernel.output) == 0);
  result = loaded<T>(bytes, kernel.output);
  int64_t wrong = 0;
  for (int64_t o = 0; o < result.channels; ++o)
    for (int64_t y = 0; y < result.height; ++y)
      for (int64_t x = 0; x < result.width; ++x) wrong += result.at(o, y, x) != expected(o, y, x);
  CHECK_MESSAGE(wrong == 0, to_string(isa), " block ", block, ": ", text_of(conv.c));
}

void check_bytes(const Conv& conv, Isa isa, int64_t block) {
  check<uint8_t>(
      conv, isa, block, {{"quantize", quantization(0.25, 9), -1}},
      [&](int64_t o, int64_t y, int64_t x) { return quantized_by(0.25f, 9, conv.value(o, y, x)); });
}

// The sum with another tensor, in bytes again.
void check_residual(const Conv& conv, Isa isa, int64_t block) {
  const std::vector<EpilogueStep> steps = {
      {"add_dequantized", quantization(static_cast<double>(kOtherScale), kOtherZeroPoint), 1},
      {"relu", {}, -1},
      {"quantize", quantization(0.3, 0), -1}};
  check<uint8_t>(conv, isa, block, steps, [&](int64_t o, int64_t y, int64_t x) {
    const float sum =
        conv.value(o, y, x) + dequantized_by(kOtherScale, kOtherZeroPoint, conv.other.at(o, y, x));
    return quantized_by(0.3f, 0, std::max(sum, 0.0f));
  });
}

void check_floats(const Conv& conv, Isa isa, int64_t block) {
  check<float>(conv, isa, block, {}, [&](int64_t o, int64_t y, int64_t x) { return conv.value(o, y, x); });
}

// In blocks as wide as the target's vectors and, as in libraries for several, as those of the best one.
void check_case(const ConvCase& c) {
  const Conv conv(c);
  for (const Isa isa : isas_here()) {
    check_bytes(conv, isa, 16);
    check_residual(conv, isa, target_for(isa).lanes);
  }
}

const std::vector<ConvCase> kCases = {
    {16, 16, 5, 7, 1, 1, 0, 1, 1, 8, 3},   {35, 40, 4, 6, 3, 1, 1, 1, 1, 8, 128},
    {64, 33, 6, 5, 3, 2, 1, 1, 1, 7, 200}, {3, 20, 9, 11, 7, 2, 3, 1, 1, 8, 114},
    {4, 16, 7, 7, 3, 1, 1, 2, 1, 7, 0},    {48, 16, 9, 9, 1, 2, 0, 1, 1, 8, 255},
    {32, 32, 5, 5, 3, 1, 1, 1, 2, 8, 1},
};

const std::vector<ConvCase> kDepthwise = {{40, 40, 7, 9, 3, 1, 1, 1, 40, 8, 128},
                                          {16, 16, 9, 9, 5, 2, 2, 1, 16, 7, 3},
                                          {3, 3, 6, 5, 3, 1, 1, 2, 3, 8, 0}};

}  // namespace

TEST_CASE("convolutions of bytes are exact") {
  for (const ConvCase& c : kCases) check_case(c);
}

TEST_CASE("convolutions of bytes may give floats") {
  const ConvCase c{35, 24, 4, 6, 3, 1, 1, 1, 1, 8, 128};
  for (const Isa isa : isas_here()) check_floats(Conv(c), isa, 16);
}

TEST_CASE("depthwise convolutions of bytes are exact") {
  for (const ConvCase& c : kDepthwise) check_case(c);
}

TEST_CASE("convolutions of bytes are the same on several threads, and by any schedule") {
  for (const Schedule& schedule : {Schedule{{"x", 3}, {"y", 2}, {"blocks", 2}, {"rows_outer", 0}},
                                   Schedule{{"x", 1}, {"y", 1}, {"blocks", 4}, {"rows_outer", 1}}}) {
    ConvCase c{20, 64, 6, 7, 3, 1, 1, 1, 1, 8, 31};
    c.schedule = schedule;
    c.threads = 3;
    const Isa isa = isas_here().front();
    check_bytes(Conv(c), isa, target_for(isa).lanes);
  }
}
