// The epilogue of a node that is computed from bytes.
#pragma once
#include <optional>
#include <vector>

#include "graph/graph.h"
#include "quantize/quantization.h"

namespace cnnc {

struct IntegerEpilogue {
  std::vector<EpilogueStep> steps;
  // What the scale of the value before the epilogue is divided by.
  double divisor = 1;
};

// The steps, of which those that add bytes are "add_dequantized" with the scale of what they add already,
// and behind them, where the result is bytes, "quantize". Where all of them keep a positive factor (relu,
// sums of bytes, clip with its limits divided), all before the quantize step is in its steps: it has the
// scale 1, and others are divided by what it had. What the limits of bytes do anyway is left out: relu before
// a zero point of 0.
IntegerEpilogue integer_epilogue(std::vector<EpilogueStep> steps, const std::optional<ByteScale>& result);

Attributes byte_attributes(double scale, int zero_point);

}  // namespace cnnc
