// A map of a given height and width.
#include <fmt/format.h>

#include "ops/checks.h"
#include "ops/spatial/resample.h"

namespace cnnc::ops {
namespace {

std::vector<AttributeRule> attributes() {
  std::vector<AttributeRule> rules = {
      {"size", AttributeKind::pair, true, std::nullopt, 1, 2147483647, "7x7"}};
  for (AttributeRule& rule : resample_attributes()) rules.push_back(std::move(rule));
  for (const char* name : {"row_scale", "column_scale"})
    rules.push_back({name, AttributeKind::real, false, 0.0, 0, 2147483647, "1.7"});
  return rules;
}

// Of an axis with a scale of its own, the size must be what that makes; 0: it is the quotient of the sizes.
std::optional<OperatorError> want_scaled(const Attributes& a, const std::string& name,
                                         std::string_view elements, int64_t input, int64_t output) {
  const auto found = a.find(name);
  const double scale = found == a.end() ? 0 : std::get<double>(found->second);
  if (scale == 0 || is_scaled_size(input, output, scale)) return std::nullopt;
  return OperatorError{
      name, fmt::format("'{} {}' does not make {} {} of {}", name, scale, output, elements, input),
      fmt::format("leave it out: it is {} / {} then, or give the size that is {} times {}, rounded down",
                  output, input, input, scale)};
}

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const auto& size = sizes(a, "size");
  if (auto error = want_in_range("size", size, 1)) return *error;
  const Shape& input = inputs.at(0);
  auto result = infer_resample("resize", a, input, "size", size.at(0), size.at(1));
  if (std::holds_alternative<OperatorError>(result)) return result;
  if (auto error = want_scaled(a, "row_scale", "rows", input.height(), size[0])) return *error;
  if (auto error = want_scaled(a, "column_scale", "columns", input.width(), size[1])) return *error;
  return result;
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  return evaluate_resample(node, shapes.at(0), *inputs.at(0));
}

}  // namespace

extern const Operator resize = {"resize",       "the map at a given height and width",
                                window_facts(), 1,
                                attributes(),   infer,
                                nullptr,        nullptr,
                                nullptr,        evaluate};

}  // namespace cnnc::ops
