// Pow, and PRelu with any slopes.
#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "onnx/general/general.h"
#include "onnx/general/operations.h"
#include "onnx/mappings/clipped.h"
#include "onnx/mappings/elementwise.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

constexpr double kMostFactors = 16;

// x^n for n from 1 on, by squares.
View whole_power(Translation& t, const View& x, int64_t n) {
  if (n == 1) return x;
  const View half = whole_power(t, x, n / 2);
  const View square = joined(t, "", "multiply", {half, half});
  return n % 2 == 0 ? square : joined(t, "", "multiply", {square, x});
}

// x^p for p > 0: products, of half numbers with a root; of others e^(p log x), which has no value where x is
// less than 0, as ONNX's has none.
View positive_power(Translation& t, const View& x, double p) {
  const double whole = std::floor(p);
  if (p - whole != 0 && p - whole != 0.5) {
    const View multiple = with_number(t, "", "multiply", apply(t, "", "log", {}, x), p);
    return apply(t, "", "exp", {}, multiple);
  }
  if (p > kMostFactors)
    throw Unmapped{fmt::format("its exponent is {}; whole numbers up to 16 are possible", p), ""};
  if (p == whole) return whole_power(t, x, static_cast<int64_t>(whole));
  const View root = apply(t, "", "sqrt", {}, x);
  return whole == 0 ? root
                    : joined(t, "", "multiply", {whole_power(t, x, static_cast<int64_t>(whole)), root});
}

double number_of(const Constant& c) {
  return c.floats ? decimal((*c.floats)[0]) : static_cast<double>((*c.integers)[0]);
}

// e^(y log x), which has no value where x is less than 0, and y may be any number.
View any_power(Translation& t, const Node& node, const View& x) {
  const View log = apply(t, "", "log", {}, x);
  const View product = constant_input(t, node, 1)
                           ? with_constant(t, "", "multiply", log, need_numbers(t, node, 1, "its exponent"))
                           : joined(t, "", "multiply", {log, need_view(t, node, 1)});
  t.notes.push_back(
      fmt::format("Pow {} has several exponents: where what it takes the powers of is less than 0, the "
                  "network has no value for it",
                  quote(node.name.empty() ? node.outputs.at(0) : node.name)));
  return apply(t, name_of(node), "exp", {}, product);
}

// The exponent, where it is one number.
std::optional<double> exponent_of(const Translation& t, const Node& node) {
  const Constant* c = constant_input(t, node, 1);
  if (!c || elements(c->dims) != 1 || (!c->floats && !c->integers)) return std::nullopt;
  return number_of(*c);
}

}  // namespace

// c^x is e^(x log c).
void general_pow(Translation& t, const Node& node) {
  if (const Constant* base = constant_input(t, node, 0);
      base && elements(base->dims) == 1 && number_of(*base) > 0) {
    const View x = with_number(t, "", "multiply", need_view(t, node, 1), std::log(number_of(*base)));
    return set_output(t, node, apply(t, name_of(node), "exp", {}, x));
  }
  const View& x = need_view(t, node, 0);
  const auto exponent = exponent_of(t, node);
  if (!exponent) return set_output(t, node, any_power(t, node, x));
  const double p = *exponent;
  if (p == 0 || !std::isfinite(p))
    throw Unmapped{fmt::format("its exponent is {}: the result is a constant", p), ""};
  if (p > 0) return set_output(t, node, positive_power(t, x, p));
  set_output(t, node, apply(t, name_of(node), "reciprocal", {}, positive_power(t, x, -p)));
}

// max(x, 0) + slope min(x, 0)
void general_prelu(Translation& t, const Node& node) {
  const View& x = need_view(t, node, 0);
  View below = clipped(t, "", x, -HUGE_VAL, 0);
  below = constant_input(t, node, 1)
              ? with_constant(t, "", "multiply", below, need_floats(t, node, 1, "its slope"))
              : joined(t, "", "multiply", {below, need_view(t, node, 1)});
  set_output(t, node, joined(t, name_of(node), "add", {apply(t, "", "relu", {}, x), below}));
}

}  // namespace cnnc::onnx
