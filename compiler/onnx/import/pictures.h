// Inputs of bytes that are pictures, and what a model does to their pixels before anything else.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace cnnc::onnx {

// What makes levels, 0 to 255, of the pixels of an input of that shape, so that the network reads pictures
// beside the floats that it reads; empty where the shape, in that order of axes, is no picture's. Of three
// channels they are taken for red, green and blue: models do not say it.
std::optional<Pixels> pixels_of_levels(const Shape& shape, bool is_channels_last);

struct FoldedPictures {
  Graph graph;
  std::vector<NodeId> inputs;  // that are others now
};

// The graph whose inputs of pixels are given as a model makes them for its first layer: where nothing else
// reads them, channels first, and a scale and a shift for each channel (a batchnorm) as the mean and the
// deviation of the pixels. So floats are given otherwise than before. The tensors of `kept` stay.
FoldedPictures fold_pictures(Graph graph, const std::set<NodeId>& kept);

// A note for each input of pixels: how floats are given, and pictures. `folded` are the inputs of
// fold_pictures, if `is_folded` that this graph is one of, else that it could have.
std::vector<std::string> notes_of_pictures(const Graph& graph, const FoldedPictures& folded, bool is_folded);

}  // namespace cnnc::onnx
