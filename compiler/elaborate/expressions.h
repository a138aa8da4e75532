// The values of expressions: whole numbers, every step of the arithmetic checked.
#pragma once
#include <optional>

#include "elaborate/state.h"

namespace cnnc::elaboration {

// The numbers and operations that one network may evaluate after blocks and repeats are expanded: far beyond
// any network, and a bound on the time that a text can cost.
constexpr int64_t kEvaluations = int64_t{1} << 20;

// Counts them; false once there are too many, which is reported.
bool spend(State& state, size_t evaluations);

// The value, its magnitude less than limits::kIntegers. A name is a parameter of `environment`. Division
// rounds toward zero. Reports what has no value: an unknown name, a real number, a division by zero, a result
// out of range.
std::optional<int64_t> evaluate(State& state, const Environment& environment,
                                const ast::Expression& expression);

// Whether it is the word 'inf'.
bool is_infinity(const ast::Expression& expression);

// As evaluate, for a place where a real number may stand as well: 0.1, -0.5, and, unless a parameter is
// called so, inf or -inf.
std::optional<double> evaluate_real(State& state, const Environment& environment,
                                    const ast::Expression& expression);

}  // namespace cnnc::elaboration
