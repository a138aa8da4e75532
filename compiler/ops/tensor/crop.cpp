// Along one axis the places begin, begin + step, … up to end - 1.
#include <fmt/format.h>

#include "ops/axes.h"
#include "ops/checks.h"
#include "support/checked.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const int64_t axis = integer(a, "axis"), begin = integer(a, "begin"), end = integer(a, "end"),
                step = integer(a, "step");
  Shape result = inputs.at(0);
  if (auto error = want_axis("axis", axis, result)) return *error;
  if (auto error = want_in_range("begin", begin, 0)) return *error;
  if (auto error = want_in_range("end", end, 1)) return *error;
  if (auto error = want_in_range("step", step, 1)) return *error;
  int64_t& size = result.sizes[static_cast<size_t>(axis)];
  const char* hint = "'crop AXIS BEGIN END' takes the places BEGIN to END - 1, counted from 0";
  if (end > size)
    return OperatorError{
        "end",
        fmt::format("axis {} of {} has {} places; found an end of {}", axis, to_string(inputs[0]), size, end),
        hint};
  if (begin >= end)
    return OperatorError{
        "end",
        fmt::format("no places lie from {} to before {}: the end must be greater than the begin", begin, end),
        hint};
  size = ceil_div(end - begin, step);
  return result;
}

std::string formula(const Attributes& a, const std::vector<Shape>&, const Shape& output) {
  const int64_t begin = integer(a, "begin"), end = integer(a, "end"), step = integer(a, "step");
  const int64_t size = output.sizes[static_cast<size_t>(integer(a, "axis"))];
  return step == 1 ? fmt::format("{} - {} = {}", end, begin, size)
                   : fmt::format("ceil(({} - {}) / {}) = {}", end, begin, step, size);
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const auto axis = static_cast<size_t>(integer(node.attributes, "axis"));
  Strided source{0, strides_of(shapes.at(0))};
  source.offset = integer(node.attributes, "begin") * source.strides[axis];
  source.strides[axis] *= integer(node.attributes, "step");
  return picked(*inputs.at(0), indices_of(node.shape, source));
}

}  // namespace

extern const Operator crop = {"crop",
                              "some places along an axis",
                              tensor_facts(true),
                              1,
                              {{"axis", AttributeKind::axis, true, std::nullopt, 0, 5, "rows"},
                               {"begin", AttributeKind::integer, true, std::nullopt, 0, 2147483647, "0"},
                               {"end", AttributeKind::integer, true, std::nullopt, 1, 2147483647, "6"},
                               {"step", AttributeKind::integer, false, int64_t{1}, 1}},
                              infer,
                              nullptr,
                              nullptr,
                              formula,
                              evaluate};

}  // namespace cnnc::ops
