// The receptive field: which part of the input a layer's element is computed from.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "picture/drawing.h"

namespace cnnc::picture {

// Along one axis, in elements of the input, which is `input` long. Element i of the layer's result is
// computed from [begin + i * step, begin + i * step + size), of which what lies outside of the input is
// padding. Below an upsampling the step is a fraction.
struct FieldAxis {
  int64_t input = 0;
  double begin = 0, step = 1, size = 1;
};

struct Field {
  FieldAxis rows, columns;
};

// Of each node of the graph; of joins what any of their inputs sees. Behind a permute
// that brings the channels of an input of height x width x channels to the front, rows and columns are those
// of that input. None where the result is no map, or where elements are moved about in another way (Araujo,
// Norris and Sim 2019, "Computing receptive fields of convolutional neural networks").
std::vector<std::optional<Field>> fields_of(const Graph& graph);

// How large it is: "35", or "35x21" where rows and columns differ.
std::string size_text(const Field& field);

// The input once for each layer whose field is another than that of the layer before: with the field of the
// element in the middle, that of its neighbour, and padding.
Drawing draw_field(const Graph& graph);

}  // namespace cnnc::picture
