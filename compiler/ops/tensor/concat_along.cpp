// Tensors one behind the other along an axis; all their other sizes are the same.
#include <fmt/format.h>

#include <algorithm>

#include "ops/axes.h"
#include "ops/checks.h"
#include "support/checked.h"

namespace cnnc::ops {
namespace {

OperatorError mismatch(const Shape& first, const Shape& other, int64_t axis) {
  return {"",
          fmt::format("'concat along {}' joins tensors that are equal but along that axis; found {} and {}",
                      axis, to_string(first), to_string(other)),
          "'reshape' and 'permute' bring tensors to one rank and order"};
}

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  if (auto error = want_several("concat", inputs)) return *error;
  const int64_t axis = integer(a, "along");
  if (auto error = want_axis("along", axis, inputs[0])) return *error;
  const auto along = static_cast<size_t>(axis);
  Shape result = inputs[0];
  if (axis == 0 && (result.is_map() || result.is_vector()))
    return OperatorError{"along", "the channels of maps and the features of vectors are joined by 'concat'",
                         ""};
  result.sizes[along] = 0;
  for (const Shape& other : inputs) {
    if (other.rank() != result.rank()) return mismatch(inputs[0], other, axis);
    for (size_t i = 0; i < result.rank(); ++i)
      if (i != along && other.sizes[i] != result.sizes[i]) return mismatch(inputs[0], other, axis);
    const auto size = checked_add(result.sizes[along], other.sizes[along]);
    if (!size) return OperatorError{"", "the result would have more than 2^63 places", ""};
    result.sizes[along] = *size;
  }
  if (auto error = want_elements("", "the result", result)) return *error;
  return result;
}

std::string formula(const Attributes& a, const std::vector<Shape>& inputs, const Shape& output) {
  const auto along = static_cast<size_t>(integer(a, "along"));
  std::vector<int64_t> parts;
  for (const Shape& input : inputs) parts.push_back(input.sizes[along]);
  return fmt::format("{} = {}", fmt::join(parts, " + "), output.sizes[along]);
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Along whole = along_of(node.shape, integer(node.attributes, "along"));
  Reference result;
  for (int64_t outer = 0; outer < whole.outer; ++outer)
    for (size_t i = 0; i < inputs.size(); ++i) {
      const int64_t run = shapes[i].elements() / whole.outer, begin = outer * run;
      const Reference& x = *inputs[i];
      result.values.insert(result.values.end(), x.values.begin() + begin, x.values.begin() + begin + run);
      result.bounds.insert(result.bounds.end(), x.bounds.begin() + begin, x.bounds.begin() + begin + run);
      result.terms = std::max(result.terms, x.terms);
    }
  return result;
}

}  // namespace

extern const Operator concat_along = {"concat_along",
                                      "tensors one behind the other along an axis",
                                      tensor_parts_facts(),
                                      0,
                                      {{"along", AttributeKind::axis, false, std::nullopt, 0, 5, "1"}},
                                      infer,
                                      nullptr,
                                      nullptr,
                                      formula,
                                      evaluate};

}  // namespace cnnc::ops
