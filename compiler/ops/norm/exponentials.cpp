#include "ops/norm/exponentials.h"

namespace cnnc {

Exponentials exponentials_of(const std::vector<Element>& x) {
  Exponentials all{x.at(0).value, 0, 0, 0, 0};
  for (const Element& e : x) {
    all.greatest = std::max(all.greatest, e.value);
    all.input_error = std::max(all.input_error, e.bound);
  }
  double distances = 0;
  for (const Element& e : x) {
    const double term = std::exp(e.value - all.greatest);
    all.sum += term;
    if (term > 0) distances += term * (all.greatest - e.value);
  }
  const auto n = static_cast<int64_t>(x.size());
  all.sum_error =
      all.input_error + kRoundoff * (distances / all.sum + 2 * all.input_error + kExp) + gamma_k(n - 1);
  all.underflow = 2 * static_cast<double>(n + 1) * kLeastNormal;
  return all;
}

OperatorResult<Shape> infer_along(const Attributes& attributes, const std::vector<Shape>& inputs) {
  if (auto error = want_axis("along", integer(attributes, "along"), inputs.at(0))) return *error;
  return inputs[0];
}

AttributeRule along_rule() {
  return {"along", AttributeKind::axis, false, int64_t{0}, 0, 5, "1"};
}

}  // namespace cnnc
