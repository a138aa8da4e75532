// y = x - bias where x > lambda, x + bias where x < -lambda, else 0 (Donoho 1995, De-noising by
// soft-thresholding): hard with a bias of 0, soft with one of lambda.
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

// The sum is rounded.
Element apply(const Attributes& a, Element x) {
  const double lambda = float_of(a, "lambda"), bias = float_of(a, "bias");
  const auto shrunk = [=](double t) {
    return t > lambda ? t - bias : t < -lambda ? t + bias : std::isnan(t) ? t : 0;
  };
  const Element y = element_of(shrunk, x, 1);
  const double left = error_at_jump(x, y.value, {-lambda, bias - lambda, 0}),
               right = error_at_jump(x, y.value, {lambda, 0, lambda - bias});
  return {y.value, std::max({y.bound, left + rounding(1, left), right + rounding(1, right)})};
}

}  // namespace

extern const Operator shrink = activation<apply>(
    "shrink", "the element nearer to 0 by 'bias', and 0 where its magnitude is at most 'lambda'",
    {{"lambda", AttributeKind::real, false, 0.5, 0, kGreatestFloat},
     {"bias", AttributeKind::real, false, 0.0, -kGreatestFloat, kGreatestFloat}});

}  // namespace cnnc::ops
