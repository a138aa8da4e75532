#include "ops/window/window.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "ops/checks.h"
#include "ops/window/formulas.h"

namespace cnnc {
namespace {

int64_t ceil_divide(int64_t a, int64_t b) {
  return a <= 0 ? 0 : (a - 1) / b + 1;
}

int64_t padded(const WindowAxis& axis) {
  return axis.input + axis.pad_before + axis.pad_after;
}

std::vector<int64_t> stride_of(const Attributes& attributes) {
  const auto& stride = sizes(attributes, "stride");
  return stride.empty() ? sizes(attributes, "filter") : stride;
}

// {0, 0, 0, 0} for the word "same", which `pad_same` resolves.
std::array<int64_t, 4> pads_of(const Attributes& attributes) {
  const auto pad = attributes.find("pad");
  if (pad != attributes.end() && std::holds_alternative<std::string>(pad->second)) return {0, 0, 0, 0};
  const auto& p = sizes(attributes, "pad");
  return {p.at(0), p.at(1), p.at(2), p.at(3)};
}

bool is_padded_same(const Attributes& attributes) {
  return std::holds_alternative<std::string>(attributes.find("pad")->second);
}

std::optional<OperatorError> range_error(const WindowAxis& axis) {
  if (auto error = want_in_range("filter", axis.filter, 1)) return error;
  if (auto error = want_in_range("stride", axis.stride, 1)) return error;
  if (auto error = want_in_range("dilation", axis.dilation, 1)) return error;
  if (auto error = want_in_range("pad", axis.pad_before, 0)) return error;
  return want_in_range("pad", axis.pad_after, 0);
}

void pad_same(WindowAxis& axis) {
  const int64_t output = ceil_divide(axis.input, axis.stride);
  const int64_t total = std::max<int64_t>((output - 1) * axis.stride + span(axis) - axis.input, 0);
  axis.pad_before = total / 2;
  axis.pad_after = total - total / 2;
}

// The rows (columns) that a window may lack at the end: with "ceil" all that a stride leaves over.
int64_t spare(const Attributes& attributes, const WindowAxis& axis) {
  return attributes.count("ceil") > 0 && is_on(attributes, "ceil") ? axis.stride - 1 : 0;
}

// The number of windows; `spare` as above. PyTorch's pooling_output_shape_pad_lr.
int64_t windows(const WindowAxis& axis, int64_t spare) {
  const int64_t count = (padded(axis) - span(axis) + spare) / axis.stride + 1;
  const bool begins_behind = spare > 0 && (count - 1) * axis.stride >= axis.input + axis.pad_before;
  return begins_behind ? count - 1 : count;
}

OperatorError too_large(const Window& w, const WindowAxis& axis, int64_t needed, std::string_view unit) {
  const std::string dilated = w.height.dilation == 1 && w.width.dilation == 1
                                  ? ""
                                  : fmt::format(" with dilation {}x{}", w.height.dilation, w.width.dilation);
  const int64_t missing = needed - padded(axis);
  return {
      "filter",
      fmt::format("a filter of {}x{}{} needs at least {} {}; the input has {} and padding adds {}",
                  w.height.filter, w.width.filter, dilated, needed, unit, axis.input,
                  axis.pad_before + axis.pad_after),
      fmt::format("make the filter smaller or add {} to the padding on each side", ceil_divide(missing, 2))};
}

}  // namespace

Tap tap_of(const WindowAxis& axis, int64_t tap) {
  const int64_t offset = tap * axis.dilation - axis.pad_before;
  const int64_t begin = std::min(ceil_divide(-offset, axis.stride), axis.output);
  const int64_t end = std::min(ceil_divide(axis.input - offset, axis.stride), axis.output);
  return {begin, std::max(begin, end), offset};
}

std::vector<Tap> taps_of(const WindowAxis& axis) {
  std::vector<Tap> taps;
  for (int64_t k = 0; k < axis.filter; ++k) taps.push_back(tap_of(axis, k));
  return taps;
}

int64_t taps_within(const WindowAxis& axis, int64_t output, int64_t begin, int64_t end) {
  const int64_t first = output * axis.stride - axis.pad_before;
  return std::min(axis.filter, ceil_divide(end - first, axis.dilation)) -
         std::min(axis.filter, ceil_divide(begin - first, axis.dilation));
}

int64_t overhang(const WindowAxis& axis) {
  return std::max<int64_t>((axis.output - 1) * axis.stride + span(axis) - padded(axis), 0);
}

OperatorResult<Window> resolve_window(const Attributes& attributes, const Shape& input) {
  const auto& filter = sizes(attributes, "filter");
  const auto stride = stride_of(attributes);
  const auto& dilation = sizes(attributes, "dilation");
  const auto [top, bottom, left, right] = pads_of(attributes);
  Window w;
  w.height = {input.height(), filter.at(0), stride.at(0), dilation.at(0), top, bottom, 0};
  w.width = {input.width(), filter.at(1), stride.at(1), dilation.at(1), left, right, 0};
  for (WindowAxis* axis : {&w.height, &w.width}) {
    // From here on every value is below 2^31, so no sum or product of two of them leaves 63 bits.
    if (auto error = range_error(*axis)) return *error;
    if (is_padded_same(attributes)) pad_same(*axis);
    const int64_t needed = span(*axis) - spare(attributes, *axis);
    if (needed > padded(*axis)) return too_large(w, *axis, needed, axis == &w.height ? "rows" : "columns");
    axis->output = windows(*axis, spare(attributes, *axis));
  }
  return w;
}

Window window_of(const Attributes& attributes, const Shape& input) {
  const auto result = resolve_window(attributes, input);
  if (const auto* window = std::get_if<Window>(&result)) return *window;
  throw std::logic_error(std::get<OperatorError>(result).message);
}

Window global_window(const Shape& input) {
  const auto axis = [](int64_t size) { return WindowAxis{size, size, 1, 1, 0, 0, 1}; };
  return {axis(input.height()), axis(input.width())};
}

Shape window_result(int64_t channels, const Window& window) {
  return {channels, window.height.output, window.width.output};
}

std::string axis_formula(const WindowAxis& axis, bool ceil) {
  std::string sum = fmt::format("({}", axis.input);
  if (axis.pad_before > 0 || axis.pad_after > 0)
    sum += fmt::format(" + {} + {}", axis.pad_before, axis.pad_after);
  if (axis.dilation == 1)
    sum += fmt::format(" - {})", axis.filter);
  else
    sum += fmt::format(" - {} * ({} - 1) - 1)", axis.dilation, axis.filter);
  const int64_t room = padded(axis) - span(axis);
  const bool exact = room % axis.stride == 0;
  const std::string quotient = fmt::format("{} / {}", sum, axis.stride);
  const bool drops = ceil && !exact && overhang(axis) <= 0;
  return fmt::format("{} + 1{} = {}", exact ? quotient : (ceil ? "ceil(" : "floor(") + quotient + ")",
                     drops ? " - 1" : "", axis.output);
}

std::string window_formula(const Window& window, bool ceil) {
  return formula_of_both(axis_formula(window.height, ceil), axis_formula(window.width, ceil));
}

std::string formula_of_both(const std::string& height, const std::string& width) {
  return height == width ? height : fmt::format("{}, {}", height, width);
}

std::vector<AttributeRule> window_attributes(std::vector<int64_t> default_stride) {
  using Sizes = std::vector<int64_t>;
  return {{"stride", AttributeKind::pair, false, std::move(default_stride), 1},
          {"pad", AttributeKind::padding, false, Sizes{0, 0, 0, 0}, 0, 2147483647, "", {"same"}},
          {"dilation", AttributeKind::pair, false, Sizes{1, 1}, 1}};
}

}  // namespace cnnc
