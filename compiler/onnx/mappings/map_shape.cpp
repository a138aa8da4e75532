// Operators that move no element: the view changes, or only its dimensions are asked for.
#include <fmt/format.h>

#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/mappings/mappings.h"
#include "onnx/tensors/rearrange.h"
#include "onnx/tensors/tensors.h"

namespace cnnc::onnx {
namespace {

void set_reshaped(Translation& t, const Node& node, const Dims& dims) {
  set_output(t, node, reshaped_tensor(t, need_view(t, node, 0), dims));
}

Dims input_dims(const Translation& t, const Node& node) {
  return dims_of(need_view(t, node, 0));
}

const Constant* integers_input(const Translation& t, const Node& node, size_t index, std::string_view what) {
  return has_input(node, index) ? &need_integers(t, node, index, what) : nullptr;
}

Constant whole_number(int64_t value) {
  return {"int64", {}, nullptr, std::make_shared<const std::vector<int64_t>>(1, value)};
}

}  // namespace

void map_shape(Translation& t, const Node& node) {
  set_output(t, node, shape_constant(node, input_dims(t, node)));
}

void map_size(Translation& t, const Node& node) {
  set_output(t, node, whole_number(checked_elements(input_dims(t, node))));
}

void map_reshape(Translation& t, const Node& node) {
  const std::vector<int64_t>& wanted = *need_integers(t, node, 1, "its shape").integers;
  set_reshaped(t, node, reshaped(input_dims(t, node), wanted, integer(node, "allowzero", 0) != 0));
}

void map_flatten(Translation& t, const Node& node) {
  set_reshaped(t, node, flattened(input_dims(t, node), integer(node, "axis", 1)));
}

void map_squeeze(Translation& t, const Node& node) {
  const std::vector<int64_t> axes = axes_of(node, integers_input(t, node, 1, "its axes"));
  set_reshaped(t, node, squeezed(input_dims(t, node), axes));
}

void map_unsqueeze(Translation& t, const Node& node) {
  const std::vector<int64_t> axes = axes_of(node, integers_input(t, node, 1, "its axes"));
  set_reshaped(t, node, unsqueezed(input_dims(t, node), axes));
}

void map_transpose(Translation& t, const Node& node) {
  const View& view = need_view(t, node, 0);
  set_output(t, node, transposed(view, order_of(node, view.dims.size())));
}

// Of one row or column, the nearest is the only one: a map that is repeated is resized. Sums and products
// take a single pixel itself (see add_views).
void map_expand(Translation& t, const Node& node) {
  const Dims from = input_dims(t, node);
  const Dims dims = broadcast(from, *need_integers(t, node, 1, "its shape").integers);
  if (checked_elements(dims) == checked_elements(from)) return set_reshaped(t, node, dims);
  if (from.size() != 4 || dims.size() != 4 || from[0] != dims[0] || from[1] != dims[1])
    throw Unmapped{
        fmt::format("it repeats a tensor of {} to {}", to_string(from), to_string(dims)),
        "cnnc repeats rows and columns of a map; a map of one channel is repeated by a Conv of 1x1 "
        "with a weight of 1 for each channel"};
  const Attributes attributes = {{"size", Dims{dims[2], dims[3]}}};
  set_output(t, node, add_node(t, name_of(node), "resize", attributes, {need_map(t, node, 0)}));
}

}  // namespace cnnc::onnx
