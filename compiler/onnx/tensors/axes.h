// Operators that work along an axis of a view: where that axis is a tensor's channels, or rows and columns.
#pragma once
#include <string>
#include <vector>

#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// Tensors whose channels are an axis of their views, and how the views see them.
struct AlongChannels {
  std::vector<NodeId> tensors;
  View frame;  // of the first, with that axis as it is there
  size_t axis = 0;
  bool is_moved = false;  // the tensors have the axis moved to the channels' place, the others behind it
};

// The tensors of views along whose axis an operator works that works along our channels. Views of other
// orders than ours (N x H x W x C, N x C x HW) stay as they are where all have the same. Throws Unmapped.
AlongChannels along_channels(Translation& t, const std::vector<View>& views, size_t axis);

// What the operator has made of the tensors, seen as the inputs are.
View result_of(const Translation& t, const AlongChannels& along, NodeId result);

// Channels begin to end - 1 of a tensor: of equal parts one, else a slice; all of them: itself.
NodeId part_of(Translation& t, NodeId tensor, const std::string& name, int64_t begin, int64_t end);

// Channels of the first tensor in another order, or some of them, seen as the input is: slices, joined.
// Throws Unmapped where that takes more than kSlices of them.
constexpr size_t kSlices = 64;
View picked(Translation& t, const AlongChannels& along, const std::string& name,
            const std::vector<int64_t>& channels);

// A map in the order of a view: dimension i of N x C x H x W (or N x C x L) is dimension order[i] of it.
struct OrderedMap {
  NodeId map = 0;
  std::vector<int64_t> order;
};

// Of N x H x W x C that order, else as_map in its own. Throws Unmapped.
OrderedMap as_ordered_map(Translation& t, const View& view);

// What an operator has made of the map, seen as the view of its input.
View result_of(const Translation& t, const OrderedMap& from, NodeId result);

}  // namespace cnnc::onnx
