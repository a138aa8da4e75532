// Views as tensors of any rank: what is no map and no vector as it lies, by 'reshape' and 'permute'.
#pragma once
#include <cstdint>
#include <vector>

#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// Whether the first dimension is the batch and nothing else.
bool begins_with_batch(const Translation& t, const View& view);

// The dimensions of the view as a tensor of theirs, without the first where that is the batch; a single
// number has the shape 1. Of several images the first must be the batch. Throws Unmapped.
NodeId as_any(Translation& t, const View& view, bool has_batch);

// Tensors that one operator takes, whose axes are the dimensions of their views in one order.
struct Laid {
  std::vector<NodeId> tensors;
  std::vector<int64_t> order;  // dimension i of the tensors, the batch among them, is that of the views
  bool has_batch = true;       // else the tensors have all dimensions of the views
};

// The views with dimensions of 1 in front, so that all have one rank, as tensors. Each dimension of `axes` is
// an axis of the tensors: none may be the batch of several images. The order is that in which the largest of
// them lies in memory (`may_turn`), or the views' own. Throws Unmapped.
Laid laid(Translation& t, std::vector<View> views, const std::vector<size_t>& axes, bool may_turn = true);

// The axis of the tensors that a dimension of the views is.
int64_t axis_of(const Laid& laid, size_t dim);

// For each axis of the tensors the number that is there for a dimension of the views.
std::vector<int64_t> by_axis(const Laid& laid, const std::vector<int64_t>& by_dim);

// What an operator that keeps the axes has made of the tensors, seen as the views.
View result_of(const Translation& t, const Laid& laid, NodeId result);

// The same elements in the same order under other dimensions, whatever those are.
View reshaped_tensor(Translation& t, const View& view, const std::vector<int64_t>& dims);

}  // namespace cnnc::onnx
