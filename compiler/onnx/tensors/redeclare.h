// Inputs of a network under other dimensions.
#pragma once
#include <optional>

#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// A model may take pictures as vectors, or as N x H x W, and reshape them before anything else: the network
// then takes them as the map that they are, the same floats. The map that N x C x H x W (or N x C x L) of an
// input is, if nothing has read it yet; its views follow. Empty where the view is no such one.
std::optional<NodeId> redeclared(Translation& t, const View& view);

}  // namespace cnnc::onnx
