// What a file of a quantisation (docs/quantization.md) says: how the tensors and weights of a network become
// bytes. Its names are those of nodes of the elaborated graph.
//
//   quantization 1                                the version of the format
//   network lenet5
//   weights 8 bits                                or 7, see weight_bits
//   method percentile 99.99                       how the ranges were found: for people
//   inputs 32                                     how many the network was run on: for people
//   tensor image scale 0.0186584 zero 114         real = scale * (byte - zero)
//   weight conv1 scale 0.01 0.012                 of each output channel, or one for all
//   equalise relu1 by 1 0.25                      its channels are divided by these, see equalise.h
//   correct conv1 by 0.001 -0.02                  added to its bias, see bias_correction.h
//   float fc                                      the layer that computes fc stays in floats
//   input image u8                                who runs the library gives bytes, or s8: with a sign
//   output probabilities u8                       and gets such
//
// The first line is the version; the order of the others is free, and what follows a # counts for nothing.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/diagnostics.h"
#include "support/source.h"

namespace cnnc {

constexpr std::string_view kQuantizationVersion = "quantization 1";  // the first line

// What a scale may be: its reciprocal is a float too, and so is what 255 times it is.
constexpr float kLeastScale = 1e-18f, kGreatestScale = 1e18f;

// What a channel may be divided by.
constexpr float kLeastFactor = 1e-6f, kGreatestFactor = 1;

// What a byte stands for: real = scale * (byte - zero_point). Zero is a byte: 0 behind a relu.
struct ByteScale {
  float scale = 1;
  int zero_point = 0;  // 0 to 255
};
bool operator==(const ByteScale& a, const ByteScale& b);

// How the ranges of tensors were found (quantize/ranges.h).
struct RangeMethod {
  enum class Kind { min_max, percentile, least_squares };
  Kind kind = Kind::min_max;
  double percentile = 99.99;  // of Kind::percentile
};
bool operator==(const RangeMethod& a, const RangeMethod& b);
std::string to_string(const RangeMethod& method);  // "percentile 99.99"

struct Quantization {
  // `where`: the name in the file that was read.
  struct Tensor {
    std::string name;
    ByteScale scale;
    Span where;
  };
  struct Weight {
    std::string name;           // of the conv or dense layer
    std::vector<float> scales;  // of each output channel, or one for all
    Span where;
  };
  struct Channels {
    std::string name;
    std::vector<float> numbers;  // one a channel
    Span where;
  };
  struct Name {
    std::string name;
    Span where;
  };
  // Bytes without a sign stand for what the tensor's line says; one with a sign for what the one without does
  // that lies 128 above it.
  struct Port {
    std::string name;
    bool has_sign = false;  // s8; else u8
    Span where;
  };

  std::string network;
  Span network_where;
  // 8: weights are -127 to 127. 7: -64 to 64; then the sum of two products of a byte and a weight fits in 16
  // bits, and processors without dot products of bytes are faster. All give the same results either way.
  int weight_bits = 8;
  std::optional<RangeMethod> method;
  std::optional<int64_t> inputs;
  // Tensors that are stored as bytes where a layer reads them so; the others are floats. What moves elements
  // (maxpool, concat, slice, flatten) does so in bytes where what it reads and what it makes are both listed.
  std::vector<Tensor> tensors;
  // Else the scale of an output channel is its largest magnitude by 127 or 64.
  std::vector<Weight> weights;
  std::vector<Channels> equalised;              // tensors whose channels are divided by these, up to 1
  std::vector<Channels> corrections;            // layers, to whose bias these are added if they are of bytes
  std::vector<Name> floats;                     // layers that stay as they are, by any node that they cover
  std::vector<Port> byte_inputs, byte_outputs;  // of the library; the inputs and outputs of the graph
};

// The greatest magnitude of a weight: 127 or 64.
int greatest_weight(const Quantization& quantization);

// Empty if anything is wrong. Whether a network has these names is not asked, see check_names.
std::optional<Quantization> parse_quantization(const Source& source, Diagnostics& diagnostics);

// The text that is read back as the same value. Beside each tensor stands, as a comment, what its bytes span.
std::string to_string(const Quantization& quantization);

}  // namespace cnnc
