// Layers on volumes as the layers on maps that they are made of.
#pragma once
#include "graph/graph.h"

namespace cnnc {

// Whether the node is a layer of volumes, or a batchnorm of a tensor that is no map and no vector.
bool is_of_volumes(const Node& node);

// The part of a network that a node of conv3d, upconv3d, maxpool3d or avgpool3d stands for, or a batchnorm of
// a tensor that is no map: node 0 is its input, of that shape, the last one its result. Each is named after
// what it holds.
//
// A tensor of channels x depth x height x width has the elements of a map of channels x (depth · height) x
// width in their order, and pools and batchnorms work on such maps. A conv3d is a conv on that of the slices
// that a window sees, one behind the other as channels: each slice is padded in its height, so that a window
// of rows sees one slice alone, and the rows in which windows end in the next slice are cropped from the
// result. Where the filter has one row and one column, height and width are the columns of a map, and depth
// its rows.
Graph parts_of_volume(const Node& node, const Shape& input);

}  // namespace cnnc
