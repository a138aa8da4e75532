// Arithmetic on dimensions, as operators of ONNX define it: shared by those that are folded and those that
// are mapped. All of it throws Unmapped where a file's numbers make no sense.
#pragma once
#include <cstdint>
#include <vector>

#include "onnx/model.h"

namespace cnnc::onnx {

using Dims = std::vector<int64_t>;

// The product, checked; no dimension is negative. From then on the product of any of them fits 64 bits.
int64_t checked_elements(const Dims& dims);

// The axis counted from the front; one below 0 counts from the end.
size_t axis_of(int64_t axis, size_t rank);
std::vector<size_t> axes_of(const std::vector<int64_t>& axes, size_t rank);

// The indices of a Gather along an axis of that size, counted from the front.
std::vector<int64_t> from_front(std::vector<int64_t> indices, int64_t size);

// "axes" as an attribute or, since opset 13 (of reductions: 18), as the input of that number, which is null
// where it is left out. Empty: neither.
std::vector<int64_t> axes_of(const Node& node, const Constant* input);

// Elements from one index to the next, for each dimension of a row-major tensor.
std::vector<int64_t> strides_of(const Dims& dims);

// Where the blocks that the indices of a GatherND or ScatterND name begin in a tensor of these dimensions. An
// index has as many numbers as the last of the indices' dimensions says; they count from the end where they
// are negative.
std::vector<int64_t> block_begins(const Constant& indices, const Dims& dims);

// Reshape: 0 is the dimension that was there (unless `zero_is_zero`), -1 what is left.
Dims reshaped(const Dims& from, const std::vector<int64_t>& wanted, bool zero_is_zero);
// Flatten: what is before the axis, and the rest.
Dims flattened(const Dims& from, int64_t axis);
// Squeeze: without these axes, which have one element; without any given, all of one element.
Dims squeezed(const Dims& from, const std::vector<int64_t>& axes);
// Unsqueeze: the axes are those of the result.
Dims unsqueezed(const Dims& from, const std::vector<int64_t>& axes);
// Transpose: the attribute "perm", or all axes the other way round.
std::vector<int64_t> order_of(const Node& node, size_t rank);
// Numpy's broadcast of two shapes.
Dims broadcast(const Dims& a, const Dims& b);

// Shape: the dimensions, or those from "start" to "end".
Constant shape_constant(const Node& node, const Dims& dims);

// Slice along one axis: elements begin, begin + step, … of them `count`.
struct Range {
  int64_t begin = 0, step = 1, count = 0;
};
Range range_of(int64_t start, int64_t end, int64_t step, int64_t size);

// A Slice in full: for each axis of the input its range. Reads the node's attributes, or the inputs from 1
// on.
std::vector<Range> ranges_of(const Node& node, const std::vector<const Constant*>& inputs, const Dims& dims);

// What a Pad adds before each dimension, then behind each: given as an attribute or an input, for all
// dimensions or, since opset 18, for some axes (null: all).
std::vector<int64_t> padding_of_all(const Node& node, const Constant* pads, const Constant* axes,
                                    size_t rank);

// Split: the sizes of the parts, from the attribute "split", or input 1, or equal ones for all outputs; since
// opset 18 from "num_outputs", of which the last part is smaller where they do not divide the axis.
std::vector<int64_t> parts_of(const Node& node, const Constant* input, int64_t size);

}  // namespace cnnc::onnx
