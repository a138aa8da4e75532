// Layers that stand together in a scope of the text.
#pragma once
#include <vector>

#include "picture/layers.h"

namespace cnnc::picture {

// Layers from `begin` to `end` of one scope, or a layer outside of any.
struct Run {
  int begin = 0, end = 0;
  bool is_scope = false;
};

// The layers of a range by their scopes at that depth: 0 is the outermost.
std::vector<Run> runs_of(const std::vector<Layer>& layers, int begin, int end, size_t depth);

// Whether nothing behind it reads any but its last layer, and no other is an output.
bool is_left_by_its_last_layer_alone(const std::vector<Layer>& layers, const Run& run);

}  // namespace cnnc::picture
