#include "elaborate/expressions.h"

#include <fmt/format.h>

#include <cmath>

#include "support/checked.h"
#include "support/limits.h"
#include "support/suggest.h"

namespace cnnc::elaboration {
namespace {

using Kind = ast::Expression::Kind;

// The value of a parameter; an unknown one is reported with those that there are.
std::optional<int64_t> evaluate_name(State& state, const Environment& environment,
                                     const ast::Expression& name) {
  const auto found = environment.find(name.text);
  if (found != environment.end()) return found->second;
  std::vector<std::string> parameters;
  for (const auto& [parameter, value] : environment) parameters.push_back(parameter);
  const std::string shown = text_at(state, name.where);
  if (parameters.empty()) {
    error(state, name.where, fmt::format("a number is expected; found the word '{}'", shown),
          "only a block's parameters are names for numbers; in a default, those to its left");
  } else {
    error(state, name.where,
          fmt::format("no parameter is called '{}' here{}", shown, did_you_mean(name.text, parameters)),
          fmt::format("the parameters here: {}", list_of(parameters)));
  }
  return std::nullopt;
}

std::optional<int64_t> apply(Kind kind, int64_t a, int64_t b) {
  switch (kind) {
    case Kind::add:
      return checked_add(a, b);
    case Kind::subtract:
      return checked_subtract(a, b);
    case Kind::multiply:
      return checked_multiply(a, b);
    default:  // the operands' range has no quotient that overflows
      return a / b;
  }
}

// The value if it is in range; otherwise reports the expression.
std::optional<int64_t> in_range(State& state, std::optional<int64_t> value,
                                const ast::Expression& expression) {
  constexpr int64_t greatest = limits::kIntegers - 1;
  if (value && *value >= -greatest && *value <= greatest) return value;
  error(state, expression.where,
        fmt::format("the value of '{}' is out of range: numbers are from {} to {}",
                    text_at(state, expression.where), -greatest, greatest));
  return std::nullopt;
}

std::optional<int64_t> evaluate_operation(State& state, const Environment& environment,
                                          const ast::Expression& expression) {
  const auto a = evaluate(state, environment, expression.operands.at(0));
  if (expression.kind == Kind::negate) return a ? std::optional<int64_t>(-*a) : std::nullopt;
  const auto b = evaluate(state, environment, expression.operands.at(1));
  if (!a || !b) return std::nullopt;
  if (expression.kind == Kind::divide && *b == 0) {
    error(state, expression.where,
          fmt::format("division by zero: '{}' is 0", text_at(state, expression.operands[1].where)));
    return std::nullopt;
  }
  return in_range(state, apply(expression.kind, *a, *b), expression);
}

}  // namespace

bool is_infinity(const ast::Expression& expression) {
  return expression.kind == Kind::name && expression.text == "inf";
}

bool spend(State& state, size_t evaluations) {
  state.evaluations += static_cast<int64_t>(evaluations);
  if (state.evaluations <= kEvaluations) return true;
  stop(state, state.top_statement,
       fmt::format(
           "the network has more than {} numbers and operations once its blocks and repeats are expanded",
           kEvaluations),
       "the expansion reaches the limit in this statement");
  return false;
}

std::optional<int64_t> evaluate(State& state, const Environment& environment,
                                const ast::Expression& expression) {
  if (!spend(state, 1)) return std::nullopt;
  switch (expression.kind) {
    case Kind::integer:
      return in_range(state, expression.integer, expression);
    case Kind::real:
      error(state, expression.where,
            fmt::format("a whole number is expected; found '{}'", text_at(state, expression.where)));
      return std::nullopt;
    case Kind::name:
      return evaluate_name(state, environment, expression);
    default:
      return evaluate_operation(state, environment, expression);
  }
}

std::optional<double> evaluate_real(State& state, const Environment& environment,
                                    const ast::Expression& expression) {
  const bool is_negative = expression.kind == Kind::negate;
  const ast::Expression& magnitude = is_negative ? expression.operands.at(0) : expression;
  const double sign = is_negative ? -1 : 1;
  if (magnitude.kind == Kind::real) return sign * magnitude.real;
  if (is_infinity(magnitude) && !environment.count(magnitude.text)) return sign * HUGE_VAL;
  const auto value = evaluate(state, environment, expression);
  return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
}

}  // namespace cnnc::elaboration
