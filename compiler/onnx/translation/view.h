// A tensor of the graph seen under other dimensions: what Reshape, Transpose, Flatten, Squeeze and Unsqueeze
// make of it without touching an element. A chain of them is followed as a whole, and only where an operator
// needs a tensor is it decided what the chain amounts to: nothing, a flatten, a shuffle of channels, a
// permutation that can go into weights.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "graph/graph.h"

namespace cnnc::onnx {

// The axes of a tensor of the graph by their numbers, and the batch. A vector has batch and channel.
enum class Axis { batch = -1, channel = 0, row = 1, column = 2 };

// A factor of an axis: the index along the axis is the sum over its factors of index * stride.
struct Factor {
  Axis axis = Axis::batch;
  int64_t size = 1;
  int64_t stride = 1;
  friend bool operator==(const Factor& a, const Factor& b) {
    return a.axis == b.axis && a.size == b.size && a.stride == b.stride;
  }
  friend bool operator<(const Factor& a, const Factor& b) {
    return std::tie(a.axis, a.size, a.stride) < std::tie(b.axis, b.size, b.stride);
  }
};

// A dimension: its factors from the outermost to the innermost. No factor has size 1, and no two neighbours
// could be one.
using Factors = std::vector<Factor>;

// Appends a factor, as one with the last where they follow each other along an axis.
void append(Factors& factors, Factor factor);

// A whole axis of that size.
Factors whole_axis(Axis axis, int64_t size);

// Dimension i of the view runs over dims[i]; one without factors has size 1.
struct View {
  NodeId node = 0;
  std::vector<Factors> dims;
};

int64_t size(const Factors& dim);
std::vector<int64_t> dims_of(const View& view);

// All its factors, those of the outermost dimension first.
Factors all_factors(const View& view);

// The tensor as it is: N x C x H x W of a map, N x C of a vector, N and each of its axes of any other.
View view_of(NodeId node, const Shape& shape, int64_t images);

// The same elements in the same order under other dimensions; empty where a new dimension would hold a part
// of a factor that does not divide. The products of old and new dimensions are equal.
std::optional<View> reshaped(const View& view, const std::vector<int64_t>& dims);

// Dimension i of the result is dimension order[i] of the view; `order` is a permutation.
View transposed(const View& view, const std::vector<int64_t>& order);
// The order that takes it back.
std::vector<int64_t> inverse(const std::vector<int64_t>& order);

// The order that makes N x H x W x C of N x C x H x W.
inline const std::vector<int64_t> kChannelsLast = {0, 2, 3, 1};

// Whether the view has the dimensions that view_of gives for such a tensor.
bool is_plain(const View& view, const Shape& shape, int64_t images);

// Whether its elements, row by row, stand in the order of the tensor's own.
bool is_in_order(const View& view, const Shape& shape, int64_t images);

}  // namespace cnnc::onnx
