// Quantised models as models of reals: QuantizeLinear and DequantizeLinear say how a tensor is stored, and
// are no layers of the network.
#pragma once
#include "onnx/quantized/grid.h"

namespace cnnc::onnx {

// A model of floats, and what the original says of how its values are stored.
struct RealModel {
  Model model;
  QuantizedValues values;
};

// What stands between a QuantizeLinear and a DequantizeLinear is done to the reals that the numbers stand
// for. Where that is not possible, as for a scale that the network computes, the numbers are computed as
// floats: with Div, Round, Add and Clip, and ConvInteger is a Conv of them. Tensors stored as bytes are among
// the values; others (uint16, ConvInteger's) are rounded by these nodes.
//
// Quantisation rounds and clips. A tensor that everything reads as bytes is stored so, and nothing more is
// said; but where zero is the least of its numbers that is a ReLU, which ONNX Runtime's tools leave out then:
// it is put back. Of a tensor that something reads that is computed from floats a Clip stands for it, or
// where half a step of the grid could become more than one of the result's, as before a sigmoid, nodes that
// round.
//
// The constants are real, see constants.h, whose `scales` these are. A node that cannot be done without
// stays, with the reason.
RealModel dequantize(Model model, const std::map<std::string, std::vector<float>>& scales);

}  // namespace cnnc::onnx
