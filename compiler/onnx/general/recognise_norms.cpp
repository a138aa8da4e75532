#include "onnx/general/recognise_norms.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "onnx/general/norm_parts.h"
#include "ops/activation/clip.h"
#include "ops/norm/arithmetic.h"

namespace cnnc::onnx {
namespace {

// A normalisation without weights: the quotient `last` of what is made of x.
struct Norm {
  std::string_view op;
  NodeId x = -1, last = -1;
  Axes axes;
  double eps = 0;
  int64_t groups = 0;
};

// x of x - mean(x) over those axes, a mean that nothing else reads; -1: it is something else.
NodeId centred_input(const Reading& r, NodeId id, const Axes& axes) {
  const auto difference = difference_at(r, id);
  if (!difference || !r.is_read(difference->b, 1)) return -1;
  const auto mean = mean_at(r, difference->b);
  return mean && mean->of == difference->a && mean->axes == axes ? difference->a : -1;
}

// x / max(sqrt(sum(x^2)), eps)
std::optional<Norm> l2norm_at(const Reading& r, NodeId id, const Operands& quotient) {
  NodeId root = quotient.b;
  double eps = 0;
  if (r.is(root, "clip") && r.is_read(root, 1) && !is_clip_limit(real(r.at(root).attributes, "max"))) {
    eps = real(r.at(root).attributes, "min");
    root = r.input(root);
  }
  if (!r.is(root, "sqrt") || !r.is_read(root, 1) || eps < kLeastEps || eps > 1) return std::nullopt;
  const NodeId sum = r.input(root);
  if (!r.is(sum, "reduce_sum") || !r.is_read(sum, 1)) return std::nullopt;
  const NodeId squares = r.input(sum);
  if (!r.is(squares, "square") || !r.is_read(squares, 1) || r.input(squares) != quotient.a)
    return std::nullopt;
  return Norm{"l2norm", quotient.a, id, sizes(r.at(sum).attributes, "axes"), eps};
}

std::optional<Norm> norm_at(const Reading& r, NodeId id) {
  const auto quotient = quotient_at(r, id);
  if (!quotient) return std::nullopt;
  if (const auto norm = l2norm_at(r, id, *quotient)) return norm;
  const auto root = root_at(r, quotient->b);
  if (!root) return std::nullopt;
  const NodeId numerator = quotient->a, x = centred_input(r, numerator, root->axes);
  // Some exporters write the difference twice.
  const bool is_twice = numerator != root->of && centred_input(r, root->of, root->axes) == x &&
                        r.is_read(root->of, root->reads) && r.is_read(numerator, 1);
  const bool is_once = numerator == root->of && r.is_read(numerator, 1 + root->reads);
  if (x >= 0 && (is_once || is_twice)) return Norm{"layernorm", x, id, root->axes, root->eps};
  if (numerator == root->of) return Norm{"rmsnorm", numerator, id, root->axes, root->eps};
  return std::nullopt;
}

// All axes but the first, or but such of one place.
bool is_all_behind_channels(const Axes& axes, const Shape& shape) {
  for (size_t axis = 0; axis < shape.rank(); ++axis) {
    const bool is_meant = std::count(axes.begin(), axes.end(), static_cast<int64_t>(axis)) > 0;
    if (is_meant != (axis > 0) && (axis == 0 || shape.sizes[axis] > 1)) return false;
  }
  return shape.rank() > 1;
}

// A layernorm of what was reshaped to groups x the rest, and is reshaped back.
Norm by_group(const Reading& r, Norm norm) {
  const NodeId back = r.only_reader(norm.last);
  if (norm.op != "layernorm" || !r.is(norm.x, "reshape") || back < 0 || !r.is(back, "reshape")) return norm;
  const NodeId z = r.input(norm.x);
  const Shape &groups = r.at(norm.x).shape, &shape = r.at(z).shape;
  const bool is_grouped = is_all_behind_channels(norm.axes, groups) && shape.sizes[0] % groups.sizes[0] == 0;
  if (!is_grouped || r.at(back).shape != shape || !r.is_read(norm.x, 2)) return norm;
  norm = {"groupnorm", z, back, {}, norm.eps};
  norm.groups = groups.sizes[0];
  return norm;
}

using Values = std::shared_ptr<const std::vector<float>>;

// Whether the constant has one value for each place along those axes, and the same along the others.
bool varies_along(const Shape& constant, const Axes& axes, const Shape& shape) {
  if (constant.rank() > shape.rank()) return false;
  Shape wanted = shape, given = constant;
  given.sizes.insert(given.sizes.begin(), shape.rank() - constant.rank(), 1);
  for (size_t axis = 0; axis < shape.rank(); ++axis)
    if (std::count(axes.begin(), axes.end(), static_cast<int64_t>(axis)) == 0) wanted.sizes[axis] = 1;
  return given == wanted;
}

// What scales and shifts the result of a normalisation, and the last node of it.
struct Learned {
  Values weight, bias;
  NodeId last = -1;
};

// The parameter of the node, if it is that operator and multiplies or adds what varies along the axes alone.
Values constant_at(const Reading& r, NodeId id, std::string_view op, const Axes& axes) {
  if (id < 0 || !r.is(id, op)) return nullptr;
  const Parameter& value = *find_parameter(r.at(id), "value");
  return varies_along(value.shape, axes, r.at(id).shape) ? value.values : nullptr;
}

Learned learned_behind(const Reading& r, const Norm& norm, const Axes& axes) {
  Learned learned{nullptr, nullptr, norm.last};
  if (norm.op == "l2norm") return learned;
  NodeId next = r.only_reader(norm.last);
  if (const Values weight = constant_at(r, next, "multiply_constant", axes)) {
    learned = {weight, nullptr, next};
    next = r.only_reader(next);
  }
  const bool may_shift = norm.op != "rmsnorm";
  if (const Values bias = may_shift ? constant_at(r, next, "add_constant", axes) : nullptr)
    return {learned.weight, bias, next};
  if (next < 0 || axes != Axes{0} || !is_scale_and_shift(r.at(next))) return learned;
  const Values weight = find_parameter(r.at(next), "weight")->values,
               bias = find_parameter(r.at(next), "bias")->values;
  if (learned.weight && !are_all(*weight, 1)) return learned;
  if (!may_shift && !are_all(*bias, 0)) return learned;
  return {learned.weight ? learned.weight : weight, bias, next};
}

Values ones(int64_t count) {
  return std::make_shared<const std::vector<float>>(static_cast<size_t>(count), 1.0f);
}

std::vector<Parameter> parameters_of(const Learned& learned, const Shape& shape) {
  std::vector<Parameter> parameters;
  if (learned.weight || learned.bias)
    parameters.push_back({"weight", shape, learned.weight ? learned.weight : ones(shape.elements())});
  if (learned.bias) parameters.push_back({"bias", shape, learned.bias});
  return parameters;
}

Shape along(const Axes& axes, const Shape& shape) {
  Shape result;
  for (const int64_t axis : axes) result.sizes.push_back(shape.sizes[static_cast<size_t>(axis)]);
  return result;
}

// The node that computes all of it, in the place of the last, with a name that the model has for a part.
struct Layer {
  NodeId place;
  cnnc::Node node;
};

Layer made(const Reading& r, const Norm& norm, Learned learned, const Axes& axes) {
  if (learned.bias && are_all(*learned.bias, 0)) learned.bias = nullptr;
  if (learned.weight && !learned.bias && are_all(*learned.weight, 1)) learned.weight = nullptr;
  cnnc::Node node = r.at(learned.last);
  const std::string& own = r.at(norm.last).name;
  if ((node.name.empty() || node.name[0] == '%') && !own.empty()) node.name = own;
  const bool is_affine = learned.weight || learned.bias;
  node.op = norm.op;
  node.inputs = {norm.x};
  node.attributes = {{"eps", norm.eps}};
  if (norm.op == "groupnorm")
    node.attributes.emplace("groups", norm.groups);
  else if (norm.op != "instancenorm")
    node.attributes.emplace("axes", axes);
  if (norm.op != "l2norm") node.attributes.emplace("affine", is_affine);
  if (norm.op != "l2norm" && norm.op != "rmsnorm")
    node.attributes.emplace("bias", learned.bias || !is_affine);
  node.parameters = parameters_of(learned, along(axes, node.shape));
  return {learned.last, std::move(node)};
}

// Over all axes behind the channels it is an instancenorm, unless its weights lie along these.
Layer layer_of(const Reading& r, Norm norm) {
  norm = by_group(r, norm);
  Axes axes = norm.axes;
  std::sort(axes.begin(), axes.end());
  if (norm.op == "layernorm" && is_all_behind_channels(axes, r.at(norm.last).shape)) {
    if (const Learned own = learned_behind(r, norm, axes); own.last != norm.last)
      return made(r, norm, own, axes);
    norm.op = "instancenorm";
  }
  if (norm.op == "instancenorm" || norm.op == "groupnorm") axes = {0};
  return made(r, norm, learned_behind(r, norm, axes), axes);
}

}  // namespace

// The nodes between are dead then: translate.cpp takes them away.
Graph recognise_norms(Graph graph) {
  const Graph original = graph;
  const Reading reading{original};
  for (size_t id = 0; id < original.nodes.size(); ++id)
    if (const auto norm = norm_at(reading, static_cast<NodeId>(id))) {
      Layer layer = layer_of(reading, *norm);
      graph.nodes[static_cast<size_t>(layer.place)] = std::move(layer.node);
    }
  return graph;
}

}  // namespace cnnc::onnx
