// The texts of random layers.
#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "graph/shape.h"

namespace cnnc {

// Random choices, and the shape of the tensor that the next layer is to have as its input.
struct Draw {
  std::mt19937_64 random;
  Shape shape;
};

// At least 0, less than n. The same on every machine, which std::uniform_int_distribution is not.
int64_t below(Draw& d, int64_t n);

bool chance(Draw& d, int64_t percent);

template <class T>
T one_of(Draw& d, const std::vector<T>& values) {
  return values[static_cast<size_t>(below(d, static_cast<int64_t>(values.size())))];
}

// Sizes that kernels find awkward; of an input, or of channels of a layer.
int64_t some_channels(Draw& d);
int64_t some_height(Draw& d);
int64_t some_width(Draw& d);

// "conv 5 3x3 stride 2 pad 1": a layer that maps, or vectors, can have; not all numbers fit the shape.
std::string some_layer(Draw& d);  // of any tensor
std::string some_tensor_layer(Draw& d);
std::string some_map_layer(Draw& d);
std::string some_vector_layer(Draw& d);
// Words of a grid_sample, each behind a space.
std::string some_words_of_sampling(Draw& d);

std::string some_activation(Draw& d);
std::string some_elementwise(Draw& d);

}  // namespace cnnc
