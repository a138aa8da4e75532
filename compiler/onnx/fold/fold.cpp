#include "onnx/fold/fold.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "onnx/fold/fold_parts.h"
#include "onnx/unmapped.h"
#include "support/checked.h"

namespace cnnc::onnx {
namespace {

struct Entry {
  std::string_view op;
  Constants (*fold)(Folding&);
};

constexpr Entry kFolds[] = {
    {"Abs", fold_unary},
    {"Add", fold_binary},
    {"And", fold_binary},
    {"BatchNormalization", fold_batchnorm},
    {"BitShift", fold_binary},
    {"BitwiseAnd", fold_binary},
    {"BitwiseOr", fold_binary},
    {"BitwiseXor", fold_binary},
    {"Cast", fold_cast},
    {"Ceil", fold_unary},
    {"Clip", fold_clip},
    {"Concat", fold_concat},
    {"Constant", fold_constant},
    {"ConstantOfShape", fold_constant_of_shape},
    {"Cos", fold_unary},
    {"CumSum", fold_cumsum},
    {"Div", fold_binary},
    {"Equal", fold_binary},
    {"Erf", fold_unary},
    {"Exp", fold_unary},
    {"Expand", fold_expand},
    {"EyeLike", fold_eye_like},
    {"Flatten", fold_flatten},
    {"Floor", fold_unary},
    {"Gather", fold_gather},
    {"GatherND", fold_gather_nd},
    {"Greater", fold_binary},
    {"GreaterOrEqual", fold_binary},
    {"Identity", fold_identity},
    {"Less", fold_binary},
    {"LessOrEqual", fold_binary},
    {"Log", fold_unary},
    {"MatMul", fold_matmul},
    {"Max", fold_binary},
    {"Min", fold_binary},
    {"Mod", fold_binary},
    {"Mul", fold_binary},
    {"Neg", fold_unary},
    {"NonZero", fold_non_zero},
    {"Not", fold_unary},
    {"Or", fold_binary},
    {"Pad", fold_pad},
    {"Pow", fold_binary},
    {"Range", fold_range},
    {"Reciprocal", fold_unary},
    {"ReduceL2", fold_reduce},
    {"ReduceMax", fold_reduce},
    {"ReduceMean", fold_reduce},
    {"ReduceMin", fold_reduce},
    {"ReduceProd", fold_reduce},
    {"ReduceSum", fold_reduce},
    {"Relu", fold_unary},
    {"Reshape", fold_reshape},
    {"Round", fold_unary},
    {"ScatterND", fold_scatter_nd},
    {"Shape", fold_shape},
    {"Sigmoid", fold_unary},
    {"Sign", fold_unary},
    {"Sin", fold_unary},
    {"Size", fold_size},
    {"Slice", fold_slice},
    {"Split", fold_split},
    {"Sqrt", fold_unary},
    {"Squeeze", fold_squeeze},
    {"Sub", fold_binary},
    {"Sum", fold_binary},
    {"Tanh", fold_unary},
    {"Tile", fold_tile},
    {"Transpose", fold_transpose},
    {"Trilu", fold_trilu},
    {"Unsqueeze", fold_unsqueeze},
    {"Where", fold_where},
    {"Xor", fold_binary},
};

// Null where there is none.
const Entry* find_fold(const Node& node) {
  const auto found = std::find_if(std::begin(kFolds), std::end(kFolds),
                                  [&](const Entry& entry) { return entry.op == node.op; });
  return !node.domain.empty() || found == std::end(kFolds) ? nullptr : found;
}

}  // namespace

bool can_fold(const Node& node) {
  return find_fold(node) != nullptr;
}

std::optional<std::vector<Constant>> fold(const Node& node, const std::vector<const Constant*>& inputs,
                                          int64_t opset, int64_t& left) {
  const Entry* found = find_fold(node);
  if (!found) return std::nullopt;
  Folding f{node, inputs, opset, left};
  return found->fold(f);
}

const Constant* optional(const Folding& f, size_t index) {
  return index < f.inputs.size() ? f.inputs[index] : nullptr;
}

const Constant& need(const Folding& f, size_t index) {
  const Constant* c = optional(f, index);
  if (!c) throw Unmapped{fmt::format("it has no input {}", index), ""};
  if (!c->floats && !c->integers)
    throw Unmapped{fmt::format("its input '{}' is of type {}", f.node.inputs[index], c->type), ""};
  checked_elements(c->dims);
  return *c;
}

const std::vector<float>& need_floats(const Folding& f, size_t index) {
  const Constant& c = need(f, index);
  if (c.floats) return *c.floats;
  throw Unmapped{fmt::format("its input '{}' is of type {}, not float", f.node.inputs[index], c.type), ""};
}

const std::vector<int64_t>& need_integers(const Folding& f, size_t index) {
  const Constant& c = need(f, index);
  if (c.integers) return *c.integers;
  throw Unmapped{fmt::format("its input '{}' is of type {}, not whole numbers", f.node.inputs[index], c.type),
                 ""};
}

void spend_folding(int64_t& left, int64_t elements) {
  if (elements > left)
    throw Unmapped{
        fmt::format("it would compute {} constants, and {} are left of those that a model of its size may",
                    elements, left),
        "compute the result where the model is made, and write it as an initializer"};
  left -= elements;
}

void spend(Folding& f, int64_t elements) {
  spend_folding(f.left, elements);
}

int64_t spend_elements(Folding& f, const Dims& dims) {
  const int64_t elements = checked_elements(dims);
  spend(f, elements);
  return elements;
}

Constant constant_of(std::vector<float> values, Dims dims, std::string type) {
  return {std::move(type), std::move(dims), std::make_shared<const std::vector<float>>(std::move(values)),
          nullptr};
}

Constant constant_of(std::vector<int64_t> values, Dims dims, std::string type) {
  want_range(values, type);
  return {std::move(type), std::move(dims), nullptr,
          std::make_shared<const std::vector<int64_t>>(std::move(values))};
}

Constant with_dims(const Constant& c, Dims dims) {
  Constant result = c;
  result.dims = std::move(dims);
  return result;
}

Constant strided(Folding& f, const Constant& c, const Dims& dims, const std::vector<int64_t>& strides,
                 int64_t first) {
  const int64_t elements = spend_elements(f, dims);
  return with_values(c, dims, [&](const auto& from) {
    std::decay_t<decltype(from)> to;
    to.reserve(static_cast<size_t>(elements));
    Dims index(dims.size());
    int64_t at = first;
    for (int64_t n = 0; n < elements; ++n) {
      to.push_back(from[static_cast<size_t>(at)]);
      for (size_t d = dims.size(); d-- > 0;) {
        at += strides[d];
        if (++index[d] < dims[d]) break;
        at -= strides[d] * dims[d];
        index[d] = 0;
      }
    }
    return to;
  });
}

Constant expanded(Folding& f, const Constant& c, const Dims& dims) {
  if (c.dims == dims) return c;
  const std::vector<int64_t> own = strides_of(c.dims);
  std::vector<int64_t> strides(dims.size());
  const size_t new_dims = dims.size() - c.dims.size();
  for (size_t i = 0; i < c.dims.size(); ++i) strides[new_dims + i] = c.dims[i] == 1 ? 0 : own[i];
  return strided(f, c, dims, strides);
}

}  // namespace cnnc::onnx
