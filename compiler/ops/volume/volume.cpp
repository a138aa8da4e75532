#include "ops/volume/volume.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "ops/checks.h"

namespace cnnc {
namespace {

using Sizes = std::vector<int64_t>;

constexpr std::array<std::string_view, 3> kUnits = {"slices", "rows", "columns"};

const Sizes& strides_or_filter(const Attributes& a) {
  const Sizes& stride = sizes(a, "stride");
  return stride.empty() ? sizes(a, "filter") : stride;
}

Triple triple(const Sizes& given) {
  return given.size() == 1 ? Triple{given[0], given[0], given[0]}
                           : Triple{given.at(0), given.at(1), given.at(2)};
}

// The attribute's values are in their range, and one or three; of padding also six.
std::optional<OperatorError> want_triple(const Attributes& a, std::string_view name, int64_t least) {
  if (a.count(name) == 0) return std::nullopt;
  const Sizes& given = sizes(a, name);
  if (name == "stride" && given.empty()) return std::nullopt;
  const bool is_padding = name == "pad";
  if (given.size() != 1 && given.size() != 3 && !(is_padding && given.size() == 6))
    return OperatorError{
        std::string(name), fmt::format("'{}' has {} sizes", name, given.size()),
        is_padding ? "write one size, three (depth x height x width), or six: front, back, top, bottom, left "
                     "and right"
                   : "write one size, or three: depth x height x width"};
  return want_in_range(name, given, least);
}

std::optional<OperatorError> want_volume(std::string_view op, const Shape& input) {
  if (input.rank() == 4) return std::nullopt;
  return OperatorError{
      "", fmt::format("'{}' wants channels x depth x height x width; its input is {}", op, describe(input)),
      "'reshape' gives a tensor four sizes"};
}

// Before anything is computed with them.
std::optional<OperatorError> want_windows(std::string_view op, const Attributes& a, const Shape& input) {
  if (auto error = want_volume(op, input)) return error;
  for (const char* name : {"filter", "stride", "dilation"})
    if (auto error = want_triple(a, name, 1)) return error;
  for (const char* name : {"pad", "output_pad"})
    if (auto error = want_triple(a, name, 0)) return error;
  return std::nullopt;
}

Volume unresolved(const Attributes& a, const Shape& input) {
  const Triple filter = triple_of(a, "filter"), dilation = triple_of(a, "dilation"),
               stride = triple(strides_or_filter(a));
  const SixPads pads = pads_of(a);
  Volume volume;
  for (size_t i = 0; i < 3; ++i)
    volume[i] = {input.sizes[i + 1], filter[i], stride[i], dilation[i], pads[2 * i], pads[2 * i + 1], 0};
  return volume;
}

OperatorError too_large(const WindowAxis& axis, size_t i) {
  return {"filter",
          fmt::format("a filter that spans {} {} needs as many; the input has {} and padding adds {}",
                      span(axis), kUnits[i], axis.input, axis.pad_before + axis.pad_after),
          "make the filter smaller, or pad by more"};
}

template <class Result>
Volume accepted(Result&& result) {
  if (const auto* volume = std::get_if<Volume>(&result)) return *volume;
  throw std::logic_error(std::get<OperatorError>(result).message);
}

}  // namespace

Triple triple_of(const Attributes& a, std::string_view name) {
  return triple(sizes(a, name));
}

SixPads pads_of(const Attributes& a) {
  const Sizes& given = sizes(a, "pad");
  if (given.size() == 6) return {given[0], given[1], given[2], given[3], given[4], given[5]};
  const Triple t = triple(given);
  return {t[0], t[0], t[1], t[1], t[2], t[2]};
}

// PyTorch's pooling_output_shape_pad_lr, as ops/window/window.cpp has it of maps.
OperatorResult<Volume> resolve_volume(std::string_view op, const Attributes& a, const Shape& input) {
  if (auto error = want_windows(op, a, input)) return *error;
  const bool ceil = a.count("ceil") > 0 && is_on(a, "ceil");
  Volume volume = unresolved(a, input);
  for (size_t i = 0; i < 3; ++i) {
    WindowAxis& axis = volume[i];
    const int64_t spare = ceil ? axis.stride - 1 : 0;
    const int64_t room = axis.input + axis.pad_before + axis.pad_after - span(axis) + spare;
    if (room < 0) return too_large(axis, i);
    axis.output = room / axis.stride + 1;
    if (spare > 0 && (axis.output - 1) * axis.stride >= axis.input + axis.pad_before) --axis.output;
  }
  return volume;
}

OperatorResult<Volume> resolve_transposed_volume(const Attributes& a, const Shape& input) {
  if (auto error = want_windows("upconv3d", a, input)) return *error;
  const Triple output_pad = triple_of(a, "output_pad");
  Volume volume = unresolved(a, input);
  for (size_t i = 0; i < 3; ++i) {
    WindowAxis& axis = volume[i];
    const int64_t limit = std::max(axis.stride, axis.dilation);
    if (output_pad[i] >= limit)
      return OperatorError{
          "output_pad",
          fmt::format("'output_pad' must be less than the stride or the dilation, here {}; found {}", limit,
                      output_pad[i]),
          "it adds what a stride leaves over: at most the stride - 1"};
    axis.output = axis.input;
    const int64_t size = (axis.output - 1) * axis.stride + span(axis) + output_pad[i];
    axis.input = size - axis.pad_before - axis.pad_after;
    if (axis.input < 1)
      return OperatorError{"pad",
                           fmt::format("padding of {} and {} takes all {} {} of the result", axis.pad_before,
                                       axis.pad_after, size, kUnits[i]),
                           "pad by less: each side of padding cuts off so much of the result"};
  }
  return volume;
}

Volume volume_of(const Attributes& a, const Shape& input) {
  return accepted(resolve_volume("", a, input));
}

Volume transposed_volume_of(const Attributes& a, const Shape& input) {
  return accepted(resolve_transposed_volume(a, input));
}

std::string formula_of_all(const std::array<std::string, 3>& f) {
  return f[0] == f[1] && f[1] == f[2] ? f[0] : fmt::format("{}, {}, {}", f[0], f[1], f[2]);
}

std::vector<AttributeRule> volume_attributes(std::vector<int64_t> default_stride) {
  return {{"stride", AttributeKind::shape, false, std::move(default_stride), 1, 2147483647, "1x2x2"},
          {"pad", AttributeKind::shape, false, Sizes{0}, 0, 2147483647, "1x1x1"},
          {"dilation", AttributeKind::shape, false, Sizes{1}, 1, 2147483647, "1x2x2"}};
}

AttributeRule filter_attribute() {
  return {"filter", AttributeKind::shape, true, std::nullopt, 1, 2147483647, "3x3x3"};
}

}  // namespace cnnc
