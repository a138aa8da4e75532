// Constants that come from attributes, sizes and types.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "onnx/attributes.h"
#include "onnx/fold/fold_parts.h"
#include "onnx/unmapped.h"
#include "support/checked.h"

namespace cnnc::onnx {
namespace {

// A type as ONNX numbers it (TensorProto.DataType), and the whole numbers that it holds; none: it is real.
struct Type {
  int64_t number;
  std::string_view name;
  int64_t least = 0, greatest = 0;
};

constexpr Type kTypes[] = {
    {1, "float"},
    {2, "uint8", 0, UINT8_MAX},
    {3, "int8", INT8_MIN, INT8_MAX},
    {4, "uint16", 0, UINT16_MAX},
    {5, "int16", INT16_MIN, INT16_MAX},
    {6, "int32", INT32_MIN, INT32_MAX},
    {7, "int64", INT64_MIN, INT64_MAX},
    {9, "bool", 0, 1},
    {10, "float16"},
    {11, "double"},
    {12, "uint32", 0, UINT32_MAX},
    {13, "uint64", 0, INT64_MAX},
    {16, "bfloat16"},
};

const Type& type_of(int64_t number) {
  const auto found = std::find_if(std::begin(kTypes), std::end(kTypes),
                                  [&](const Type& type) { return type.number == number; });
  if (found == std::end(kTypes))
    throw Unmapped{fmt::format("it casts to {}, of which cnnc has no values", type_name(number)), ""};
  return *found;
}

[[noreturn]] void fail_range(double value, std::string_view type) {
  throw Unmapped{fmt::format("its value {:g} does not fit type {}", value, type), ""};
}

// Toward zero, as C does.
int64_t cast_real(double value, const Type& type) {
  if (type.name == "bool") return value != 0;
  if (!(std::fabs(value) < 0x1p63)) fail_range(value, type.name);
  return static_cast<int64_t>(value);
}

template <class T>
Constant scalar_of(T value) {
  return constant_of(std::vector<T>{value}, {});
}

template <class T>
Constant vector_of(const std::vector<T>& values) {
  return constant_of(values, {static_cast<int64_t>(values.size())});
}

// ceil((limit - start) / delta), at least 0.
int64_t range_length(double start, double limit, double delta) {
  const double length = std::ceil((limit - start) / delta);
  if (!(length < 0x1p62)) throw Unmapped{"its range has no end", ""};
  return length > 0 ? static_cast<int64_t>(length) : 0;
}

void want_scalar(const Constant& c) {
  if (elements(c.dims) != 1)
    throw Unmapped{fmt::format("its inputs must be single numbers; found {}", to_string(c.dims)), ""};
}

}  // namespace

void want_range(const std::vector<int64_t>& values, std::string_view type) {
  const auto found =
      std::find_if(std::begin(kTypes), std::end(kTypes), [&](const Type& t) { return t.name == type; });
  if (found == std::end(kTypes)) return;
  for (const int64_t value : values)
    if (value < found->least || value > found->greatest) fail_range(static_cast<double>(value), type);
}

Constants fold_constant(Folding& f) {
  const Node& node = f.node;
  if (const auto found = node.attributes.find("value"); found != node.attributes.end())
    if (const auto* value = std::get_if<Constant>(&found->second)) return {*value};
  if (has_attribute(node, "value_float")) return {scalar_of(real(node, "value_float", 0))};
  if (has_attribute(node, "value_int")) return {scalar_of(integer(node, "value_int", 0))};
  if (has_attribute(node, "value_ints")) return {vector_of(integers(node, "value_ints", {}))};
  if (const auto found = node.attributes.find("value_floats"); found != node.attributes.end())
    if (const auto* values = std::get_if<std::vector<float>>(&found->second)) return {vector_of(*values)};
  throw Unmapped{"its value is no tensor of numbers", ""};
}

Constants fold_constant_of_shape(Folding& f) {
  const Dims dims = need_integers(f, 0);
  Constant value = scalar_of(0.0F);
  if (const auto found = f.node.attributes.find("value"); found != f.node.attributes.end())
    if (const auto* given = std::get_if<Constant>(&found->second)) value = *given;
  if ((!value.floats && !value.integers) || elements(value.dims) != 1)
    throw Unmapped{"its value is no single number", ""};
  value.dims = {};
  return {expanded(f, value, dims)};
}

// Ones along a diagonal, `k` places right of the main one, of the type 'dtype', else of the input's.
Constants fold_eye_like(Folding& f) {
  const Constant& c = need(f, 0);
  if (c.dims.size() != 2) throw Unmapped{fmt::format("its input is {}, no matrix", to_string(c.dims)), ""};
  const auto elements = static_cast<size_t>(spend_elements(f, c.dims));
  const int64_t k = integer(f.node, "k", 0);
  const auto with_ones = [&](auto values) {
    for (int64_t row = 0; row < c.dims[0]; ++row)
      if (k >= -row && k < c.dims[1] - row) values[static_cast<size_t>(row * c.dims[1] + row + k)] = 1;
    return values;
  };
  const Type* type = has_attribute(f.node, "dtype") ? &type_of(integer(f.node, "dtype", 0)) : nullptr;
  const std::string name = type ? std::string(type->name) : c.type;
  if (type ? type->greatest == 0 : c.floats != nullptr)
    return {constant_of(with_ones(std::vector<float>(elements)), c.dims, name)};
  return {constant_of(with_ones(std::vector<int64_t>(elements)), c.dims, name)};
}

Constants fold_shape(Folding& f) {
  const Constant* c = optional(f, 0);
  if (!c) throw Unmapped{"it has no input 0", ""};
  return {shape_constant(f.node, c->dims)};
}

Constants fold_size(Folding& f) {
  const Constant* c = optional(f, 0);
  if (!c) throw Unmapped{"it has no input 0", ""};
  return {scalar_of(checked_elements(c->dims))};
}

Constants fold_range(Folding& f) {
  for (size_t i = 0; i < 3; ++i) want_scalar(need(f, i));
  if (need(f, 0).floats) {
    const double start = need_floats(f, 0)[0], delta = need_floats(f, 2)[0];
    const int64_t length = range_length(start, need_floats(f, 1)[0], delta);
    spend(f, length);
    std::vector<float> values;
    for (int64_t i = 0; i < length; ++i) values.push_back(static_cast<float>(start + i * delta));
    return {constant_of(std::move(values), {length}, need(f, 0).type)};
  }
  const int64_t start = need_integers(f, 0)[0], delta = need_integers(f, 2)[0];
  const int64_t length = range_length(static_cast<double>(start), static_cast<double>(need_integers(f, 1)[0]),
                                      static_cast<double>(delta));
  spend(f, length);
  std::vector<int64_t> values;
  for (int64_t i = 0; i < length; ++i) {
    const auto offset = checked_multiply(i, delta);
    const auto value = offset ? checked_add(start, *offset) : std::nullopt;
    if (!value) throw Unmapped{"its numbers do not fit 64 bits", ""};
    values.push_back(*value);
  }
  return {constant_of(std::move(values), {length}, need(f, 0).type)};
}

Constants fold_cast(Folding& f) {
  const Constant& c = need(f, 0);
  const Type& type = type_of(integer(f.node, "to", 0));
  const bool is_real = type.greatest == 0;
  if (is_real == (c.floats != nullptr) && (is_real || c.type == type.name)) {
    Constant result = c;
    result.type = type.name;
    return {result};
  }
  spend_elements(f, c.dims);
  if (is_real)
    return {constant_of(std::vector<float>(c.integers->begin(), c.integers->end()), c.dims,
                        std::string(type.name))};
  std::vector<int64_t> values;
  if (c.floats)
    for (const float value : *c.floats) values.push_back(cast_real(value, type));
  else
    for (const int64_t value : *c.integers) values.push_back(type.name == "bool" ? value != 0 : value);
  return {constant_of(std::move(values), c.dims, std::string(type.name))};
}

Constants fold_identity(Folding& f) {
  const Constant* c = optional(f, 0);
  if (!c) throw Unmapped{"it has no input 0", ""};
  return {*c};
}

}  // namespace cnnc::onnx
