// Arithmetic on constants, element by element. Reals are computed in double and rounded once, which for the
// four basic operations is what a float computation gives; whole numbers are checked.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <string_view>

#include "onnx/attributes.h"
#include "onnx/fold/fold_parts.h"
#include "onnx/unmapped.h"
#include "support/checked.h"

namespace cnnc::onnx {
namespace {

using Whole = std::optional<int64_t>;  // empty: no such number, or none of 64 bits

struct Unary {
  std::string_view op;
  double (*of_real)(double);   // null: not defined
  Whole (*of_whole)(int64_t);  // null: not defined
};

const Unary kUnary[] = {
    {"Abs", [](double x) { return std::fabs(x); },
     [](int64_t x) { return x < 0 ? checked_subtract(0, x) : Whole(x); }},
    {"Ceil", [](double x) { return std::ceil(x); }, nullptr},
    {"Cos", [](double x) { return std::cos(x); }, nullptr},
    {"Erf", [](double x) { return std::erf(x); }, nullptr},
    {"Exp", [](double x) { return std::exp(x); }, nullptr},
    {"Floor", [](double x) { return std::floor(x); }, nullptr},
    {"Log", [](double x) { return std::log(x); }, nullptr},
    {"Neg", [](double x) { return -x; }, [](int64_t x) { return checked_subtract(0, x); }},
    {"Not", nullptr, [](int64_t x) { return Whole(x == 0); }},
    {"Reciprocal", [](double x) { return 1 / x; }, nullptr},
    {"Relu", [](double x) { return x < 0 ? 0 : x; },
     [](int64_t x) { return Whole(std::max<int64_t>(x, 0)); }},
    {"Round", [](double x) { return std::nearbyint(x); }, nullptr},  // halves to even
    {"Sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); }, nullptr},
    {"Sign", [](double x) { return x > 0   ? 1
                                   : x < 0 ? -1
                                           : x; },
     [](int64_t x) { return Whole((x > 0) - (x < 0)); }},
    {"Sin", [](double x) { return std::sin(x); }, nullptr},
    {"Sqrt", [](double x) { return std::sqrt(x); }, nullptr},
    {"Tanh", [](double x) { return std::tanh(x); }, nullptr},
};

// Toward zero. The one quotient that does not fit is that of the least number by -1.
Whole quotient(int64_t a, int64_t b) {
  if (b == 0 || (b == -1 && a == INT64_MIN)) return std::nullopt;
  return a / b;
}

// Of the divisor's sign, as in Python.
Whole modulo(int64_t a, int64_t b) {
  if (b == 0) return std::nullopt;
  if (b == -1) return 0;
  const int64_t rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

// Of the dividend's sign, as in C.
Whole remainder(int64_t a, int64_t b) {
  if (b == 0) return std::nullopt;
  return b == -1 ? 0 : a % b;
}

// By squaring: at most 63 steps, since a base of more than 1 soon overflows.
Whole power(int64_t base, int64_t exponent) {
  if (base == 1 || exponent == 0) return 1;
  if (base == -1) return exponent % 2 == 0 ? 1 : -1;
  if (exponent < 0) return base == 0 ? Whole() : 0;
  Whole result = 1, square = base;
  for (; exponent > 0; exponent /= 2) {
    if (!square) return std::nullopt;
    if (exponent % 2 == 1) result = checked_multiply(*result, *square);
    if (!result) return std::nullopt;
    square = checked_multiply(*square, *square);
  }
  return result;
}

struct Binary {
  std::string_view op;
  double (*of_reals)(double, double);
  Whole (*of_wholes)(int64_t, int64_t);
  bool compares = false;  // the result is a bool
};

const Binary kBinary[] = {
    {"Add", [](double a, double b) { return a + b; }, checked_add},
    {"And", nullptr, [](int64_t a, int64_t b) { return Whole(a && b); }},
    {"BitwiseAnd", nullptr, [](int64_t a, int64_t b) { return Whole(a & b); }},
    {"BitwiseOr", nullptr, [](int64_t a, int64_t b) { return Whole(a | b); }},
    {"BitwiseXor", nullptr, [](int64_t a, int64_t b) { return Whole(a ^ b); }},
    {"Div", [](double a, double b) { return a / b; }, quotient},
    {"Equal", [](double a, double b) { return double(a == b); },
     [](int64_t a, int64_t b) { return Whole(a == b); }, true},
    {"Greater", [](double a, double b) { return double(a > b); },
     [](int64_t a, int64_t b) { return Whole(a > b); }, true},
    {"GreaterOrEqual", [](double a, double b) { return double(a >= b); },
     [](int64_t a, int64_t b) { return Whole(a >= b); }, true},
    {"Less", [](double a, double b) { return double(a < b); },
     [](int64_t a, int64_t b) { return Whole(a < b); }, true},
    {"LessOrEqual", [](double a, double b) { return double(a <= b); },
     [](int64_t a, int64_t b) { return Whole(a <= b); }, true},
    {"Max", [](double a, double b) { return std::isnan(a)            ? a
                                            : b > a || std::isnan(b) ? b
                                                                     : a; },
     [](int64_t a, int64_t b) { return Whole(std::max(a, b)); }},
    {"Min", [](double a, double b) { return std::isnan(a)            ? a
                                            : b < a || std::isnan(b) ? b
                                                                     : a; },
     [](int64_t a, int64_t b) { return Whole(std::min(a, b)); }},
    {"Mod", [](double a, double b) { return std::fmod(a, b); }, modulo},
    {"Mul", [](double a, double b) { return a * b; }, checked_multiply},
    {"Or", nullptr, [](int64_t a, int64_t b) { return Whole(a || b); }},
    {"Pow", [](double a, double b) { return std::pow(a, b); }, power},
    {"Sub", [](double a, double b) { return a - b; }, checked_subtract},
    {"Sum", [](double a, double b) { return a + b; }, checked_add},
    {"Xor", nullptr, [](int64_t a, int64_t b) { return Whole(!a != !b); }},
};

// What attributes make of an operator.
const Binary kShiftLeft = {"BitShift", nullptr, [](int64_t a, int64_t b) {
                             return b >= 0 && b < 63 ? checked_multiply(a, int64_t{1} << b) : std::nullopt;
                           }};
const Binary kShiftRight = {"BitShift", nullptr, [](int64_t a, int64_t b) {
                              return b >= 0 && a >= 0 ? Whole(b < 63 ? a >> b : 0) : std::nullopt;
                            }};
const Binary kRemainder = {"Mod", nullptr, remainder};

template <class Table>
const auto& find_in(const Table& table, const std::string& op) {
  return *std::find_if(std::begin(table), std::end(table), [&](const auto& e) { return e.op == op; });
}

int64_t need_whole(Whole number) {
  if (!number) throw Unmapped{"its whole numbers have no result of 64 bits", ""};
  return *number;
}

[[noreturn]] void fail_type(const Constant& c) {
  throw Unmapped{fmt::format("it is not defined for constants of type {}", c.type), ""};
}

std::vector<float> as_reals(const Constant& c) {
  return c.floats ? *c.floats : std::vector<float>(c.integers->begin(), c.integers->end());
}

Constant of_reals(const Binary& op, const Constant& a, const Constant& b) {
  const std::vector<float>&x = *a.floats, &y = *b.floats;
  if (op.compares) {
    std::vector<int64_t> values;
    for (size_t i = 0; i < x.size(); ++i) values.push_back(op.of_reals(x[i], y[i]) != 0);
    return constant_of(std::move(values), a.dims, "bool");
  }
  std::vector<float> values;
  for (size_t i = 0; i < x.size(); ++i) values.push_back(static_cast<float>(op.of_reals(x[i], y[i])));
  return constant_of(std::move(values), a.dims, a.type);
}

Constant of_wholes(const Binary& op, const Constant& a, const Constant& b) {
  std::vector<int64_t> values;
  for (size_t i = 0; i < a.integers->size(); ++i)
    values.push_back(need_whole(op.of_wholes((*a.integers)[i], (*b.integers)[i])));
  return constant_of(std::move(values), a.dims, op.compares ? "bool" : a.type);
}

// A power's exponent may be of another type than its base, whose type the result has.
Constant with_type_of_base(const Constant& base, const Constant& exponent) {
  if (base.floats && !exponent.floats) return constant_of(as_reals(exponent), exponent.dims, base.type);
  if (!exponent.floats || base.floats) return exponent;
  std::vector<int64_t> wholes;
  for (const float e : *exponent.floats) {
    if (!(std::fabs(e) < 0x1p62F) || std::trunc(e) != e)
      throw Unmapped{fmt::format("its exponent {} of a whole number is none", e), ""};
    wholes.push_back(static_cast<int64_t>(e));
  }
  return constant_of(std::move(wholes), exponent.dims, base.type);
}

Constant combined(Folding& f, const Binary& op, const Constant& left, const Constant& right) {
  const Dims dims = broadcast(left.dims, right.dims);
  spend_elements(f, dims);
  const Constant a = expanded(f, left, dims);
  const Constant b = expanded(f, op.op == "Pow" ? with_type_of_base(left, right) : right, dims);
  if (a.floats && b.floats && op.of_reals) return of_reals(op, a, b);
  if (a.integers && b.integers) return of_wholes(op, a, b);
  fail_type(a.floats ? b : a);
}

const Binary& binary_of(const Folding& f) {
  if (f.node.op == "BitShift") return word(f.node, "direction", "") == "LEFT" ? kShiftLeft : kShiftRight;
  if (f.node.op == "Mod" && need(f, 0).integers && integer(f.node, "fmod", 0) != 0) return kRemainder;
  return find_in(kBinary, f.node.op);
}

}  // namespace

Constants fold_unary(Folding& f) {
  const Unary& op = find_in(kUnary, f.node.op);
  const Constant& c = need(f, 0);
  spend_elements(f, c.dims);
  if (c.floats ? !op.of_real : !op.of_whole) fail_type(c);
  return {with_values(c, c.dims, [&](auto values) {
    for (auto& value : values) {
      if constexpr (std::is_same_v<std::decay_t<decltype(value)>, float>)
        value = static_cast<float>(op.of_real(value));
      else
        value = need_whole(op.of_whole(value));
    }
    return values;
  })};
}

Constants fold_binary(Folding& f) {
  const Binary& op = binary_of(f);
  Constant result = need(f, 0);
  for (size_t i = 1; i < f.inputs.size(); ++i) result = combined(f, op, result, need(f, i));
  return {result};
}

Constants fold_where(Folding& f) {
  const Constant &a = need(f, 1), &b = need(f, 2);
  const Dims dims = broadcast(need(f, 0).dims, broadcast(a.dims, b.dims));
  spend_elements(f, dims);
  if (!a.floats != !b.floats) throw Unmapped{"its two inputs are of different types", ""};
  need_integers(f, 0);
  const Constant condition = expanded(f, need(f, 0), dims), other = expanded(f, b, dims);
  return {with_values(expanded(f, a, dims), dims, [&](auto values) {
    for (size_t i = 0; i < values.size(); ++i)
      if ((*condition.integers)[i] == 0) {
        if constexpr (std::is_same_v<decltype(values), std::vector<float>>)
          values[i] = (*other.floats)[i];
        else
          values[i] = (*other.integers)[i];
      }
    return values;
  })};
}

// Its limits are inputs since opset 11, attributes before. As Min of Max, so that the upper one counts where
// it is the less.
Constants fold_clip(Folding& f) {
  Constant result = need(f, 0);
  constexpr std::pair<const char*, const char*> kLimits[] = {{"Max", "min"}, {"Min", "max"}};
  for (size_t i = 0; i < 2; ++i) {
    const auto& [op, name] = kLimits[i];
    if (optional(f, i + 1))
      result = combined(f, find_in(kBinary, op), result, need(f, i + 1));
    else if (has_attribute(f.node, name))
      result = combined(f, find_in(kBinary, op), result,
                        constant_of(std::vector<float>{static_cast<float>(real(f.node, name, 0))}, {}));
  }
  return {result};
}

}  // namespace cnnc::onnx
