#include "onnx/tensors/tensors.h"

#include <fmt/format.h>

#include <algorithm>

#include "onnx/tensors/arrange.h"
#include "onnx/tensors/rearrange.h"
#include "onnx/tensors/redeclare.h"
#include "onnx/tensors/selection.h"
#include "onnx/tensors/unflatten.h"
#include "ops/axes.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

// "'271' of 1x126x4", as the file calls it, if it is one of the file's.
std::string text_of(const Translation& t, const View& view) {
  const std::string dims = to_string(dims_of(view));
  for (const auto& [name, value] : t.values)
    if (const View* known = std::get_if<View>(&value);
        known && known->node == view.node && known->dims == view.dims)
      return fmt::format("{} of {}", quote(name), dims);
  return "a tensor of " + dims;
}

constexpr const char* kHint =
    "a map is N x channels x height x width or N x channels x length, a vector N x features, N the batch";

[[noreturn]] void fail(const Translation& t, const View& view, std::string_view wanted) {
  throw Unmapped{fmt::format("{} is {}, {}, rearranged to what is no {}", text_of(t, view),
                             called(t, view.node), cnnc::to_string(shape_of(t, view.node)), wanted),
                 kHint};
}

NodeId flattened(Translation& t, NodeId tensor) {
  if (shape_of(t, tensor).is_vector()) return tensor;
  return as_any(t, reshaped(plain_view(t, tensor), {t.images, shape_of(t, tensor).elements()}).value(), true);
}

// The factors of a tensor as those of its own flatten.
Factors flat_factors(const Factors& dim, const Shape& shape) {
  const std::vector<int64_t> strides = strides_of(shape);
  Factors flat;
  for (const Factor& factor : dim) {
    if (factor.axis == Axis::batch) return {factor};
    append(flat, {Axis::channel, factor.size, factor.stride * strides[static_cast<size_t>(factor.axis)]});
  }
  return flat;
}

// Channels in another order, then each one's rows and columns: as N x C x H x W.
std::optional<View> before_flatten(const View& view, const Shape& shape) {
  const Factors rows = whole_axis(Axis::row, shape.height()),
                columns = whole_axis(Axis::column, shape.width());
  const Factors& features = view.dims[1];
  if (features.size() < rows.size() + columns.size()) return std::nullopt;
  const auto inner = features.end() - static_cast<std::ptrdiff_t>(rows.size() + columns.size());
  View map{view.node, {view.dims[0], Factors(features.begin(), inner), rows, columns}};
  Factors pixels = rows;
  pixels.insert(pixels.end(), columns.begin(), columns.end());
  if (!std::equal(inner, features.end(), pixels.begin())) return std::nullopt;
  return map;
}

// The indices that a dimension runs over.
std::vector<int64_t> indices_of(const Factors& dim) {
  std::vector<int64_t> indices = {0};
  for (const Factor& factor : dim) {
    std::vector<int64_t> next;
    next.reserve(indices.size() * static_cast<size_t>(factor.size));
    for (const int64_t index : indices)
      for (int64_t i = 0; i < factor.size; ++i) next.push_back(index + i * factor.stride);
    indices = std::move(next);
  }
  return indices;
}

// Whether the view spreads the channels of one pixel over rows and columns.
bool is_of_pixel(const Translation& t, const View& view) {
  const Shape& shape = shape_of(t, view.node);
  return shape.height() == 1 && shape.width() == 1 && is_in_order(view, shape, t.images);
}

NodeId spread(Translation& t, const View& view) {
  const auto key = std::make_pair(view.node, view.dims);
  if (const auto found = t.arranged.find(key); found != t.arranged.end()) return found->second;
  const NodeId map =
      spread_from_pixel(t, view.node, size(view.dims[1]), size(view.dims[2]), size(view.dims[3]));
  t.arranged.emplace(key, map);
  return map;
}

// The tensor as it is: an input that is about to be read keeps its dimensions.
NodeId kept(Translation& t, NodeId tensor) {
  t.fixed_inputs.insert(tensor);
  return tensor;
}

}  // namespace

bool is_map_or_vector(const Translation& t, const View& view) {
  const Shape& shape = shape_of(t, view.node);
  return shape.is_map() || shape.is_vector();
}

void want_map_or_vector(const Translation& t, const View& view) {
  if (!is_map_or_vector(t, view))
    throw Unmapped{fmt::format("{} is {}, {}, and no map or vector", text_of(t, view), called(t, view.node),
                               cnnc::to_string(shape_of(t, view.node))),
                   ""};
}

NodeId as_map(Translation& t, const View& given) {
  View view = given;
  if (view.dims.size() == 3) view.dims.insert(view.dims.begin() + 2, Factors());
  if (view.dims.size() != 4 || !begins_with_batch(t, view))
    fail(t, given, "map of channels, rows and columns");
  if (is_plain(view, shape_of(t, view.node), t.images)) return kept(t, view.node);
  if (const auto input = redeclared(t, view)) return *input;
  if (!is_map_or_vector(t, view)) return as_any(t, view, true);
  if (shape_of(t, view.node).is_vector()) view.node = as_pixel(t, view.node);
  if (is_plain(view, shape_of(t, view.node), t.images)) return view.node;
  if (const auto map = arranged(t, view)) return *map;
  if (t.rearranges) return as_any(t, view, true);
  if (is_of_pixel(t, view)) return spread(t, view);
  fail(t, given, "map of channels, rows and columns");
}

NodeId as_vector(Translation& t, const View& view) {
  if (view.dims.size() != 2 || !begins_with_batch(t, view)) fail(t, view, "vector of features");
  if (!is_map_or_vector(t, view)) return as_any(t, view, true);
  const Shape shape = shape_of(t, view.node);
  const Factors features = flat_factors(view.dims[1], shape);
  const auto map = shape.is_map() && features.size() > 1 ? before_flatten(view, shape) : std::nullopt;
  if (map) return flattened(t, as_map(t, *map));
  const NodeId vector = flattened(t, view.node);
  if (const auto result = in_channel_order(t, vector, features)) return kept(t, *result);
  if (t.rearranges) return as_any(t, view, true);
  fail(t, view, "vector of features");
}

NodeId as_tensor(Translation& t, const View& view) {
  return view.dims.size() == 2 ? as_vector(t, view) : as_map(t, view);
}

FlatVector as_flat_vector(Translation& t, const View& view) {
  const Shape shape = shape_of(t, view.node);
  if (view.dims.size() != 2 || !begins_with_batch(t, view) || is_in_order(view, shape, t.images))
    return {as_vector(t, view), {}};
  return {flattened(t, view.node), indices_of(flat_factors(view.dims[1], shape))};
}

NodeId need_map(Translation& t, const Node& node, size_t index) {
  return as_map(t, need_view(t, node, index));
}

NodeId need_vector(Translation& t, const Node& node, size_t index) {
  return as_vector(t, need_view(t, node, index));
}

NodeId need_tensor(Translation& t, const Node& node, size_t index) {
  return as_tensor(t, need_view(t, node, index));
}

}  // namespace cnnc::onnx
