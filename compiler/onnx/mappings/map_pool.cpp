// Pools with a filter, and local response normalization.
#include <fmt/format.h>

#include <algorithm>

#include "onnx/attributes.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/mappings.h"
#include "onnx/mappings/window.h"
#include "onnx/tensors/tensors.h"
#include "ops/window/window.h"

namespace cnnc::onnx {
namespace {

// The map that a pool works on. N x C x L may be the rows of a map of one column: what filters as wide as a
// text's words leave.
struct Pooled {
  NodeId map = 0;
  size_t rank = 4;
  bool is_column = false;
};

Pooled pooled_of(Translation& t, const Node& node) {
  const View& view = need_view(t, node, 0);
  const Shape& shape = shape_of(t, view.node);
  const View column = plain_view(t, view.node);
  if (view.dims.size() == 3 && shape.is_map() && shape.width() == 1 && shape.height() > 1 &&
      std::equal(view.dims.begin(), view.dims.end(), column.dims.begin()))
    return {view.node, 3, true};
  const size_t rank = view.dims.size();
  return {need_map(t, node, 0), rank, false};
}

// Height and width, and what is padded there, change places.
void turn(Attributes& window) {
  for (auto& [name, value] : window)
    if (auto* sizes = std::get_if<std::vector<int64_t>>(&value))
      std::rotate(sizes->begin(), sizes->begin() + static_cast<std::ptrdiff_t>(sizes->size() / 2),
                  sizes->end());
}

Attributes window_of(const Translation& t, const Node& node, const Pooled& pooled) {
  const std::vector<int64_t> kernel = integers(node, "kernel_shape", {});
  if (kernel.size() + 2 != pooled.rank)
    throw Unmapped{fmt::format("its filter has {} dimensions, its input {}", kernel.size(), pooled.rank), ""};
  Shape shape = shape_of(t, pooled.map);
  if (pooled.is_column) std::swap(shape.sizes[1], shape.sizes[2]);
  Attributes attributes = window_attributes(node, kernel, shape);
  if (pooled.is_column) turn(attributes);
  attributes.emplace("ceil", integer(node, "ceil_mode", 0) != 0);
  return attributes;
}

// Beyond the padding: ONNX does not say whether what a window has there counts. In the tests of ONNX 1.17 it
// does, in PyTorch and ONNX Runtime it does not.
void want_no_overhang(const Attributes& attributes, const Shape& input) {
  const auto window = resolve_window(attributes, input);
  const Window* w = std::get_if<Window>(&window);
  if (w && (overhang(w->height) > 0 || overhang(w->width) > 0))
    throw Unmapped{"its 'ceil_mode' makes windows that reach beyond the padding, which it counts",
                   "export it with 'count_include_pad' 0, or pad the map first"};
}

void add_pool(Translation& t, const Node& node, std::string_view op, const Pooled& pooled,
              Attributes attributes) {
  const NodeId result = add_node(t, name_of(node), op, std::move(attributes), {pooled.map});
  View view = pooled.is_column ? plain_view(t, result) : view_of_rank(t, result, pooled.rank);
  if (pooled.is_column) view.dims.pop_back();
  set_output(t, node, std::move(view));
}

}  // namespace

void map_maxpool(Translation& t, const Node& node) {
  const Pooled pooled = pooled_of(t, node);
  add_pool(t, node, "maxpool", pooled, window_of(t, node, pooled));
}

void map_averagepool(Translation& t, const Node& node) {
  const Pooled pooled = pooled_of(t, node);
  Attributes attributes = window_of(t, node, pooled);
  const bool counts_padding = integer(node, "count_include_pad", 0) != 0;
  attributes.emplace("include_pad", counts_padding);
  if (counts_padding) want_no_overhang(attributes, shape_of(t, pooled.map));
  add_pool(t, node, "avgpool", pooled, std::move(attributes));
}

// ONNX sums from c - floor((size - 1) / 2) on, we from c - floor(size / 2): the same for odd sizes.
void map_lrn(Translation& t, const Node& node) {
  const int64_t size = integer(node, "size", 0);
  if (size % 2 == 0)
    throw Unmapped{
        fmt::format("its size {} is even: ONNX then sums one channel less before than behind", size),
        fmt::format("give it an odd size; where one channel more before is meant, as in PyTorch and Caffe, "
                    "import it with size {} and write 'lrn {}' in the text",
                    size + 1, size)};
  const NodeId map = need_map(t, node, 0);
  const size_t rank = need_view(t, node, 0).dims.size();
  Attributes attributes = {{"size", size},
                           {"alpha", decimal(real(node, "alpha", 1e-4F))},
                           {"beta", decimal(real(node, "beta", 0.75F))},
                           {"k", decimal(real(node, "bias", 1))}};
  set_output(t, node, view_of_rank(t, add_node(t, name_of(node), "lrn", std::move(attributes), {map}), rank));
}

}  // namespace cnnc::onnx
