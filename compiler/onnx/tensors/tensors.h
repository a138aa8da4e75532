// Views as maps and vectors, which an operator takes. What nodes that takes are added: nothing, a flatten, a
// shuffle of channels, blocks of pixels to channels or back; of tensors that are neither, and where
// Translation::rearranges is set, 'reshape' and 'permute'. All throw Unmapped where none of these does it.
#pragma once
#include <cstdint>
#include <vector>

#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// A map is N x C x H x W, or N x C x L as C x 1 x L; a vector is N x C; a tensor is either, by its rank. A
// vector that is to be a map of Cx1x1 is computed as one from there on where what it is made of allows that:
// dense layers become convs. Then the vector's node is a 'flatten' of the new one, which stands behind it:
// the graph is put in order when all is translated.
NodeId as_map(Translation& t, const View& view);
NodeId as_vector(Translation& t, const View& view);
NodeId as_tensor(Translation& t, const View& view);

// For an operator that can permute its weights: feature k of the view is feature order[k] of the vector; no
// order: they are the same. So nothing is moved where a map is flattened in another order than ours (rows,
// columns, channels).
struct FlatVector {
  NodeId vector = 0;
  std::vector<int64_t> order;
};
FlatVector as_flat_vector(Translation& t, const View& view);

// Whether the view is one of a map or vector; throws Unmapped where it is not.
bool is_map_or_vector(const Translation& t, const View& view);
void want_map_or_vector(const Translation& t, const View& view);

// as_map, as_vector and as_tensor of a node's input. Throw Unmapped where it is a constant, too.
NodeId need_map(Translation& t, const Node& node, size_t index);
NodeId need_vector(Translation& t, const Node& node, size_t index);
NodeId need_tensor(Translation& t, const Node& node, size_t index);

}  // namespace cnnc::onnx
