// The questions that shape rules have in common; each answers with the error, or with none.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ops/operator.h"

namespace cnnc {

// "a map of 64x7x7", "a vector of 120"
std::string describe(const Shape& shape);

std::optional<OperatorError> want_map(std::string_view op, const Shape& input);
std::optional<OperatorError> want_vector(std::string_view op, const Shape& input);
std::optional<OperatorError> want_map_or_vector(std::string_view op, const Shape& input);

// One to limits::kRank sizes, each at least 1, and no more elements than a tensor may have.
std::optional<OperatorError> want_shape(std::string_view attribute, const Shape& shape);

// At least two inputs.
std::optional<OperatorError> want_several(std::string_view op, const std::vector<Shape>& inputs);

// least <= value < 2^31. Elaboration has checked it already for what was written in a text; here it keeps the
// arithmetic of a shape rule safe for any caller.
std::optional<OperatorError> want_in_range(std::string_view attribute, int64_t value, int64_t least);

// The same of each of the sizes.
std::optional<OperatorError> want_in_range(std::string_view attribute, const std::vector<int64_t>& sizes,
                                           int64_t least);

// groups >= 1, and it divides the channels of the input and of the result.
std::optional<OperatorError> want_groups(int64_t groups, int64_t inputs, int64_t channels);

// A finite value must be in the range of float, which it is rounded to; an infinity may be meant.
std::optional<OperatorError> want_float(std::string_view attribute, double value);

// At most limits::kElements elements. `what`: "the result", "the weight"; `attribute`: the one at fault, or
// "".
std::optional<OperatorError> want_elements(std::string_view attribute, std::string_view what,
                                           const Shape& shape);

}  // namespace cnnc
