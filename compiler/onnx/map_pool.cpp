// Pools with a filter, and local response normalization.
#include <fmt/format.h>

#include "onnx/elementwise.h"
#include "onnx/mappings.h"
#include "onnx/window.h"
#include "ops/window.h"

namespace cnnc::onnx {
namespace {

Attributes pool_of(const Translation& t, const Node& node, NodeId map, size_t rank) {
  const std::vector<int64_t> kernel = integers(node, "kernel_shape", {});
  if (kernel.size() + 2 != rank)
    throw Unmapped{fmt::format("its filter has {} dimensions, its input {}", kernel.size(), rank), ""};
  Attributes attributes = window_attributes(node, kernel, shape_of(t, map));
  attributes.emplace("ceil", integer(node, "ceil_mode", 0) != 0);
  return attributes;
}

// Beyond the padding: ONNX does not say whether what a window has there counts, and engines differ.
void want_no_overhang(const Attributes& attributes, const Shape& input) {
  const auto window = resolve_window(attributes, input);
  const Window* w = std::get_if<Window>(&window);
  if (w && (overhang(w->height) > 0 || overhang(w->width) > 0))
    throw Unmapped{"its 'ceil_mode' makes windows that reach beyond the padding, which it counts",
                   "export it with 'count_include_pad' 0, or pad the map first"};
}

void add_pool(Translation& t, const Node& node, std::string_view op, NodeId map, Attributes attributes) {
  const size_t rank = need_view(t, node, 0).dims.size();
  set_output(t, node, view_of_rank(t, add_node(t, name_of(node), op, std::move(attributes), {map}), rank));
}

}  // namespace

void map_maxpool(Translation& t, const Node& node) {
  if (node.outputs.size() > 1 && !node.outputs[1].empty())
    throw Unmapped{"it has the indices of its elements as an output", "cnnc computes the elements alone"};
  const NodeId map = need_map(t, node, 0);
  add_pool(t, node, "maxpool", map, pool_of(t, node, map, need_view(t, node, 0).dims.size()));
}

void map_averagepool(Translation& t, const Node& node) {
  const NodeId map = need_map(t, node, 0);
  Attributes attributes = pool_of(t, node, map, need_view(t, node, 0).dims.size());
  const bool counts_padding = integer(node, "count_include_pad", 0) != 0;
  attributes.emplace("include_pad", counts_padding);
  if (counts_padding) want_no_overhang(attributes, shape_of(t, map));
  add_pool(t, node, "avgpool", map, std::move(attributes));
}

// ONNX sums from c - floor((size - 1) / 2) on, we from c - floor(size / 2): the same for odd sizes.
void map_lrn(Translation& t, const Node& node) {
  const int64_t size = integer(node, "size", 0);
  if (size % 2 == 0)
    throw Unmapped{
        fmt::format("its size {} is even: ONNX then sums one channel less before than behind", size),
        "'lrn' of cnnc sums one channel more before, as PyTorch does"};
  const NodeId map = need_map(t, node, 0);
  const size_t rank = need_view(t, node, 0).dims.size();
  Attributes attributes = {{"size", size},
                           {"alpha", decimal(real(node, "alpha", 1e-4F))},
                           {"beta", decimal(real(node, "beta", 0.75F))},
                           {"k", decimal(real(node, "bias", 1))}};
  set_output(t, node, view_of_rank(t, add_node(t, name_of(node), "lrn", std::move(attributes), {map}), rank));
}

}  // namespace cnnc::onnx
