// Quotients of whole numbers, and rests.
#include <algorithm>

#include "onnx/attributes.h"
#include "onnx/composed/composition.h"
#include "onnx/translation/whole_numbers.h"

namespace cnnc::onnx {
namespace {

// One of two numbers of the network, or constants, as floats.
std::string as_float(Composer& c, const std::string& x) {
  return c.add("Cast", {x}, {{"to", int64_t{1}}});
}

// A divisor b, and s b with the sign s of b; no name for a sign that is 1.
struct Divisor {
  std::string value, magnitude, sign;
};

Divisor divisor_of(Composer& c, const Translation& t, const Node& node) {
  const std::string b = as_float(c, node.inputs.at(1));
  if (constant_input(t, node, 1)) {
    const Constant constant = need_numbers(t, node, 1, "its divisor");
    const std::vector<float>& values = *constant.floats;
    if (std::count(values.begin(), values.end(), 0.0F) > 0) throw Unmapped{"its divisor has 0", ""};
    if (std::all_of(values.begin(), values.end(), [](float v) { return v > 0; })) return {b, b, ""};
  }
  return {b, c.add("Abs", {b}), c.add("Sign", {b})};
}

std::string times_sign(Composer& c, const std::string& x, const Divisor& b) {
  return b.sign.empty() ? x : c.add("Mul", {x, b.sign});
}

// floor(a / |b|) of whole numbers. Half of one more makes up for what a float quotient is less than a whole
// one.
std::string whole_quotient(Composer& c, const std::string& a, const Divisor& b) {
  return c.add("Floor", {c.add("Div", {c.add("Add", {a, c.number(0.5F)}), b.magnitude})});
}

// a - q |b|
std::string rest(Composer& c, const std::string& a, const std::string& q, const Divisor& b) {
  return c.add("Sub", {a, c.add("Mul", {q, b.magnitude})});
}

// a mod |b| for a of 0 or more, as C's fmod, where the rounded quotient may be one too many or too few.
std::string real_rest(Composer& c, const std::string& a, const Divisor& b) {
  const std::string r = rest(c, a, c.add("Floor", {c.add("Div", {a, b.magnitude})}), b);
  const std::string more =
      c.add("Where", {c.add("Less", {r, c.number(0)}), c.add("Add", {r, b.magnitude}), r});
  return c.add("Where",
               {c.add("GreaterOrEqual", {more, b.magnitude}), c.add("Sub", {more, b.magnitude}), more});
}

}  // namespace

// Of whole numbers, toward zero.
std::optional<Composition> compose_quotient(const Translation& t, const Node& node) {
  if (!is_of_integers(t, node, 0) || !is_of_integers(t, node, 1)) return std::nullopt;
  Composer c(t, node);
  const std::string a = as_float(c, node.inputs.at(0));
  const Divisor b = divisor_of(c, t, node);
  const std::string q = whole_quotient(c, c.add("Abs", {a}), b);
  c.finish("Mul", {q, times_sign(c, c.add("Sign", {a}), b)});
  return c.take();
}

// With fmod the rest has the sign of a, as in C; else that of b, as in Python.
std::optional<Composition> compose_mod(const Translation& t, const Node& node) {
  const bool is_whole = is_of_integers(t, node, 0) && is_of_integers(t, node, 1);
  Composer c(t, node);
  const std::string a = as_float(c, node.inputs.at(0));
  const Divisor b = divisor_of(c, t, node);
  if (integer(node, "fmod", 0) == 0) {
    if (!is_whole) throw Unmapped{"it is of floats, and its 'fmod' is 0", "ONNX has it so of whole numbers"};
    const std::string q = whole_quotient(c, times_sign(c, a, b), b);
    c.finish("Sub", {a, c.add("Mul", {q, b.value})});
    return c.take();
  }
  const std::string size = c.add("Abs", {a});
  const std::string r = is_whole ? rest(c, size, whole_quotient(c, size, b), b) : real_rest(c, size, b);
  c.finish("Mul", {r, c.add("Sign", {a})});
  return c.take();
}

}  // namespace cnnc::onnx
