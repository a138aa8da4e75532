#include "onnx/mappings/elementwise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "onnx/tensors/affine.h"
#include "onnx/tensors/tensors.h"
#include "ops/activation/clip.h"

namespace cnnc::onnx {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

// ---- tensors beside each other

size_t greatest_rank(const std::vector<View>& views) {
  size_t rank = 0;
  for (const View& view : views) rank = std::max(rank, view.dims.size());
  return rank;
}

// With dimensions of 1 in front, as ONNX broadcasts.
View with_rank(View view, size_t rank) {
  if (view.dims.size() < rank) view.dims.insert(view.dims.begin(), rank - view.dims.size(), {});
  return view;
}

bool is_all_of(const std::vector<Factor>& dim, Axis axis, int64_t size) {
  return dim == std::vector<Factor>{{axis, size, 1}};
}

// `other`, which is 1 along all rows and columns of `full`, as a map of channels x 1 x 1; empty where it is
// not.
std::optional<View> as_pixel(const View& other, const View& full, const Shape& shape, int64_t images) {
  View pixel{other.node, {{}, {}, {}, {}}};
  for (size_t i = 0; i < full.dims.size(); ++i) {
    if (other.dims[i].empty()) continue;
    if (other.dims[i] != full.dims[i]) return std::nullopt;
    const bool is_batch = is_all_of(full.dims[i], Axis::batch, images);
    if (!is_batch && !is_all_of(full.dims[i], Axis::channel, shape.channels())) return std::nullopt;
    pixel.dims[is_batch ? 0 : 1] = full.dims[i];
  }
  if (size(pixel.dims[0]) != images || size(pixel.dims[1]) != shape.channels()) return std::nullopt;
  return pixel;
}

// What stands for `other` in an operation whose other inputs and result lie as `full` does; empty where it
// does not fit.
std::optional<NodeId> beside(Translation& t, const View& other, const View& full) {
  const Shape shape = shape_of(t, full.node);
  if (other.dims == full.dims && shape_of(t, other.node) == shape) return other.node;
  if (!shape.is_map()) return std::nullopt;
  const auto pixel = as_pixel(other, full, shape, t.images);
  if (!pixel) return std::nullopt;
  return as_map(t, *pixel);
}

int64_t elements_of(const View& view) {
  int64_t product = 1;
  for (const auto& dim : view.dims) product *= size(dim);
  return product;
}

// The inputs as they lie beside the largest of them, which is in `full`; empty where one does not fit.
std::optional<std::vector<NodeId>> all_beside(Translation& t, const std::vector<View>& views, View& full) {
  const size_t rank = greatest_rank(views);
  const auto smaller = [](const View& a, const View& b) { return elements_of(a) < elements_of(b); };
  full = with_rank(*std::max_element(views.begin(), views.end(), smaller), rank);
  std::vector<NodeId> nodes;
  for (const View& view : views) {
    const auto node = beside(t, with_rank(view, rank), full);
    if (!node) return std::nullopt;
    nodes.push_back(*node);
  }
  return nodes;
}

// What counts for every pixel is not repeated for each first, as PyTorch's x * y.expand_as(x) says, as long
// as another input has them all, in the `whole` shape.
void leave_out_expansions(const Translation& t, const Shape& whole, std::vector<NodeId>& inputs) {
  const auto pixel_of = [&](NodeId id) {
    const cnnc::Node& node = t.graph.nodes[id];
    if (node.op != "resize") return id;
    const Shape& from = shape_of(t, node.inputs[0]);
    return from.height() == 1 && from.width() == 1 ? node.inputs[0] : id;
  };
  const auto is_whole = [&](NodeId id) { return pixel_of(id) == id && shape_of(t, id) == whole; };
  if (std::any_of(inputs.begin(), inputs.end(), is_whole))
    std::transform(inputs.begin(), inputs.end(), inputs.begin(), pixel_of);
}

// Of maps that differ, those of one pixel are repeated by the operators themselves.
void want_one_shape(const Translation& t, const std::vector<NodeId>& tensors) {
  const auto elements = [&](NodeId a, NodeId b) {
    return shape_of(t, a).elements() < shape_of(t, b).elements();
  };
  const Shape& full = shape_of(t, *std::max_element(tensors.begin(), tensors.end(), elements));
  for (const NodeId tensor : tensors) {
    const Shape& shape = shape_of(t, tensor);
    if (shape == full || !shape.is_map() || !full.is_map()) continue;
    const bool is_pixel = shape == Shape{full.channels(), 1, 1};
    if (is_pixel) continue;
    const std::string why = fmt::format("{}, {}, would have to be repeated to {}", called(t, tensor),
                                        cnnc::to_string(shape), cnnc::to_string(full));
    if (shape.channels() == 1 && full.channels() > 1)
      throw Unmapped{
          why, fmt::format("cnnc repeats channels x 1 x 1 alone; a Conv of 1x1 with {} filters of weight 1 "
                           "repeats a map of one channel",
                           full.channels())};
    throw Unmapped{why,
                   fmt::format("cnnc repeats channels x 1 x 1 alone; an Expand to 1x{}, or a Resize of mode "
                               "'nearest', repeats rows or columns",
                               cnnc::to_string(full))};
  }
}

}  // namespace

double decimal(float value) {
  if (!std::isfinite(value) || std::fabs(value) == std::numeric_limits<float>::max()) return value;
  return std::strtod(fmt::format("{}", value).c_str(), nullptr);
}

double single_value(const Constant& constant, const View& beside, std::string_view what) {
  if (constant.floats->size() != 1)
    throw Unmapped{
        fmt::format("{} has {} values; one for all elements is possible", what, constant.floats->size()), ""};
  if (constant.dims.size() > beside.dims.size())
    throw Unmapped{fmt::format("{} of {} would add dimensions to a tensor of {}", what,
                               to_string(constant.dims), to_string(dims_of(beside))),
                   ""};
  return decimal(constant.floats->front());
}

View apply(Translation& t, std::string name, std::string_view op, Attributes attributes, const View& x) {
  View y = x;
  y.node = add_node(t, std::move(name), op, std::move(attributes), {x.node});
  return y;
}

View flat_as_vector(Translation& t, const View& view) {
  const bool is_flat = view.dims.size() == 2 && size(view.dims[0]) == t.images;
  if (!is_flat || !is_in_order(view, shape_of(t, view.node), t.images)) return view;
  return plain_view(t, as_vector(t, view));
}

View scaled(Translation& t, const View& x, double factor, double shift, std::string name) {
  if (!is_map_or_vector(t, x))
    return apply(t, std::move(name), "affine", {{"factor", factor}, {"offset", shift}}, x);
  const auto channels = static_cast<size_t>(shape_of(t, x.node).channels());
  spend(t, static_cast<int64_t>(2 * channels));
  View y = x;
  y.node = add_affine(t, std::move(name), x.node,
                      {std::vector<double>(channels, factor), std::vector<double>(channels, shift)});
  return y;
}

View add_views(Translation& t, const Node& node, std::string_view op, const std::vector<View>& views) {
  View result;
  if (auto inputs = all_beside(t, views, result)) {
    leave_out_expansions(t, shape_of(t, result.node), *inputs);
    result.node = add_node(t, name_of(node), op, {}, *inputs);
    return result;
  }
  for (const View& view : views) want_map_or_vector(t, view);
  const size_t rank = greatest_rank(views);
  std::vector<NodeId> tensors;
  for (const View& view : views) tensors.push_back(as_tensor(t, with_rank(view, rank)));
  want_one_shape(t, tensors);
  return view_of_rank(t, add_node(t, name_of(node), op, {}, tensors), rank);
}

std::optional<Limits> limits_of(const cnnc::Node& node) {
  if (node.op == "relu") return Limits{0, kInfinite};
  if (node.op == "relu6") return Limits{0, 6};
  if (node.op != "clip") return std::nullopt;
  const double least = cnnc::real(node.attributes, "min"), greatest = cnnc::real(node.attributes, "max");
  return Limits{is_clip_limit(least) ? least : -kInfinite, is_clip_limit(greatest) ? greatest : kInfinite};
}

}  // namespace cnnc::onnx
