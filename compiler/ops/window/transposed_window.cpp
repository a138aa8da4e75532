#include "ops/window/transposed_window.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "ops/checks.h"
#include "ops/window/formulas.h"

namespace cnnc {
namespace {

std::optional<OperatorError> range_error(const Attributes& a) {
  for (const char* attribute : {"filter", "stride", "dilation"})
    if (auto error = want_in_range(attribute, sizes(a, attribute), 1)) return error;
  for (const char* attribute : {"pad", "output_pad"})
    if (auto error = want_in_range(attribute, sizes(a, attribute), 0)) return error;
  return std::nullopt;
}

std::optional<OperatorError> output_pad_error(const WindowAxis& axis, int64_t output_pad) {
  const int64_t limit = std::max(axis.stride, axis.dilation);
  if (output_pad < limit) return std::nullopt;
  return OperatorError{
      "output_pad",
      fmt::format("'output_pad' must be less than the stride or the dilation, here {}; found {}", limit,
                  output_pad),
      "it adds the rows and columns that a stride leaves over: at most the stride - 1"};
}

OperatorError nothing_left(const WindowAxis& axis, int64_t size, std::string_view unit) {
  return {"pad",
          fmt::format("padding of {} and {} takes all {} {} of the result", axis.pad_before, axis.pad_after,
                      size, unit),
          "pad by less: each side of padding cuts off so much of the result"};
}

}  // namespace

OperatorResult<Window> resolve_transposed_window(const Attributes& a, const Shape& input) {
  // From here on every value is below 2^31, so no sum of two products of two of them leaves 63 bits.
  if (auto error = range_error(a)) return *error;
  const auto &filter = sizes(a, "filter"), &stride = sizes(a, "stride"), &dilation = sizes(a, "dilation");
  const auto &pad = sizes(a, "pad"), &output_pad = sizes(a, "output_pad");
  Window w;
  w.height = {0, filter.at(0), stride.at(0), dilation.at(0), pad.at(0), pad.at(1), input.height()};
  w.width = {0, filter.at(1), stride.at(1), dilation.at(1), pad.at(2), pad.at(3), input.width()};
  for (const bool is_height : {true, false}) {
    WindowAxis& axis = is_height ? w.height : w.width;
    const int64_t extra = output_pad.at(is_height ? 0 : 1);
    if (auto error = output_pad_error(axis, extra)) return *error;
    const int64_t size = (axis.output - 1) * axis.stride + span(axis) + extra;
    axis.input = size - axis.pad_before - axis.pad_after;
    if (axis.input < 1) return nothing_left(axis, size, is_height ? "rows" : "columns");
  }
  return w;
}

Window transposed_window_of(const Attributes& attributes, const Shape& input) {
  const auto result = resolve_transposed_window(attributes, input);
  if (const auto* window = std::get_if<Window>(&result)) return *window;
  throw std::logic_error(std::get<OperatorError>(result).message);
}

std::string transposed_axis_formula(const WindowAxis& axis, int64_t output_pad) {
  std::string text = fmt::format("({} - 1) * {}", axis.output, axis.stride);
  if (axis.pad_before > 0 || axis.pad_after > 0)
    text += fmt::format(" - {} - {}", axis.pad_before, axis.pad_after);
  if (axis.dilation == 1)
    text += fmt::format(" + {}", axis.filter);
  else
    text += fmt::format(" + {} * ({} - 1) + 1", axis.dilation, axis.filter);
  if (output_pad > 0) text += fmt::format(" + {}", output_pad);
  return fmt::format("{} = {}", text, axis.input);
}

std::string transposed_window_formula(const Attributes& attributes, const Window& window) {
  const auto& output_pad = sizes(attributes, "output_pad");
  return formula_of_both(transposed_axis_formula(window.height, output_pad.at(0)),
                         transposed_axis_formula(window.width, output_pad.at(1)));
}

// Taps k and k' add to the same element where (k - k') dilation is a multiple of the stride.
int64_t most_taps(const WindowAxis& axis) {
  const int64_t period = axis.stride / std::gcd(axis.stride, axis.dilation);
  return (axis.filter - 1) / period + 1;
}

}  // namespace cnnc
