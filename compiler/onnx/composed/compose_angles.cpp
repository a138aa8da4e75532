// The inverses of sine, cosine and tangent, and the hyperbolic functions. Polynomials are those of Cephes
// (asinhf, atanhf, atanf: https://www.netlib.org/cephes), each for arguments up to where it is used.
#include <cmath>

#include "onnx/composed/composition.h"

namespace cnnc::onnx {
namespace {

constexpr float kHalfPi = 1.57079632679F;

// x + x z p(z) with z = x x, the highest coefficient first.
std::string odd_series(Composer& c, const std::string& x, const std::vector<float>& coefficients) {
  const std::string z = c.add("Mul", {x, x});
  std::string p = c.number(coefficients.at(0));
  for (size_t i = 1; i < coefficients.size(); ++i)
    p = c.add("Add", {c.add("Mul", {z, p}), c.number(coefficients[i])});
  return c.add("Add", {x, c.add("Mul", {x, c.add("Mul", {z, p})})});
}

std::string plus_one(Composer& c, const std::string& x) {
  return c.add("Add", {x, c.number(1)});
}

std::string minus_from_one(Composer& c, const std::string& x) {
  return c.add("Sub", {c.number(1), x});
}

// atan t for t from 0 on, up to infinity: of 1 / t beyond 1, and twice that of half the angle, whose tangent
// is u / (1 + sqrt(1 + u u)), at most 0.4143.
std::string angle_of(Composer& c, const std::string& t) {
  const std::string u = c.add("Min", {t, c.add("Reciprocal", {t})});
  const std::string root = c.add("Sqrt", {plus_one(c, c.add("Mul", {u, u}))});
  const std::string half = c.add("Div", {u, plus_one(c, root)});
  const std::string angle = c.add(
      "Mul",
      {odd_series(c, half, {8.05374449538e-2F, -1.38776856032e-1F, 1.99777106478e-1F, -3.33329491539e-1F}),
       c.number(2)});
  const std::string rest = c.add("Sub", {c.number(kHalfPi), angle});
  return c.add("Where", {c.add("Greater", {t, c.number(1)}), rest, angle});
}

// small(x) where |x| is less than the limit, else large(x).
void finish_either(Composer& c, const std::string& x, float limit, const std::string& small,
                   const std::string& large) {
  c.finish("Where", {c.add("Less", {c.add("Abs", {x}), c.number(limit)}), small, large});
}

// (e^x + factor e^-x) / 2
std::string mean_of_exponentials(Composer& c, const std::string& x, float factor) {
  const std::string up = c.add("Exp", {x}), down = c.add("Exp", {c.add("Neg", {x})});
  return c.add("Mul", {c.add(factor < 0 ? "Sub" : "Add", {up, down}), c.number(0.5F)});
}

}  // namespace

std::optional<Composition> compose_atan(const Translation& t, const Node& node) {
  Composer c(t, node);
  const std::string& x = node.inputs.at(0);
  c.finish("Mul", {c.add("Sign", {x}), angle_of(c, c.add("Abs", {x}))});
  return c.take();
}

// atan(|x| / sqrt((1 - |x|) (1 + |x|))), with the sign of x
std::optional<Composition> compose_asin(const Translation& t, const Node& node) {
  Composer c(t, node);
  const std::string& x = node.inputs.at(0);
  const std::string size = c.add("Abs", {x});
  const std::string cosine = c.add("Sqrt", {c.add("Mul", {minus_from_one(c, size), plus_one(c, size)})});
  c.finish("Mul", {c.add("Sign", {x}), angle_of(c, c.add("Div", {size, cosine}))});
  return c.take();
}

// 2 atan(sqrt((1 - x) / (1 + x)))
std::optional<Composition> compose_acos(const Translation& t, const Node& node) {
  Composer c(t, node);
  const std::string& x = node.inputs.at(0);
  const std::string half = c.add("Sqrt", {c.add("Div", {minus_from_one(c, x), plus_one(c, x)})});
  c.finish("Mul", {angle_of(c, half), c.number(2)});
  return c.take();
}

std::optional<Composition> compose_cosh(const Translation& t, const Node& node) {
  Composer c(t, node);
  c.finish("Identity", {mean_of_exponentials(c, node.inputs.at(0), 1)});
  return c.take();
}

// Up to 1 by the series x + x^3/3! + …
std::optional<Composition> compose_sinh(const Translation& t, const Node& node) {
  Composer c(t, node);
  const std::string& x = node.inputs.at(0);
  const std::string small = odd_series(c, x, {1.0F / 362880, 1.0F / 5040, 1.0F / 120, 1.0F / 6});
  finish_either(c, x, 1, small, mean_of_exponentials(c, x, -1));
  return c.take();
}

// sign(x) log(|x| + sqrt(x x + 1))
std::optional<Composition> compose_asinh(const Translation& t, const Node& node) {
  Composer c(t, node);
  const std::string& x = node.inputs.at(0);
  const std::string small =
      odd_series(c, x, {2.0122003309e-2F, -4.2699340972e-2F, 7.4847586088e-2F, -1.6666288134e-1F});
  const std::string root = c.add("Sqrt", {plus_one(c, c.add("Mul", {x, x}))});
  const std::string large = c.add("Log", {c.add("Add", {c.add("Abs", {x}), root})});
  finish_either(c, x, 0.5F, small, c.add("Mul", {c.add("Sign", {x}), large}));
  return c.take();
}

// log(x + sqrt((x - 1) (x + 1)))
std::optional<Composition> compose_acosh(const Translation& t, const Node& node) {
  Composer c(t, node);
  const std::string& x = node.inputs.at(0);
  const std::string product = c.add("Mul", {c.add("Sub", {x, c.number(1)}), plus_one(c, x)});
  c.finish("Log", {c.add("Add", {x, c.add("Sqrt", {product})})});
  return c.take();
}

// log((1 + x) / (1 - x)) / 2
std::optional<Composition> compose_atanh(const Translation& t, const Node& node) {
  Composer c(t, node);
  const std::string& x = node.inputs.at(0);
  const std::string small = odd_series(
      c, x, {1.81740078349e-1F, 8.24370301058e-2F, 1.46691431730e-1F, 1.99782164500e-1F, 3.33337300303e-1F});
  const std::string large = c.add("Log", {c.add("Div", {plus_one(c, x), minus_from_one(c, x)})});
  finish_either(c, x, 0.5F, small, c.add("Mul", {large, c.number(0.5F)}));
  return c.take();
}

std::optional<Composition> compose_tan(const Translation& t, const Node& node) {
  Composer c(t, node);
  const std::string& x = node.inputs.at(0);
  c.finish("Div", {c.add("Sin", {x}), c.add("Cos", {x})});
  return c.take();
}

}  // namespace cnnc::onnx
