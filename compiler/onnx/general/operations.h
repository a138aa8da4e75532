// What the mappings of this folder are made of: operators on views of whatever rank, along whatever axes.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "onnx/dims.h"
#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// Element by element under numpy's broadcasting rule: "add" or "multiply" of two or more, "subtract",
// "divide", "maximum", "minimum", "matmul" and comparisons of two, "where" of three. Throws Unmapped.
View joined(Translation& t, std::string name, std::string_view op, const std::vector<View>& views);

// A constant with its dimensions in another order.
Constant with_order(const Constant& c, const std::vector<int64_t>& order);

// "add", "subtract", "multiply", "divide", "maximum", "minimum" or a comparison of a tensor and a constant
// one, in that order.
View with_constant(Translation& t, std::string name, std::string_view op, const View& x,
                   const Constant& constant);

// The quotient itself, and no product with the rounded reciprocal, which is another number at times.
View quotient(Translation& t, std::string name, const View& x, const Constant& divisor);

// The same of a tensor and one number; of a number after another one both at once.
View with_number(Translation& t, std::string name, std::string_view op, const View& x, double c);

// "reduce_mean" and the like over these dimensions, which stay with a size of 1.
View reduced(Translation& t, std::string name, std::string_view op, const View& x, std::vector<size_t> axes);

// "argmax" or "argmin" over this dimension, which stays with a size of 1.
View place_of_greatest(Translation& t, std::string name, std::string_view op, const View& x, size_t axis);

// The places of the range along an axis.
View cropped(Translation& t, std::string name, const View& x, size_t axis, const Range& range);

// What is put around a tensor.
struct Padding {
  std::string mode = "constant";  // of 'pad'
  double value = 0;
};

// That many places more before and behind those along an axis.
View padded(Translation& t, std::string name, const View& x, size_t axis, int64_t before, int64_t after,
            const Padding& padding);

// The whole tensor so many times along each dimension.
View tiled(Translation& t, std::string name, const View& x, const std::vector<int64_t>& repeats);

// Tensors one behind the other along an axis.
View concatenated(Translation& t, std::string name, const std::vector<View>& views, size_t axis);

// Repeated along dimensions of 1, and along new ones in front.
View expanded(Translation& t, std::string name, const View& x, const Dims& dims);

// Without these dimensions, which are 1.
View without_dims(View view, std::vector<size_t> axes);

}  // namespace cnnc::onnx
