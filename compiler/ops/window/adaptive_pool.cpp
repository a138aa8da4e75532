#include "ops/window/adaptive_pool.h"

#include <fmt/format.h>

#include "ops/checks.h"
#include "ops/window/window.h"

namespace cnnc {
namespace {

std::string axis_formula(int64_t input, int64_t output) {
  if (input % output == 0) return fmt::format("{} / {} = {} a window", input, output, input / output);
  return fmt::format("windows from i * {0} / {1} to (i + 1) * {0} / {1}", input, output);
}

}  // namespace

std::vector<AttributeRule> adaptive_pool_attributes() {
  return {{"size", AttributeKind::pair, true, std::nullopt, 1, 2147483647, "7x7"}};
}

OperatorResult<Shape> infer_adaptive_pool(std::string_view op, const Attributes& attributes,
                                          const Shape& input) {
  if (auto error = want_map(op, input)) return *error;
  const auto& size = sizes(attributes, "size");
  if (auto error = want_in_range("size", size, 1)) return *error;
  const Shape result{input.channels(), size.at(0), size.at(1)};
  if (auto error = want_elements("size", "the result", result)) return *error;
  return result;
}

std::string adaptive_pool_formula(const Attributes&, const std::vector<Shape>& inputs, const Shape& output) {
  const Shape& input = inputs.at(0);
  return formula_of_both(axis_formula(input.height(), output.height()),
                         axis_formula(input.width(), output.width()));
}

}  // namespace cnnc
