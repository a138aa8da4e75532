#include "onnx/tensors/rearrange.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "support/limits.h"

namespace cnnc::onnx {
namespace {

// The tensor under another shape; what is a reshape already, or a flatten, is not made one twice.
NodeId under_shape(Translation& t, NodeId tensor, const Shape& shape) {
  const cnnc::Node& node = t.graph.nodes[static_cast<size_t>(tensor)];
  if (node.op == "reshape") tensor = node.inputs[0];
  if (shape_of(t, tensor) == shape) return tensor;
  if (!shape.is_vector() || !shape_of(t, tensor).is_map())
    return add_node(t, "", "reshape", {{"shape", shape.sizes}}, {tensor});
  const auto found = t.flattened.find(tensor);
  if (found != t.flattened.end()) return found->second;
  const NodeId vector = add_node(t, "", "flatten", {}, {tensor});
  t.flattened.emplace(tensor, vector);
  return vector;
}

// Parts of a tensor's axes as they lie in memory, and the order in which they are wanted.
struct Moves {
  std::vector<int64_t> sizes, order;
};

bool lies_before(const Factor& a, const Factor& b) {
  return a.axis != b.axis ? a.axis < b.axis : a.stride > b.stride;
}

Moves moves_of(const Factors& wanted) {
  Factors lying = wanted;
  std::sort(lying.begin(), lying.end(), lies_before);
  Moves moves;
  for (const Factor& factor : lying) moves.sizes.push_back(factor.size);
  for (const Factor& factor : wanted)
    moves.order.push_back(std::find(lying.begin(), lying.end(), factor) - lying.begin());
  return moves;
}

// Parts that follow each other and stay so, as one.
Moves joined(const Moves& moves) {
  std::vector<int64_t> place(moves.order.size());  // in `order`
  for (size_t i = 0; i < place.size(); ++i)
    place[static_cast<size_t>(moves.order[i])] = static_cast<int64_t>(i);
  std::vector<int64_t> run(place.size());  // the part that each is in
  Moves result;
  for (size_t i = 0; i < place.size(); ++i) {
    if (i > 0 && place[i] == place[i - 1] + 1)
      result.sizes.back() *= moves.sizes[i];
    else
      result.sizes.push_back(moves.sizes[i]);
    run[i] = static_cast<int64_t>(result.sizes.size()) - 1;
  }
  for (const int64_t part : moves.order)
    if (result.order.empty() || result.order.back() != run[static_cast<size_t>(part)])
      result.order.push_back(run[static_cast<size_t>(part)]);
  return result;
}

bool is_whole(const Factors& dim, const Shape& shape) {
  return dim.size() == 1 && dim[0].axis != Axis::batch &&
         dim == whole_axis(dim[0].axis, shape.sizes[static_cast<size_t>(dim[0].axis)]);
}

// The order of the tensor's axes that the dimensions are, those of 1 among them; empty where they are none.
std::optional<std::vector<int64_t>> order_of_axes(const View& view, const Shape& shape) {
  const auto is_axis = [&](const Factors& dim) { return dim.empty() || is_whole(dim, shape); };
  if (view.dims.size() != shape.rank() || !std::all_of(view.dims.begin(), view.dims.end(), is_axis))
    return std::nullopt;
  std::vector<int64_t> order;
  size_t next_one = 0;
  for (const Factors& dim : view.dims) {
    while (dim.empty() && shape.sizes.at(next_one) != 1) ++next_one;
    order.push_back(dim.empty() ? static_cast<int64_t>(next_one++) : static_cast<int64_t>(dim[0].axis));
  }
  return order;
}

NodeId moved(Translation& t, const View& view, const Shape& target) {
  Moves moves = moves_of(all_factors(view));
  if (std::is_sorted(moves.order.begin(), moves.order.end())) return under_shape(t, view.node, target);
  if (moves.sizes.size() > limits::kRank) moves = joined(moves);
  if (moves.sizes.size() > limits::kRank)
    throw Unmapped{fmt::format("{} parts of the axes of {} change places; tensors have at most {} axes",
                               moves.sizes.size(), called(t, view.node), limits::kRank),
                   "transpose in two steps, with something computed between them"};
  if (const auto order = order_of_axes(view, shape_of(t, view.node)))
    return add_node(t, "", "permute", {{"order", *order}}, {view.node});
  const NodeId parts = under_shape(t, view.node, Shape(moves.sizes));
  return under_shape(t, add_node(t, "", "permute", {{"order", moves.order}}, {parts}), target);
}

Shape shape_of_dims(const View& view) {
  std::vector<int64_t> sizes = dims_of(view);
  if (sizes.empty()) sizes.push_back(1);
  if (sizes.size() > limits::kRank)
    throw Unmapped{fmt::format("a tensor of {} has {} dimensions; at most {} are possible, and the batch",
                               to_string(sizes), sizes.size(), limits::kRank),
                   ""};
  return Shape(std::move(sizes));
}

// The batch elsewhere than in front.
[[noreturn]] void refuse_batch(const Translation& t, const View& view) {
  throw Unmapped{fmt::format("the first dimension of a tensor of {} is not the batch of {} images alone",
                             to_string(dims_of(view)), t.images),
                 "cnnc computes each image of a batch alone; with a batch of 1 the model can be read"};
}

// ---- the order of several views

View with_rank(View view, size_t rank) {
  view.dims.insert(view.dims.begin(), rank - view.dims.size(), {});
  return view;
}

std::vector<int64_t> own_order(size_t rank) {
  std::vector<int64_t> order(rank);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

// The dimensions from `first` on in the order in which they lie: each is a whole axis, or 1.
std::vector<int64_t> lying_order(const View& view, const Shape& shape, size_t first) {
  std::vector<int64_t> order = own_order(view.dims.size()), whole, ones;
  for (size_t i = first; i < view.dims.size(); ++i) {
    if (!view.dims[i].empty() && !is_whole(view.dims[i], shape)) return order;
    (view.dims[i].empty() ? ones : whole).push_back(static_cast<int64_t>(i));
  }
  const auto axis_at = [&](int64_t dim) { return view.dims[static_cast<size_t>(dim)][0].axis; };
  const auto by_axis = [&](int64_t a, int64_t b) { return axis_at(a) < axis_at(b); };
  if (std::is_sorted(whole.begin(), whole.end(), by_axis)) return order;
  std::sort(whole.begin(), whole.end(), by_axis);
  order.resize(first);
  auto next_whole = whole.begin(), next_one = ones.begin();
  for (const int64_t size : shape.sizes)  // a dimension of 1 where the tensor has one
    if (size > 1)
      order.push_back(*next_whole++);
    else if (next_one != ones.end())
      order.push_back(*next_one++);
  order.insert(order.end(), next_one, ones.end());
  return order;
}

int64_t elements_of(const View& view) {
  int64_t product = 1;
  for (const Factors& dim : view.dims) product *= size(dim);
  return product;
}

// Whether the tensors can be without the first dimension.
bool may_leave_batch(const Translation& t, const std::vector<View>& views, const std::vector<size_t>& axes) {
  const bool is_axis = std::count(axes.begin(), axes.end(), size_t{0}) > 0;
  if (t.images > 1 && is_axis)
    throw Unmapped{"it works along axis 0, the batch", "cnnc computes each image of a batch alone"};
  if (t.images > 1) return true;
  return !is_axis && views.at(0).dims.size() > 1 &&
         std::all_of(views.begin(), views.end(), [](const View& view) { return view.dims[0].empty(); });
}

}  // namespace

bool begins_with_batch(const Translation& t, const View& view) {
  return !view.dims.empty() && view.dims[0] == whole_axis(Axis::batch, t.images);
}

NodeId as_any(Translation& t, const View& given, bool has_batch) {
  View view = given;
  if (has_batch && !begins_with_batch(t, view)) refuse_batch(t, given);
  if (has_batch) view.dims.erase(view.dims.begin());
  for (const Factor& factor : all_factors(view))
    if (factor.axis == Axis::batch) refuse_batch(t, given);
  t.fixed_inputs.insert(view.node);
  const Shape target = shape_of_dims(view);
  const auto key = std::make_pair(view.node, view.dims);
  if (const auto found = t.rearranged.find(key); found != t.rearranged.end()) return found->second;
  const NodeId result = moved(t, view, target);
  t.rearranged.emplace(key, result);
  return result;
}

Laid laid(Translation& t, std::vector<View> views, const std::vector<size_t>& axes, bool may_turn) {
  size_t rank = 0;
  for (const View& view : views) rank = std::max(rank, view.dims.size());
  for (View& view : views) view = with_rank(std::move(view), rank);
  const auto smaller = [](const View& a, const View& b) { return elements_of(a) < elements_of(b); };
  const View& largest = *std::max_element(views.begin(), views.end(), smaller);
  Laid result;
  result.has_batch = may_leave_batch(t, views, axes);
  result.order =
      may_turn ? lying_order(largest, shape_of(t, largest.node), result.has_batch ? 1 : 0) : own_order(rank);
  for (const View& view : views)
    result.tensors.push_back(as_any(t, transposed(view, result.order), result.has_batch));
  return result;
}

int64_t axis_of(const Laid& laid, size_t dim) {
  const auto found = std::find(laid.order.begin(), laid.order.end(), static_cast<int64_t>(dim));
  return found - laid.order.begin() - (laid.has_batch ? 1 : 0);
}

std::vector<int64_t> by_axis(const Laid& laid, const std::vector<int64_t>& by_dim) {
  std::vector<int64_t> result;
  for (size_t i = laid.has_batch ? 1 : 0; i < laid.order.size(); ++i)
    result.push_back(by_dim.at(static_cast<size_t>(laid.order[i])));
  return result;
}

View result_of(const Translation& t, const Laid& laid, NodeId result) {
  View view = plain_view(t, result);
  if (!laid.has_batch) view.dims.erase(view.dims.begin());
  view.dims.resize(laid.order.size());  // a single number has an axis of its own
  return transposed(view, inverse(laid.order));
}

View reshaped_tensor(Translation& t, const View& view, const std::vector<int64_t>& dims) {
  if (auto result = reshaped(view, dims)) return std::move(*result);
  const bool has_batch = begins_with_batch(t, view) && !dims.empty() && dims[0] == t.images;
  const NodeId tensor = as_any(t, view, has_batch);
  View seen = plain_view(t, tensor);
  if (!has_batch) seen.dims.erase(seen.dims.begin());
  if (auto result = reshaped(seen, dims)) return std::move(*result);
  Shape shape(std::vector<int64_t>(dims.begin() + (has_batch ? 1 : 0), dims.end()));
  View result = plain_view(t, add_node(t, "", "reshape", {{"shape", std::move(shape.sizes)}}, {tensor}));
  if (!has_batch) result.dims.erase(result.dims.begin());
  return result;
}

}  // namespace cnnc::onnx
