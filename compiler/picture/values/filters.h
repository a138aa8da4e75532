// The filters that a layer has learnt.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "picture/drawing.h"
#include "picture/png.h"

namespace cnnc::picture {

// What makes one channel of the result, or one element of a vector.
struct Filter {
  Raster tile;         // its window
  int64_t input = -1;  // the channel of the input that the tile is of, the strongest one; -1: it is of all
  bool is_dead = false;
  std::optional<size_t> like;  // an earlier one with nearly the same weights
};

struct Filters {
  std::string layer, what;  // "conv1", "64 filters of 3x7x7"
  bool in_colour = false;
  std::vector<Filter> filters;
  Raster matrix;  // of filters of one element: a row a filter, a column an input; else without pixels
};

// Whether the node has filters: convolutions, also transposed ones, and dense layers.
bool has_filters(const Node& node);

// Of a node that has some, with its weights bound. A filter on three channels is in colours, with `is_bgr` in
// the reverse order; else its strongest slice, that with the most of the squares' sum, is in grey. No weight
// is grey, the greatest magnitude of a tile white or black. A window of more than 64 rows or columns is made
// smaller. Dead: no weight is above a thousandth of the
// layer's greatest. Alike: the difference's norm is at most a hundredth of the filter's; filters of two
// groups, which read other channels, are not compared.
Filters filters_of(const Node& node, bool is_bgr);

// Tiles in rows, or the matrix; dead ones and those like an earlier one are outlined, and listed.
Drawing draw_filters(const std::string& network, const Filters& filters);

}  // namespace cnnc::picture
