// Views as tensors that an operator takes.
#include <fmt/format.h>

#include "onnx/translation.h"

namespace cnnc::onnx {
namespace {

[[noreturn]] void fail(const Translation& t, const View& view, std::string_view wanted) {
  throw Unmapped{
      fmt::format("its input is {}, rearranged from '{}' of {}, and no {}", to_string(dims_of(view)),
                  t.graph.nodes[view.node].name, cnnc::to_string(shape_of(t, view.node)), wanted),
      ""};
}

}  // namespace

NodeId as_map(Translation& t, const View& view) {
  const Shape& shape = shape_of(t, view.node);
  if (shape.is_map() && is_plain(view, shape, t.images)) return view.node;
  fail(t, view, "map of channels, rows and columns");
}

NodeId as_vector(Translation& t, const View& view) {
  const Shape& shape = shape_of(t, view.node);
  if (shape.is_vector() && is_plain(view, shape, t.images)) return view.node;
  if (view.dims.size() != 2 || !is_in_order(view, shape, t.images) || size(view.dims[0]) != t.images)
    fail(t, view, "vector of features");
  const auto [at, is_new] = t.flattened.emplace(view.node, 0);
  if (is_new) at->second = add_node(t, "", "flatten", {}, {view.node});
  return at->second;
}

NodeId as_tensor(Translation& t, const View& view) {
  return view.dims.size() == 2 ? as_vector(t, view) : as_map(t, view);
}

FlatVector as_flat_vector(Translation& t, const View& view) {
  return {as_vector(t, view), {}};
}

}  // namespace cnnc::onnx
