// Elements of a tensor in other places: what our operators can do of it.
#pragma once
#include <optional>

#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// The tensor with its channels (features) in the order in which the factors run over them: itself, or a
// channel_shuffle of it; empty: neither.
std::optional<NodeId> in_channel_order(Translation& t, NodeId tensor, const Factors& order);

// N x C x H x W of a map that is no plain one: channels shuffled, blocks of pixels moved to channels or back;
// empty: none of these.
std::optional<NodeId> arranged(Translation& t, const View& view);

}  // namespace cnnc::onnx
