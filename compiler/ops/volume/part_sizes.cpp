#include "ops/volume/part_sizes.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/checks.h"
#include "support/checked.h"
#include "support/limits.h"

namespace cnnc {
namespace {

// Each slice of the filter is a part of its own.
std::optional<OperatorError> want_slices(const WindowAxis& depth, const char* unless) {
  if (depth.filter <= limits::kFilterSlices) return std::nullopt;
  return OperatorError{
      "filter",
      fmt::format("a filter has at most {} slices{}; found {}", limits::kFilterSlices, unless, depth.filter),
      "take a filter of fewer slices, or two layers"};
}

}  // namespace

bool is_trivial(const WindowAxis& axis) {
  return axis.filter == 1 && axis.stride == 1 && axis.pad_before == 0 && axis.pad_after == 0;
}

// Of a single window any stride that leaves the slice behind will do.
SliceRows slice_rows(const WindowAxis& height) {
  const int64_t rows = height.pad_before + height.input + height.pad_after;
  const int64_t stride = height.output == 1 ? std::min(height.stride, rows) : height.stride;
  return {stride, ceil_div(rows, stride)};
}

int64_t rows_behind_slice(const WindowAxis& height, int64_t output_pad) {
  return ceil_div(std::max<int64_t>(span(height) + output_pad - height.stride, 0), height.stride);
}

std::optional<OperatorError> want_parts_of_conv3d(const Volume& v, int64_t outputs, const Shape& input) {
  const auto& [depth, height, width] = v;
  if (is_trivial(height) && is_trivial(width)) return std::nullopt;
  if (auto error =
          want_slices(depth, ", unless each is a single element and moves by one row and one column"))
    return error;
  const auto [stride, windows] = slice_rows(height);
  const int64_t channels = input.sizes[0], rows = windows * stride,
                slices = depth.pad_before + depth.input + depth.pad_after;
  if (auto error = want_elements("pad", "the padded input", {channels, slices, rows, width.input}))
    return error;
  if (auto error = want_elements("filter", "what its slices see",
                                 {channels, depth.filter, depth.output, rows, width.input}))
    return error;
  return want_elements("filter", "the result with windows between slices",
                       {outputs, depth.output, windows, width.output});
}

// In a transposed window `output` is the input's size.
std::optional<OperatorError> want_parts_of_upconv3d(const Volume& v, const Triple& output_pad,
                                                    int64_t outputs, const Shape& input) {
  const auto& [depth, height, width] = v;
  if (auto error = want_slices(depth, "")) return error;
  const int64_t rows = height.output + rows_behind_slice(height, output_pad[1]);
  if (auto error =
          want_elements("filter", "the padded input", {input.sizes[0], depth.output, rows, width.output}))
    return error;
  if (auto error = want_elements("filter", "the filter's order", {outputs, depth.filter, depth.filter}))
    return error;
  return want_elements("filter", "what its slices make",
                       {outputs, depth.filter, depth.output, rows, height.stride, width.input});
}

std::optional<OperatorError> want_parts_of_pool(const Volume& v, const Shape& input) {
  return want_elements("filter", "what is taken of each slice",
                       {input.sizes[0], input.sizes[1], v[1].output, v[2].output});
}

}  // namespace cnnc
