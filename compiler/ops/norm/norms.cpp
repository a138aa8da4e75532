// Normalisations by what a tensor itself holds, unlike batchnorm's by what was found in training:
//   layernorm     (x - mean) / sqrt(variance + eps) along axes (Ba, Kiros & Hinton 2016)
//   instancenorm  the same of each channel (Ulyanov, Vedaldi & Lempitsky 2016)
//   groupnorm     the same of each group of channels (Wu & He 2018)
//   rmsnorm       x / sqrt(mean(x^2) + eps) along axes (Zhang & Sennrich 2019)
//   l2norm        x / max(sqrt(sum(x^2)), eps) along axes
// A variance is the mean of the squares. All but the last then have weight x + bias, where `affine` is on
// and, of the bias, where `bias` is.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/axes.h"
#include "ops/checks.h"
#include "ops/norm/arithmetic.h"
#include "ops/reference.h"
#include "ops/registry.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer_along(const Attributes& a, const std::vector<Shape>& inputs) {
  if (auto error = want_axes("axes", sizes(a, "axes"), inputs.at(0))) return *error;
  return inputs[0];
}

OperatorResult<Shape> infer_instance(const Attributes&, const std::vector<Shape>& inputs) {
  if (inputs.at(0).rank() > 1) return inputs[0];
  return OperatorError{
      "",
      fmt::format("'instancenorm' wants several elements a channel; its input is {}", describe(inputs[0])),
      "'layernorm 0' normalises a vector"};
}

OperatorResult<Shape> infer_group(const Attributes& a, const std::vector<Shape>& inputs) {
  const int64_t groups = integer(a, "groups"), channels = inputs.at(0).sizes.at(0);
  if (groups >= 1 && channels % groups == 0) return inputs[0];
  return OperatorError{"groups", fmt::format("{} groups do not divide {} channels", groups, channels),
                       "write a number that does"};
}

std::vector<ParameterRule> learned(const Attributes& a, const Shape& shape) {
  std::vector<ParameterRule> rules;
  if (is_on(a, "affine")) rules.push_back({"weight", shape});
  if (a.count("bias") > 0 && is_on(a, "affine") && is_on(a, "bias")) rules.push_back({"bias", shape});
  return rules;
}

// PyTorch's normalized_shape: the sizes of the axes, in their order.
std::vector<ParameterRule> learned_along(const Attributes& a, const std::vector<Shape>& inputs) {
  std::vector<int64_t> axes = sizes(a, "axes"), along;
  std::sort(axes.begin(), axes.end());
  for (const int64_t axis : axes) along.push_back(inputs.at(0).sizes.at(static_cast<size_t>(axis)));
  return learned(a, Shape(along));
}

std::vector<ParameterRule> learned_by_channel(const Attributes& a, const std::vector<Shape>& inputs) {
  return learned(a, Shape{inputs.at(0).sizes.at(0)});
}

// The root of a sum of squares, which is never less than 0 in floats either: as that of 'sqrt' is not known
// to be.
Reference root_of(const Reference& squares) {
  Reference result;
  for (size_t i = 0; i < squares.values.size(); ++i) {
    const double x = squares.values[i], e = squares.bounds[i], y = std::sqrt(x);
    const double inherited = std::max(std::sqrt(x + e) - y, y - std::sqrt(std::max(x - e, 0.0)));
    result.values.push_back(y);
    result.bounds.push_back(inherited + rounding(1, y + inherited));
  }
  return result;
}

// By the operators that it is made of, with the bounds that these have.
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Graph part = arithmetic_of(node, shapes.at(0));
  std::vector<Reference> results = {*inputs.at(0)};
  results.reserve(part.nodes.size());
  for (size_t id = 1; id < part.nodes.size(); ++id) {
    const Node& step = part.nodes[id];
    std::vector<const Reference*> operands;
    std::vector<Shape> operand_shapes;
    for (const NodeId input : step.inputs) {
      operands.push_back(&results[static_cast<size_t>(input)]);
      operand_shapes.push_back(part.nodes[static_cast<size_t>(input)].shape);
    }
    results.push_back(step.op == "sqrt" ? root_of(*operands[0])
                                        : operator_of(step).evaluate(step, operands, operand_shapes));
  }
  return std::move(results.back());
}

const AttributeRule kAxes = {"axes", AttributeKind::axes, true, std::nullopt, 0, 5, "channels"};
const AttributeRule kAffine = {"affine", AttributeKind::on_off, false, true};
const AttributeRule kBias = {"bias", AttributeKind::on_off, false, true};

AttributeRule eps(double value) {
  return {"eps", AttributeKind::real, false, value, kLeastEps, 1};
}

Operator norm(std::string_view name, std::string_view summary, std::vector<AttributeRule> attributes,
              decltype(Operator::infer) infer, decltype(Operator::parameters) parameters) {
  Operator op{name, summary, composed_facts(), 1, std::move(attributes), infer, parameters};
  op.evaluate = evaluate;
  return op;
}

}  // namespace

extern const Operator groupnorm =
    norm("groupnorm", "each group of channels, less its mean and divided by its deviation",
         {{"groups", AttributeKind::integer, true, std::nullopt, 1}, eps(1e-5), kAffine, kBias}, infer_group,
         learned_by_channel);
extern const Operator instancenorm =
    norm("instancenorm", "each channel, less its mean and divided by its deviation",
         {eps(1e-5), kAffine, kBias}, infer_instance, learned_by_channel);
extern const Operator l2norm = norm("l2norm", "divided by the length of what lies along axes, a vector",
                                    {kAxes, eps(1e-12)}, infer_along, nullptr);
extern const Operator layernorm =
    norm("layernorm", "what lies along axes, less its mean and divided by its deviation",
         {kAxes, eps(1e-5), kAffine, kBias}, infer_along, learned_along);
extern const Operator rmsnorm =
    norm("rmsnorm", "what lies along axes, divided by the root of its mean square",
         {kAxes, eps(1e-5), kAffine}, infer_along, learned_along);

}  // namespace cnnc::ops
