// What a kernel computes besides what its tensors' layouts say: the numbers of its operator, or of two
// operators that it computes together.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "graph/element_type.h"
#include "graph/graph.h"
#include "ops/window/window.h"
#include "plan/tensor_program.h"

namespace cnnc {

// A window along one axis, as WindowAxis (ops/window/window.h) without the sizes, which the layouts have:
// number o of the result meets the input at its tap k in place o * stride - pad_before + k * dilation.
struct WindowSteps {
  int64_t filter = 1, stride = 1, dilation = 1;
  int64_t pad_before = 0, pad_after = 0;  // before: negative where the first elements are not used
};

struct WindowParameters {
  WindowSteps height, width;
  int64_t taps() const { return height.filter * width.filter; }
};

WindowParameters parameters_of(const Window& window);

// A batchnorm and the activations behind it, computed of each element of the first input as it is read. Its
// scale and shift, by channel, are the kernel's last two constants.
struct BatchnormPrologue {
  std::vector<EpilogueStep> activations;
};

// The first of two convolutions that a kernel of the family conv_and_depthwise computes, of one group. Its
// result, which the depthwise one alone reads, is never stored as a whole.
struct InnerConv {
  WindowParameters window;
  int64_t height = 1, width = 1;  // of its result
  std::vector<EpilogueStep> epilogue;
};

// Where in the operands of its epilogue the result of a phase of an upconv begins
// (ops/window/upconv_phases.h).
struct PhaseStart {
  int64_t row = 0, column = 0;
};

// conv_blocked and the other algorithms of convolutions.
struct ConvParameters {
  WindowParameters window;
  int64_t groups = 1;               // that are summed apart: those that are packed as one count as one
  int64_t planar_tile = 0;          // of a planar result: channels that its weights are packed for; else 0
  std::optional<PhaseStart> phase;  // of a phase with operands
  std::optional<BatchnormPrologue> prologue;
  std::optional<InnerConv> inner;
  int64_t weight_bits = 0;  // of whole numbers: 8, or 7 (from -64 to 64); 0: they are floats
};

// The taps that a mean is divided by: those on the rows and columns [begin, end) of the input.
struct CountedTaps {
  int64_t row_begin = 0, row_end = 0, column_begin = 0, column_end = 0;
};

// maxpool, avgpool
struct PoolParameters {
  WindowParameters window;
  std::optional<CountedTaps> counted;  // without: a mean is of all taps
  std::optional<BatchnormPrologue> prologue;
  double scale = 0;  // of bytes: what the sum less the zero point's share is multiplied by; else 0
  int64_t zero_point = 0;
};

struct DenseParameters {
  int64_t tile = 1;         // outputs that are computed together
  int64_t weight_bits = 0;  // as of ConvParameters
  // Of a layer of floats: what its weights are stored as; int8 with a scale for each output.
  ElementType weights = ElementType::float32;
};

struct SliceParameters {
  int64_t begin = 0;  // the first channel
};

// Of a family that is not named above, the attributes of its operator; none for a family that needs none.
using KernelParameters =
    std::variant<Attributes, ConvParameters, PoolParameters, DenseParameters, SliceParameters, TensorProgram>;

bool operator==(const WindowParameters& a, const WindowParameters& b);
bool operator==(const BatchnormPrologue& a, const BatchnormPrologue& b);
bool operator==(const InnerConv& a, const InnerConv& b);
bool operator==(const PhaseStart& a, const PhaseStart& b);
bool operator==(const CountedTaps& a, const CountedTaps& b);
bool operator==(const ConvParameters& a, const ConvParameters& b);
bool operator==(const PoolParameters& a, const PoolParameters& b);
bool operator==(const DenseParameters& a, const DenseParameters& b);
bool operator==(const SliceParameters& a, const SliceParameters& b);

// Names and values, in the order of the names: " dilation 1x1 filter 3x3 groups 1 pad 1 stride 1x1".
// Activations and an inner epilogue are not part of it.
std::string text_of(const KernelParameters& parameters);

}  // namespace cnnc
