// The difference, quotient, greater and lesser of two tensors, element by element under numpy's broadcasting
// rule; and these, the sum and the product with a constant tensor, which is a parameter.
#include <fmt/format.h>

#include <functional>

#include "ops/axes.h"
#include "ops/checks.h"
#include "ops/elementwise/broadcast.h"
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

double magnitude_of(Element x) {
  return std::fabs(x.value) + x.bound;
}

Element sum(Element x, Element y) {
  return sum_with_error(x.value + y.value, x.bound + y.bound, rounding(1, magnitude_of(x) + magnitude_of(y)));
}

Element difference(Element x, Element y) {
  return sum(x, {-y.value, y.bound});
}

Element product(Element x, Element y) {
  const double inherited = std::fabs(x.value) * y.bound + magnitude_of(y) * x.bound;
  return product_with_error(x.value * y.value, may_be_zero(x) || may_be_zero(y), inherited,
                            rounding(1, magnitude_of(x) * magnitude_of(y)));
}

// |x/y - x'/y'| <= (e_x + |x/y| e_y) / (|y| - e_y). Where the divisor may be 0, nothing is known.
Element quotient(Element x, Element y) {
  const double q = x.value / y.value, least = std::fabs(y.value) - y.bound;
  if (least <= 0) return {q, x.bound == 0 && y.bound == 0 ? 0 : HUGE_VAL};
  if (!std::isfinite(q)) return {q, std::isfinite(x.bound) && std::isfinite(y.bound) ? 0 : HUGE_VAL};
  const double inherited = (x.bound + std::fabs(q) * y.bound) / least;
  return {q, inherited + rounding(2, std::fabs(q) + inherited)};
}

Element greater(Element x, Element y) {
  return {x.value > y.value || std::isnan(x.value) ? x.value : y.value, std::max(x.bound, y.bound)};
}

Element lesser(Element x, Element y) {
  return {x.value < y.value || std::isnan(x.value) ? x.value : y.value, std::max(x.bound, y.bound)};
}

// 1 where the difference is what is asked for, else 0. Where the errors of the two reach each other, it may
// be either.
template <bool (*holds)(double, double)>
Element comparison(Element x, Element y) {
  const double reach = x.bound + y.bound;
  const bool is_open = reach > 0 && std::fabs(x.value - y.value) <= reach;
  return {holds(x.value, y.value) ? 1.0 : 0.0, is_open ? 1.0 : 0.0};
}

bool is_equal(double x, double y) {
  return x == y;
}
bool is_greater(double x, double y) {
  return x > y;
}
bool is_greater_or_equal(double x, double y) {
  return x >= y;
}
bool is_less(double x, double y) {
  return x < y;
}
bool is_less_or_equal(double x, double y) {
  return x <= y;
}

using Function = Element (*)(Element, Element);

Reference combined(Function function, const Shape& result, const Reference& x, const Shape& x_shape,
                   const Reference& y, const Shape& y_shape) {
  const auto left = indices_of(result, broadcast_source(x_shape, result));
  const auto right = indices_of(result, broadcast_source(y_shape, result));
  Reference all;
  for (size_t i = 0; i < left.size(); ++i) {
    const Element e = function(element_at(x, left[i]), element_at(y, right[i]));
    all.values.push_back(e.value);
    all.bounds.push_back(e.bound);
  }
  return all;
}

template <Function function>
Reference evaluate_two(const Node& node, const std::vector<const Reference*>& inputs,
                       const std::vector<Shape>& shapes) {
  return combined(function, node.shape, *inputs.at(0), shapes.at(0), *inputs.at(1), shapes.at(1));
}

template <const char* const& name>
OperatorResult<Shape> infer_two(const Attributes&, const std::vector<Shape>& inputs) {
  return infer_broadcast(name, inputs, 2);
}

// The operator on two tensors.
template <Function function, const char* const& name>
Operator of_two(std::string_view summary, bool is_cheap = true) {
  Operator op{name, summary, tensor_facts(is_cheap), 0, {}, infer_two<name>};
  op.evaluate = evaluate_two<function>;
  return op;
}

OperatorResult<Shape> infer_with_constant(const Attributes& a, const std::vector<Shape>& inputs) {
  const Shape constant(sizes(a, "shape"));
  if (auto error = want_shape("shape", constant)) return *error;
  return broadcast_shape("shape", inputs.at(0), constant);
}

template <Function function>
Reference evaluate_with_constant(const Node& node, const std::vector<const Reference*>& inputs,
                                 const std::vector<Shape>& shapes) {
  const std::vector<float>& values = values_of(node, "value");
  const Reference constant{{values.begin(), values.end()}, std::vector<double>(values.size())};
  return combined(function, node.shape, *inputs.at(0), shapes.at(0), constant,
                  Shape(sizes(node.attributes, "shape")));
}

// The operator on a tensor and a constant one.
template <Function function>
Operator with_constant(std::string_view name, std::string_view summary) {
  Operator op{name,
              summary,
              tensor_facts(false),
              1,
              {{"shape", AttributeKind::shape, true, std::nullopt, 1}},
              infer_with_constant};
  op.parameters = [](const Attributes& a, const std::vector<Shape>&) {
    return std::vector<ParameterRule>{{"value", Shape(sizes(a, "shape"))}};
  };
  op.evaluate = evaluate_with_constant<function>;
  return op;
}

OperatorResult<Shape> infer_where(const Attributes&, const std::vector<Shape>& inputs) {
  if (inputs.size() == 3) return infer_broadcast("where", inputs, 3);
  return OperatorError{"", fmt::format("'where' takes three tensors; found {}", inputs.size()),
                       "write 'where with A, B': A where the current tensor is not 0, else B"};
}

// Where it is not known whether the condition is 0, either may be chosen.
Element chosen(Element condition, Element a, Element b) {
  const Element x = condition.value != 0 ? a : b;
  const bool is_known = condition.bound == 0 || std::fabs(condition.value) > condition.bound;
  return {x.value, is_known ? x.bound : std::max(a.bound, b.bound) + distance(a.value, b.value)};
}

Reference evaluate_where(const Node& node, const std::vector<const Reference*>& inputs,
                         const std::vector<Shape>& shapes) {
  const std::vector<Reference> all = broadcast(inputs, shapes, node.shape);
  Reference result;
  for (int64_t i = 0; i < node.shape.elements(); ++i) {
    const Element e = chosen(element_at(all[0], i), element_at(all[1], i), element_at(all[2], i));
    result.values.push_back(e.value);
    result.bounds.push_back(e.bound);
  }
  return result;
}

constexpr const char *kEqual = "equal", *kGreater = "greater", *kGreaterEqual = "greater_equal",
                     *kLess = "less", *kLessEqual = "less_equal";
constexpr const char *kSubtract = "subtract", *kDivide = "divide", *kMaximum = "maximum",
                     *kMinimum = "minimum";

}  // namespace

extern const Operator subtract = of_two<difference, kSubtract>("the difference of two tensors");
extern const Operator divide = of_two<quotient, kDivide>("the quotient of two tensors", false);
extern const Operator maximum = of_two<greater, kMaximum>("the greater of two tensors' elements");
extern const Operator minimum = of_two<lesser, kMinimum>("the lesser of two tensors' elements");

extern const Operator add_constant = with_constant<sum>("add_constant", "the sum with a constant tensor");
extern const Operator subtract_constant =
    with_constant<difference>("subtract_constant", "the tensor less a constant one");
extern const Operator multiply_constant =
    with_constant<product>("multiply_constant", "the product with a constant tensor");
extern const Operator divide_constant =
    with_constant<quotient>("divide_constant", "the tensor divided by a constant one");
extern const Operator maximum_constant =
    with_constant<greater>("maximum_constant", "the greater of the tensor's and a constant one's elements");
extern const Operator minimum_constant =
    with_constant<lesser>("minimum_constant", "the lesser of the tensor's and a constant one's elements");

extern const Operator equal =
    of_two<comparison<is_equal>, kEqual>("1 where the elements are the same, else 0");
extern const Operator equal_constant = with_constant<comparison<is_equal>>(
    "equal_constant", "1 where the elements are the same, of a tensor and a constant one");
extern const Operator greater =
    of_two<comparison<is_greater>, kGreater>("1 where the first's element is greater, else 0");
extern const Operator greater_constant = with_constant<comparison<is_greater>>(
    "greater_constant", "1 where the first's element is greater, of a tensor and a constant one");
extern const Operator greater_equal =
    of_two<comparison<is_greater_or_equal>, kGreaterEqual>("1 where the first's element is not less, else 0");
extern const Operator greater_equal_constant = with_constant<comparison<is_greater_or_equal>>(
    "greater_equal_constant", "1 where the first's element is not less, of a tensor and a constant one");
extern const Operator less =
    of_two<comparison<is_less>, kLess>("1 where the first's element is less, else 0");
extern const Operator less_constant = with_constant<comparison<is_less>>(
    "less_constant", "1 where the first's element is less, of a tensor and a constant one");
extern const Operator less_equal =
    of_two<comparison<is_less_or_equal>, kLessEqual>("1 where the first's element is not greater, else 0");
extern const Operator less_equal_constant = with_constant<comparison<is_less_or_equal>>(
    "less_equal_constant", "1 where the first's element is not greater, of a tensor and a constant one");
extern const Operator where = {"where",
                               "the one tensor's element where the condition is not 0, else the other's",
                               tensor_facts(false),
                               0,
                               {},
                               infer_where,
                               nullptr,
                               nullptr,
                               nullptr,
                               evaluate_where};

}  // namespace cnnc::ops
