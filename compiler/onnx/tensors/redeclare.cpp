#include "onnx/tensors/redeclare.h"

#include <algorithm>

namespace cnnc::onnx {
namespace {

bool is_read(const Graph& graph, NodeId id) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const cnnc::Node& node) {
    return std::count(node.inputs.begin(), node.inputs.end(), id) > 0;
  });
}

// The views of a tensor among the values.
std::vector<View*> views_of(Translation& t, NodeId id) {
  std::vector<View*> views;
  for (auto& [name, value] : t.values)
    if (View* view = std::get_if<View>(&value); view && view->node == id) views.push_back(view);
  return views;
}

// Whether the model may have meant something else than N x C x H x W: N x F or N x C x L.
bool is_line(const Shape& shape) {
  return shape.is_vector() || (shape.is_map() && shape.height() == 1 && shape.width() > 1);
}

// Channels x height x width that the dimensions are; of three, one row.
Shape map_shape(std::vector<int64_t> dims) {
  if (dims.size() == 3) dims.insert(dims.begin() + 2, 1);
  return Shape(std::vector<int64_t>(dims.begin() + 1, dims.end()));
}

}  // namespace

std::optional<NodeId> redeclared(Translation& t, const View& view) {
  const NodeId id = view.node;
  const std::vector<int64_t> dims = dims_of(view);
  const auto in_order = [&](const View* v) { return is_in_order(*v, shape_of(t, id), t.images); };
  if (t.graph.nodes[static_cast<size_t>(id)].op != "input" || !is_line(shape_of(t, id)) ||
      t.fixed_inputs.count(id) || dims.size() < 3 || dims.size() > 4 || dims[0] != t.images ||
      !in_order(&view))
    return std::nullopt;
  const std::vector<View*> views = views_of(t, id);
  t.fixed_inputs.insert(id);
  if (is_read(t.graph, id) || !std::all_of(views.begin(), views.end(), in_order)) return std::nullopt;
  t.graph.nodes[static_cast<size_t>(id)].shape = map_shape(dims);
  for (View* v : views) {
    const std::vector<int64_t> seen = dims_of(*v);
    *v = reshaped(plain_view(t, id), seen).value_or(*v);
  }
  return id;
}

}  // namespace cnnc::onnx
