// y = x Phi(x), Phi the distribution function of the normal distribution (Hendrycks and Gimpel 2016); with
// `approximate on` their approximation by tanh.
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

double exact_gelu(double x) {
  return 0.5 * x * std::erfc(-x * std::sqrt(0.5));
}

// 0.5 (1 + tanh z / 2) = 1 / (1 + e^-z)
double exponent_of(double x) {
  constexpr double kScale = 1.5957691216057307;  // 2 sqrt(2 / pi)
  return kScale * (x + 0.044715 * x * x * x);
}

double tanh_gelu(double x) {
  return x / (1 + std::exp(-exponent_of(x)));
}

// A kernel computes 0.5 x (1 + erf(x / sqrt 2)), where it cancels for negative x: its erf is off by 8 u, x /
// sqrt 2 by 2 u, which makes another u of erf, and the sum and the products by 3 u |y|.
Element apply_exact(Element x) {
  const Element y = element_of(exact_gelu, x, 3, -0.7517915246935645);
  return {y.value, y.bound + 4.5 * kRoundoff * (std::fabs(x.value) + x.bound)};
}

// A kernel computes x / (1 + e^-z): z, whose terms have one sign, to 6 u, of which 6 u |z| (1 - sigmoid)
// reaches the result; the sigmoid to 4 units in the last place, then a product.
Element apply_tanh(Element x) {
  const Element y = element_of(tanh_gelu, x, 9, -0.7524614220710164);
  const double z = exponent_of(x.value), rest = 1 / (1 + std::exp(z));
  const double of_exponent = rounding(6, std::fabs(z) * rest * (std::fabs(y.value) + y.bound));
  return {y.value, y.bound + of_exponent + (std::fabs(x.value) + x.bound) * kSigmoidTail};
}

Element apply(const Attributes& a, Element x) {
  return is_on(a, "approximate") ? apply_tanh(x) : apply_exact(x);
}

}  // namespace

extern const Operator gelu =
    activation<apply>("gelu", "the element times the normal distribution function of it",
                      {{"approximate", AttributeKind::on_off, false, false}});

}  // namespace cnnc::ops
