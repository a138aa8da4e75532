#include "onnx/general/operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "onnx/mappings/clipped.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/tensors/axes.h"
#include "onnx/tensors/rearrange.h"
#include "onnx/tensors/tensors.h"

namespace cnnc::onnx {
namespace {

View with_rank(View view, size_t rank) {
  if (view.dims.size() < rank) view.dims.insert(view.dims.begin(), rank - view.dims.size(), {});
  return view;
}

// ---- constants

// The values of a constant with its dimensions in another order.
std::vector<float> in_order(const Constant& c, const std::vector<int64_t>& order) {
  Dims strides(c.dims.size(), 1), dims, steps;
  for (size_t i = c.dims.size(); i-- > 1;) strides[i - 1] = strides[i] * c.dims[i];
  for (const int64_t from : order) {
    dims.push_back(c.dims[static_cast<size_t>(from)]);
    steps.push_back(strides[static_cast<size_t>(from)]);
  }
  std::vector<int64_t> places = {0};
  for (size_t i = 0; i < dims.size(); ++i) {
    std::vector<int64_t> next;
    next.reserve(places.size() * static_cast<size_t>(dims[i]));
    for (const int64_t place : places)
      for (int64_t k = 0; k < dims[i]; ++k) next.push_back(place + k * steps[i]);
    places = std::move(next);
  }
  std::vector<float> values;
  for (const int64_t place : places) values.push_back((*c.floats)[static_cast<size_t>(place)]);
  return values;
}

// The constant as it stands beside the tensors: its axes in their order, without those of 1 in front.
struct Beside {
  Dims shape;
  std::shared_ptr<const std::vector<float>> values;
};

// Without axes of 1 in front, which broadcasting adds.
Dims without_ones(Dims shape) {
  while (shape.size() > 1 && shape[0] == 1) shape.erase(shape.begin());
  if (shape.empty()) shape.push_back(1);
  return shape;
}

Beside beside(Translation& t, Constant c, const Laid& laid) {
  c.dims.insert(c.dims.begin(), laid.order.size() - c.dims.size(), 1);
  Beside result{by_axis(laid, c.dims), c.floats};
  if (!std::is_sorted(laid.order.begin(), laid.order.end())) {
    spend(t, elements(c.dims));
    result.values = std::make_shared<const std::vector<float>>(in_order(c, laid.order));
  }
  result.shape = without_ones(std::move(result.shape));
  return result;
}

// The constant beside the tensor of the view as it lies, where it varies along whole axes of that alone;
// empty where not.
std::optional<Beside> beside_lying(Translation& t, const View& x, const Constant& c) {
  const Shape& shape = shape_of(t, x.node);
  const size_t missing = x.dims.size() - c.dims.size();
  Constant split{"float", {}, c.floats, nullptr};  // a dimension for each axis
  std::vector<int64_t> axes;
  for (size_t i = 0; i < c.dims.size(); ++i) {
    if (c.dims[i] == 1) continue;
    if (c.dims[i] != size(x.dims[missing + i])) return std::nullopt;
    for (const Factor& f : x.dims[missing + i]) {
      if (f.axis == Axis::batch || f.size != shape.sizes[static_cast<size_t>(f.axis)]) return std::nullopt;
      split.dims.push_back(f.size);
      axes.push_back(static_cast<int64_t>(f.axis));
    }
  }
  std::vector<int64_t> order(axes.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return axes[a] < axes[b]; });
  Beside result{Dims(shape.rank(), 1), c.floats};
  for (size_t i = 0; i < axes.size(); ++i) result.shape[static_cast<size_t>(axes[i])] = split.dims[i];
  result.shape = without_ones(std::move(result.shape));
  if (std::is_sorted(order.begin(), order.end())) return result;
  spend(t, elements(c.dims));
  result.values = std::make_shared<const std::vector<float>>(in_order(split, order));
  return result;
}

// x op c as an affine function of x, for one number c.
struct Line {
  double factor, offset;
};

Line line_of(std::string_view op, double c) {
  if (op == "add") return {1, c};
  if (op == "subtract") return {1, -c};
  if (op == "multiply") return {c, 0};
  return {1 / c, 0};
}

// ---- parts along an axis

// The axis of the tensor whose outermost places the dimension runs over, `inner` of them for each of its own
// first factor; null where it does not.
const Factor* outermost(const Translation& t, const View& x, size_t axis) {
  if (x.dims[axis].empty() || x.dims[axis][0].axis == Axis::batch) return nullptr;
  const Factor& first = x.dims[axis][0];
  const int64_t size = shape_of(t, x.node).sizes[static_cast<size_t>(first.axis)];
  return first.stride * first.size == size ? &first : nullptr;
}

// Places begin to end - 1 of an axis of the tensor itself.
NodeId cut(Translation& t, const std::string& name, NodeId tensor, size_t axis, int64_t begin, int64_t end) {
  const Shape& shape = shape_of(t, tensor);
  if (axis == 0 && (shape.is_map() || shape.is_vector())) return part_of(t, tensor, name, begin, end);
  if (end - begin == shape.sizes[axis]) return tensor;
  return add_node(t, name, "crop", {{"axis", static_cast<int64_t>(axis)}, {"begin", begin}, {"end", end}},
                  {tensor});
}

// The range of a dimension that is a range of an axis of the tensor as it lies: nothing else moves.
std::optional<View> cut_outermost(Translation& t, const std::string& name, const View& x, size_t axis,
                                  const Range& range) {
  const Factor* first = outermost(t, x, axis);
  if (!first || range.step != 1) return std::nullopt;
  const int64_t inner = size(x.dims[axis]) / first->size;
  if (range.begin % inner != 0 || range.count % inner != 0) return std::nullopt;
  const int64_t begin = range.begin / inner, count = range.count / inner;
  View result = x;
  result.dims[axis].erase(result.dims[axis].begin());
  if (count > 1) result.dims[axis].insert(result.dims[axis].begin(), {first->axis, count, first->stride});
  result.node = cut(t, name, x.node, static_cast<size_t>(first->axis), begin * first->stride,
                    (begin + count) * first->stride);
  return result;
}

// One place of a dimension that is the innermost part of a tensor's channels, as of a channel shuffle: the
// channels are dealt out, so that it is the outermost.
std::optional<View> cut_dealt(Translation& t, const std::string& name, const View& x, size_t axis,
                              const Range& range) {
  if (range.count != 1 || x.dims[axis].size() != 1 || !is_map_or_vector(t, x)) return std::nullopt;
  const Factor factor = x.dims[axis][0];
  const int64_t channels = shape_of(t, x.node).channels();
  if (factor.axis != Axis::channel || factor.stride != 1 || factor.size == channels) return std::nullopt;
  View dealt = plain_view(t, x.node), result = x;
  dealt.dims[1] = {factor, {Axis::channel, channels / factor.size, factor.size}};
  const int64_t begin = range.begin * (channels / factor.size);
  result.node = part_of(t, as_tensor(t, dealt), name, begin, begin + channels / factor.size);
  for (Factors& dim : result.dims)
    for (Factor& f : dim)
      if (f.axis == Axis::channel) f.stride /= factor.size;
  result.dims[axis].clear();
  return result;
}

// After another axis both at once.
NodeId flipped(Translation& t, const std::string& name, NodeId tensor, int64_t axis) {
  const cnnc::Node& node = t.graph.nodes[static_cast<size_t>(tensor)];
  std::vector<int64_t> axes = {axis};
  if (node.op == "flip") {
    const std::vector<int64_t>& others = cnnc::sizes(node.attributes, "axes");
    if (std::count(others.begin(), others.end(), axis) == 0) {
      axes.insert(axes.begin(), others.begin(), others.end());
      tensor = node.inputs[0];
    }
  }
  return add_node(t, name, "flip", {{"axes", axes}}, {tensor});
}

NodeId cropped_along(Translation& t, const std::string& name, NodeId tensor, int64_t axis, Range range) {
  const int64_t size = shape_of(t, tensor).sizes[static_cast<size_t>(axis)];
  if (range.step < 0) {
    const bool is_whole = range.step == -1 && range.count == size;
    tensor = flipped(t, is_whole ? name : "", tensor, axis);
    range = {size - 1 - range.begin, -range.step, range.count};
  }
  if (range.step == 1 || range.count == 1)
    return cut(t, name, tensor, static_cast<size_t>(axis), range.begin, range.begin + range.count);
  const int64_t end = range.begin + (range.count - 1) * range.step + 1;
  return add_node(t, name, "crop",
                  {{"axis", axis}, {"begin", range.begin}, {"end", end}, {"step", range.step}}, {tensor});
}

// The first matrices repeated, so that their axes in front are those of the product, where the second ones'
// are not.
View repeated_for_product(Translation& t, const View& a, const View& b) {
  if (a.dims.size() < 3 || b.dims.size() < 3) return a;
  const auto front = [](const View& x) {
    const Dims dims = dims_of(x);
    return Dims(dims.begin(), dims.end() - 2);
  };
  Dims dims = broadcast(front(a), front(b));
  if (dims == front(a) || dims == front(b)) return a;
  const Dims own = dims_of(a);
  dims.insert(dims.end(), own.end() - 2, own.end());
  return expanded(t, "", a, dims);
}

// The operator with a tensor of constants.
View with_tensor(Translation& t, std::string name, std::string_view op, const View& x,
                 const Constant& constant) {
  const std::string with = std::string(op) + "_constant";
  if (const auto c = beside_lying(t, x, constant)) {
    View y = x;
    y.node = add_node(t, std::move(name), with, {{"shape", c->shape}}, {x.node}, {{"value", c->values}});
    return y;
  }
  std::vector<size_t> axes;  // a constant with values along the first dimension leaves no batch
  if (constant.dims.size() == x.dims.size() && constant.dims[0] != 1) axes.push_back(0);
  const Laid all = laid(t, {x}, axes);
  const Beside c = beside(t, constant, all);
  return result_of(
      t, all, add_node(t, std::move(name), with, {{"shape", c.shape}}, all.tensors, {{"value", c.values}}));
}

}  // namespace

View joined(Translation& t, std::string name, std::string_view op, const std::vector<View>& given) {
  std::vector<View> views = given;
  if (op == "matmul") views[0] = repeated_for_product(t, given[0], given[1]);
  const bool is_product = op == "matmul";  // of the last two axes
  std::vector<size_t> axes;
  if (is_product && std::max(views.at(0).dims.size(), views.at(1).dims.size()) < 3) axes.push_back(0);
  const Laid all = laid(t, views, axes, !is_product);
  return result_of(t, all, add_node(t, std::move(name), op, {}, all.tensors));
}

Constant with_order(const Constant& c, const std::vector<int64_t>& order) {
  Constant result{c.type, {}, c.floats, nullptr};
  for (const int64_t from : order) result.dims.push_back(c.dims[static_cast<size_t>(from)]);
  if (!std::is_sorted(order.begin(), order.end()))
    result.floats = std::make_shared<const std::vector<float>>(in_order(c, order));
  return result;
}

View with_number(Translation& t, std::string name, std::string_view op, const View& x, double c) {
  if (op == "maximum") return clipped(t, std::move(name), x, c, HUGE_VAL);
  if (op == "minimum") return clipped(t, std::move(name), x, -HUGE_VAL, c);
  Line line = line_of(op, c);
  View from = x;
  if (const cnnc::Node& before = t.graph.nodes[static_cast<size_t>(x.node)]; before.op == "affine") {
    line.offset += line.factor * cnnc::real(before.attributes, "offset");
    line.factor *= cnnc::real(before.attributes, "factor");
    from.node = before.inputs[0];
    if (name.empty() && before.name[0] != '%') name = before.name;
  }
  return apply(t, std::move(name), "affine", {{"factor", line.factor}, {"offset", line.offset}}, from);
}

View with_constant(Translation& t, std::string name, std::string_view op, const View& given,
                   const Constant& constant) {
  const View x = with_rank(given, constant.dims.size());
  const std::vector<float>& values = *constant.floats;
  if (values.empty()) throw Unmapped{"its constant has no elements", ""};
  if (op == "divide" && std::count(values.begin(), values.end(), 0.0f) > 0)
    throw Unmapped{"its constant has 0, and the result is no finite number", ""};
  const bool is_comparison =
      op == "equal" || op == "greater" || op == "greater_equal" || op == "less" || op == "less_equal";
  const bool is_clip = op == "maximum" || op == "minimum";  // infinities are limits that are none
  if (values.size() == 1 && !is_comparison && (is_clip || !std::isinf(values[0])))
    return with_number(t, std::move(name), op, x, decimal(values[0]));
  return with_tensor(t, std::move(name), op, x, constant);
}

View quotient(Translation& t, std::string name, const View& x, const Constant& divisor) {
  if (std::count(divisor.floats->begin(), divisor.floats->end(), 0.0f) > 0)
    throw Unmapped{"its constant has 0, and the result is no finite number", ""};
  return with_tensor(t, std::move(name), "divide", with_rank(x, divisor.dims.size()), divisor);
}

View reduced(Translation& t, std::string name, std::string_view op, const View& x, std::vector<size_t> axes) {
  axes.erase(std::remove_if(axes.begin(), axes.end(), [&](size_t axis) { return x.dims[axis].empty(); }),
             axes.end());
  if (axes.empty()) return x;
  const Laid all = laid(t, {x}, axes);
  std::vector<int64_t> numbers;
  for (const size_t axis : axes) numbers.push_back(axis_of(all, axis));
  std::sort(numbers.begin(), numbers.end());
  return result_of(t, all, add_node(t, std::move(name), op, {{"axes", numbers}}, all.tensors));
}

View place_of_greatest(Translation& t, std::string name, std::string_view op, const View& x, size_t axis) {
  if (x.dims[axis].empty()) return with_number(t, std::move(name), "multiply", x, 0);
  const Laid all = laid(t, {x}, {axis});
  return result_of(t, all, add_node(t, std::move(name), op, {{"axis", axis_of(all, axis)}}, all.tensors));
}

View cropped(Translation& t, std::string name, const View& x, size_t axis, const Range& range) {
  if (range.count == size(x.dims[axis]) && (range.step == 1 || range.count == 1)) return x;
  if (range.count == 0) throw Unmapped{fmt::format("nothing is left of axis {}", axis), ""};
  if (auto part = cut_outermost(t, name, x, axis, range)) return std::move(*part);
  if (auto part = cut_dealt(t, name, x, axis, range)) return std::move(*part);
  const Laid all = laid(t, {x}, {axis});
  return result_of(t, all, cropped_along(t, name, all.tensors[0], axis_of(all, axis), range));
}

View padded(Translation& t, std::string name, const View& x, size_t axis, int64_t before, int64_t after,
            const Padding& padding) {
  if (before == 0 && after == 0) return x;
  if (axis == 0 && t.images > 1)
    throw Unmapped{"it pads the batch", "cnnc computes each image of a batch alone"};
  const Laid all = laid(t, {x}, {axis});
  Attributes attributes = {
      {"axis", axis_of(all, axis)}, {"before", before}, {"after", after}, {"mode", padding.mode}};
  if (padding.mode == "constant") attributes.emplace("value", padding.value);
  return result_of(t, all, add_node(t, std::move(name), "pad_along", std::move(attributes), all.tensors));
}

View tiled(Translation& t, std::string name, const View& x, const std::vector<int64_t>& repeats) {
  std::vector<size_t> axes;
  for (size_t i = 0; i < repeats.size(); ++i)
    if (repeats[i] != 1) axes.push_back(i);
  if (axes.empty()) return x;
  const Laid all = laid(t, {x}, axes);
  return result_of(t, all,
                   add_node(t, std::move(name), "tile", {{"repeats", by_axis(all, repeats)}}, all.tensors));
}

View concatenated(Translation& t, std::string name, const std::vector<View>& views, size_t axis) {
  const Laid all = laid(t, views, {axis});
  const int64_t along = axis_of(all, axis);
  const Shape& shape = shape_of(t, all.tensors[0]);
  const bool is_of_channels = along == 0 && (shape.is_map() || shape.is_vector());
  const NodeId result = is_of_channels
                            ? add_node(t, std::move(name), "concat", {}, all.tensors)
                            : add_node(t, std::move(name), "concat_along", {{"along", along}}, all.tensors);
  return result_of(t, all, result);
}

View expanded(Translation& t, std::string name, const View& given, const Dims& dims) {
  const View x = with_rank(given, dims.size());
  const Dims from = dims_of(x);
  std::vector<size_t> axes;
  for (size_t i = 0; i < dims.size(); ++i)
    if (dims[i] != from[i]) axes.push_back(i);
  if (axes.empty()) return x;
  const Laid all = laid(t, {x}, axes);
  return result_of(t, all,
                   add_node(t, std::move(name), "expand", {{"shape", by_axis(all, dims)}}, all.tensors));
}

View without_dims(View view, std::vector<size_t> axes) {
  std::sort(axes.rbegin(), axes.rend());
  for (const size_t axis : axes) view.dims.erase(view.dims.begin() + static_cast<std::ptrdiff_t>(axis));
  return view;
}

}  // namespace cnnc::onnx
