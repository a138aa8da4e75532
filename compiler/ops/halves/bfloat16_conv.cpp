// A conv of bfloat16, by weights that are bfloat16 too; sums and result are floats.
#include <algorithm>
#include <cmath>

#include "ops/elementwise/elementwise.h"
#include "ops/halves/halves.h"
#include "ops/registry.h"

namespace cnnc::ops {
namespace {

// As of conv, where what is too small for a normal number may be lost, since VDPBF16PS takes it as 0 (Intel
// SDM): an input or a weight, of which each product then lacks as much by the other, and any of the sums.
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  Reference result = find_layer("conv")->evaluate(node, inputs, shapes);
  const std::vector<float>& weights = values_of(node, "weight");
  double greatest = 1;
  for (const float weight : weights) greatest = std::max<double>(greatest, std::fabs(weight));
  for (const double x : inputs.at(0)->values)
    if (std::isfinite(x)) greatest = std::max(greatest, std::fabs(x));
  const auto terms = static_cast<double>(weights.size()) / static_cast<double>(node.shape.channels());
  const double lost = 3 * kLeastNormal * greatest * terms;
  for (double& bound : result.bounds) bound += lost;
  return result;
}

}  // namespace

const Operator& bfloat16_conv() {
  static const Operator op = [] {
    Operator of_halves = *find_layer("conv");
    of_halves.name = "bfloat16_conv";
    of_halves.summary = "a conv of bfloat16";
    of_halves.facts.takes = ElementType::bfloat16;
    of_halves.evaluate = evaluate;
    return of_halves;
  }();
  return op;
}

}  // namespace cnnc::ops
