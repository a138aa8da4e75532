// Elements moved by convolutions whose filters hold a single 1: for what no operator of ours moves by itself.
// The results are exact.
#pragma once
#include "onnx/dims.h"
#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// C x H x W as C·H·W x 1 x 1, in the order of a flatten.
NodeId gathered_to_pixel(Translation& t, NodeId map);

// C·H·W x 1 x 1 as C x H x W: the way back.
NodeId spread_from_pixel(Translation& t, NodeId pixel, int64_t channels, int64_t height, int64_t width);

}  // namespace cnnc::onnx
