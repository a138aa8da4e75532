// The place of the greatest, or the least, element along an axis, which stays with a size of 1: of several
// the first; 0 where one of them is not a number.
#include <fmt/format.h>

#include "ops/axes.h"
#include "ops/checks.h"
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

// A place is a float, which counts so far.
constexpr int64_t kMostPlaces = 1 << 24;

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const int64_t axis = integer(a, "axis");
  if (auto error = want_axis("axis", axis, inputs.at(0))) return *error;
  Shape result = inputs[0];
  int64_t& size = result.sizes[static_cast<size_t>(axis)];
  if (size > kMostPlaces)
    return OperatorError{
        "axis", fmt::format("an axis of {} places has too many; at most {} are possible", size, kMostPlaces),
        "places are floats, which are exact so far: reshape the axis into two"};
  size = 1;
  return result;
}

using Line = std::vector<Element>;

// Where an error may make another element the greatest, it may be that one's place.
Element place_of_greatest(const Line& x) {
  size_t best = 0;
  double least_greatest = -HUGE_VAL;  // what the greatest is at least
  bool is_exact = true;
  for (size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i].value)) return {0, 0};
    if (x[i].value > x[best].value) best = i;
    if (x[i].bound > 0) is_exact = false;
    least_greatest = std::max(least_greatest, x[i].value - x[i].bound);
  }
  const auto place = static_cast<double>(best);
  double bound = 0;
  for (size_t i = 0; i < x.size() && !is_exact; ++i)
    if (!(x[i].value + x[i].bound < least_greatest))
      bound = std::max(bound, std::fabs(static_cast<double>(i) - place));
  return {place, bound};
}

template <int sign>
Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const Along along = along_of(shapes.at(0), integer(node.attributes, "axis"));
  Reference result;
  Line line(static_cast<size_t>(along.size));
  for (int64_t i = 0; i < along.outer * along.inner; ++i) {
    const int64_t first = i / along.inner * along.size * along.inner + i % along.inner;
    for (size_t k = 0; k < line.size(); ++k) {
      line[k] = element_at(*inputs.at(0), first + static_cast<int64_t>(k) * along.inner);
      line[k].value *= sign;
    }
    const Element place = place_of_greatest(line);
    result.values.push_back(place.value);
    result.bounds.push_back(place.bound);
  }
  return result;
}

OperatorFacts facts() {
  OperatorFacts facts = reduction_facts();
  facts.reads_again = true;  // for the greatest element, then for its place
  return facts;
}

template <int sign>
Operator place(std::string_view name, std::string_view summary) {
  Operator op{name, summary, facts(), 1, {{"axis", AttributeKind::axis, true, std::nullopt, 0, 5, "0"}},
              infer};
  op.evaluate = evaluate<sign>;
  return op;
}

}  // namespace

extern const Operator argmax = place<1>("argmax", "the place of the greatest element along an axis");
extern const Operator argmin = place<-1>("argmin", "the place of the least element along an axis");

}  // namespace cnnc::ops
