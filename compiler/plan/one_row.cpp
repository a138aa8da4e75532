#include "plan/one_row.h"

#include <algorithm>

namespace cnnc {

namespace {

bool is_contiguous(const Layout& map) {
  return !map.has_halo() && map.row_step == 1 && map.column_step == 1;
}

bool is_plain(const WindowSteps& axis) {
  return axis.filter == 1 && axis.stride == 1 && axis.pad_before == 0 && axis.pad_after == 0;
}

Layout row_of(Layout map) {
  map.width *= map.height;
  map.height = 1;
  map.top = map.bottom = map.left = map.right = 0;
  return map;
}

}  // namespace

bool counts_pixels(const Kernel& kernel) {
  const ConvParameters& conv = conv_of(kernel);
  const Layout &input = kernel.inputs[0], &result = kernel.output;
  return is_plain(conv.window.height) && is_plain(conv.window.width) && is_contiguous(input) &&
         result.row_step == 1 && result.column_step == 1 && input.width == result.width &&
         input.height == result.height && result.height > 1;
}

bool stores_counted_pixels(const Kernel& kernel) {
  const Layout& result = kernel.output;
  return is_contiguous(result) &&
         std::all_of(kernel.inputs.begin() + 1, kernel.inputs.end(), [&](const Layout& operand) {
           return is_contiguous(operand) && operand.width == result.width && operand.height == result.height;
         });
}

Kernel as_one_row(const Kernel& kernel) {
  Kernel row = kernel;
  for (Layout& input : row.inputs) input = row_of(input);
  row.output = row_of(row.output);
  return row;
}

}  // namespace cnnc
