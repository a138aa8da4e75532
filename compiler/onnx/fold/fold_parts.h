// What the operators that are computed while a model is read have in common, and which file has which.
#pragma once
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "onnx/dims.h"
#include "onnx/model.h"

namespace cnnc::onnx {

// One node that is folded.
struct Folding {
  const Node& node;
  const std::vector<const Constant*>& inputs;  // null: left out
  int64_t opset;
  int64_t& left;  // elements that may still be computed
};

using Constants = std::vector<Constant>;

// The input, or null where the node has none there.
const Constant* optional(const Folding& f, size_t index);
// The same where there must be one, and its type is one that has values.
const Constant& need(const Folding& f, size_t index);
const std::vector<float>& need_floats(const Folding& f, size_t index);
const std::vector<int64_t>& need_integers(const Folding& f, size_t index);

// Takes the cost off what is left; throws Unmapped where it is more.
void spend(Folding& f, int64_t elements);
// The elements of these dimensions, spent.
int64_t spend_elements(Folding& f, const Dims& dims);

Constant constant_of(std::vector<float> values, Dims dims, std::string type = "float");
// Throws Unmapped where a value is none of the type's: what others wrap around is not computed.
Constant constant_of(std::vector<int64_t> values, Dims dims, std::string type = "int64");

// A constant of the same type, with the values that f makes of this one's.
template <class F>
Constant with_values(const Constant& c, Dims dims, F f) {
  return c.floats ? constant_of(f(*c.floats), std::move(dims), c.type)
                  : constant_of(f(*c.integers), std::move(dims), c.type);
}

// The same data under other dimensions.
Constant with_dims(const Constant& c, Dims dims);

// Element (i, j, …) of the result is element first + i * strides[0] + j * strides[1] + … of the constant.
Constant strided(Folding& f, const Constant& c, const Dims& dims, const std::vector<int64_t>& strides,
                 int64_t first = 0);

// Repeated along dimensions of one element, and along new ones in front.
Constant expanded(Folding& f, const Constant& c, const Dims& dims);

// Throws Unmapped where whole numbers are beyond their type (fold_values.cpp).
void want_range(const std::vector<int64_t>& values, std::string_view type);

// fold_values.cpp: Constant, ConstantOfShape, EyeLike, Shape, Size, Range, Cast, Identity
Constants fold_constant(Folding& f);
Constants fold_constant_of_shape(Folding& f);
Constants fold_eye_like(Folding& f);
Constants fold_shape(Folding& f);
Constants fold_size(Folding& f);
Constants fold_range(Folding& f);
Constants fold_cast(Folding& f);
Constants fold_identity(Folding& f);

// fold_moves.cpp: the same elements elsewhere
Constants fold_reshape(Folding& f);
Constants fold_flatten(Folding& f);
Constants fold_squeeze(Folding& f);
Constants fold_unsqueeze(Folding& f);
Constants fold_transpose(Folding& f);
Constants fold_slice(Folding& f);
Constants fold_split(Folding& f);
Constants fold_expand(Folding& f);
Constants fold_tile(Folding& f);
Constants fold_gather(Folding& f);
Constants fold_concat(Folding& f);
Constants fold_pad(Folding& f);
Constants fold_trilu(Folding& f);

// fold_norm.cpp
Constants fold_batchnorm(Folding& f);

// fold_places.cpp: along an axis, or at places
Constants fold_cumsum(Folding& f);
Constants fold_gather_nd(Folding& f);
Constants fold_non_zero(Folding& f);
Constants fold_scatter_nd(Folding& f);

// fold_arithmetic.cpp: element by element
Constants fold_unary(Folding& f);
Constants fold_binary(Folding& f);  // of two inputs or, where ONNX has it so, of several
Constants fold_where(Folding& f);
Constants fold_clip(Folding& f);

// fold_sums.cpp
Constants fold_reduce(Folding& f);
Constants fold_matmul(Folding& f);

}  // namespace cnnc::onnx
