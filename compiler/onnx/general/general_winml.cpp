// ImageScaler, Crop and Affine: operators that ONNX had before its version 1, which the converters of WinML
// and CoreML wrote (github.com/onnx/onnx/blob/v1.2.1/docs/Operators.md, the experimental ones).
#include <fmt/format.h>

#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/general/general.h"
#include "onnx/general/operations.h"
#include "onnx/mappings/elementwise.h"

namespace cnnc::onnx {
namespace {

const View& need_map_like(const Translation& t, const Node& node) {
  const View& x = need_view(t, node, 0);
  if (x.dims.size() != 4)
    throw Unmapped{fmt::format("its input of {} is not N x channels x height x width", to_string(dims_of(x))),
                   ""};
  return x;
}

}  // namespace

// alpha x + beta
void general_affine(Translation& t, const Node& node) {
  const double alpha = decimal(real(node, "alpha", 1)), beta = decimal(real(node, "beta", 0));
  set_output(t, node, scaled(t, need_view(t, node, 0), alpha, beta, name_of(node)));
}

// Without so many columns and rows at the edges: left, top, right, bottom; or, with "scale", that many rows
// and columns from the left and the top on.
void general_crop(Translation& t, const Node& node) {
  View x = need_map_like(t, node);
  const Dims dims = dims_of(x);
  const std::vector<int64_t> border = integers(node, "border", {0, 0, 0, 0}),
                             scale = integers(node, "scale", {});
  if (border.size() != 4 || (!scale.empty() && scale.size() != 2))
    throw Unmapped{fmt::format("its border is {} and its scale {}", to_string(border), to_string(scale)), ""};
  for (const size_t i : {size_t{0}, size_t{1}}) {  // rows, columns
    const int64_t before = border[1 - i], size = dims[2 + i];
    const int64_t count = scale.empty() ? size - before - border[3 - i] : scale[i];
    if (before < 0 || count < 0 || before > size || count > size - before)
      throw Unmapped{fmt::format("it takes places {} to {} of axis {}, which has {}", before,
                                 before + count - 1, 2 + i, size),
                     ""};
    x = cropped(t, name_of(node), x, 2 + i, {before, 1, count});
  }
  set_output(t, node, std::move(x));
}

// scale x + the bias of the channel
void general_image_scaler(Translation& t, const Node& node) {
  const View& x = need_map_like(t, node);
  const std::vector<float> bias = reals(node, "bias", {});
  if (static_cast<int64_t>(bias.size()) != size(x.dims[1]))
    throw Unmapped{fmt::format("its bias has {} values for {} channels", bias.size(), size(x.dims[1])), ""};
  const Constant shift{
      "float", {size(x.dims[1]), 1, 1}, std::make_shared<const std::vector<float>>(bias), nullptr};
  const View multiple = scaled(t, x, decimal(real(node, "scale", 1)));
  set_output(t, node, with_constant(t, name_of(node), "add", multiple, shift));
}

}  // namespace cnnc::onnx
