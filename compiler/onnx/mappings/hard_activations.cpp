#include "onnx/mappings/hard_activations.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "onnx/mappings/elementwise.h"

namespace cnnc::onnx {
namespace {

constexpr int kMostSteps = 4;  // of arithmetic in a row that are looked at
constexpr NodeId kNone = -1;

bool is_near(double a, double b) {
  return std::fabs(a - b) <= 1e-5 * std::max(std::fabs(b), 0.1);
}

// scale x + shift, of another node's x.
struct Line {
  NodeId x = kNone;
  double scale = 1, shift = 0;
};

bool is_one_value(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [&](double v) { return v == values[0]; });
}

// What arithmetic with the same numbers for all channels the node is; empty where it is none.
std::optional<Line> step_of(const Translation& t, NodeId id) {
  const cnnc::Node& node = t.graph.nodes[id];
  if (node.op != "batchnorm") return std::nullopt;
  const auto found = t.affines.find(find_parameter(node, "weight")->values);
  if (found == t.affines.end()) return std::nullopt;
  const Affine& affine = found->second;
  if (!is_one_value(affine.scale) || !is_one_value(affine.shift)) return std::nullopt;
  return Line{node.inputs[0], affine.scale[0], affine.shift[0]};
}

// The node in terms of itself, then of what stands before it.
std::vector<Line> lines_of(const Translation& t, NodeId id) {
  std::vector<Line> lines = {{id}};
  for (int taken = 0; taken < kMostSteps; ++taken) {
    const Line last = lines.back();
    const auto step = step_of(t, last.x);
    if (!step) break;
    lines.push_back({step->x, last.scale * step->scale, last.scale * step->shift + last.shift});
  }
  return lines;
}

// min(max(slope x + offset, least), greatest), with the x that stand before it.
struct Bend {
  std::vector<Line> lines;  // slope and offset, of each x
  double least = 0, greatest = 0;
};

// factor times the node as a bend; empty where it is none.
std::optional<Bend> bend_of(const Translation& t, NodeId id, double factor) {
  const Line after = lines_of(t, id).back();
  const cnnc::Node& node = t.graph.nodes[after.x];
  const double scale = factor * after.scale, shift = factor * after.shift;
  Line inner;
  double least = 0, greatest = 1;
  if (node.op == "hardsigmoid") {
    inner = {kNone, cnnc::real(node.attributes, "slope"), cnnc::real(node.attributes, "offset")};
  } else if (const auto limits = limits_of(node)) {
    least = limits->least;
    greatest = limits->greatest;
  } else {
    return std::nullopt;
  }
  if (!(scale > 0)) return std::nullopt;
  Bend bend{lines_of(t, node.inputs[0]), scale * least + shift, scale * greatest + shift};
  for (Line& line : bend.lines) {
    line.shift = scale * (inner.scale * line.shift + inner.shift) + shift;
    line.scale *= scale * inner.scale;
  }
  return bend;
}

bool is_from_0_to_1(const Bend& bend) {
  return is_near(bend.least, 0) && is_near(bend.greatest, 1);
}

bool is_in_sixths(const Line& line) {
  return is_near(line.scale, 1.0 / 6) && is_near(line.shift, 0.5);
}

// Where nothing has a slope of 1/6, x is what stands in front of all arithmetic.
std::optional<Line> hardsigmoid_of(const Translation& t, NodeId node) {
  const auto bend = bend_of(t, node, 1);
  if (!bend || !is_from_0_to_1(*bend)) return std::nullopt;
  const auto found = std::find_if(bend->lines.begin(), bend->lines.end(), is_in_sixths);
  const Line line = found == bend->lines.end() ? bend->lines.back() : *found;
  return is_near(line.shift, 0.5) && line.scale > 0 ? std::optional(line) : std::nullopt;
}

// The x of x hardsigmoid(x), where `factor` stands before the product of the two; else none.
NodeId x_of_product(const Translation& t, NodeId x, NodeId hardsigmoid, double factor) {
  for (const Line& line : lines_of(t, x)) {
    if (line.shift != 0) break;
    const auto bend = bend_of(t, hardsigmoid, factor * line.scale);
    if (!bend || !is_from_0_to_1(*bend)) continue;
    for (const Line& inner : bend->lines)
      if (inner.x == line.x && is_in_sixths(inner)) return line.x;
  }
  return kNone;
}

NodeId x_of_hardswish(const Translation& t, NodeId id) {
  const Line after = lines_of(t, id).back();
  const cnnc::Node& product = t.graph.nodes[after.x];
  if (product.op != "multiply" || product.inputs.size() != 2 || after.shift != 0) return kNone;
  const NodeId x = x_of_product(t, product.inputs[0], product.inputs[1], after.scale);
  return x != kNone ? x : x_of_product(t, product.inputs[1], product.inputs[0], after.scale);
}

}  // namespace

double slope_of_hardsigmoid(double slope) {
  return is_near(slope, 1.0 / 6) ? 1.0 / 6 : decimal(static_cast<float>(slope));
}

NodeId as_hard_activation(Translation& t, NodeId node) {
  const std::string name = t.graph.nodes[node].name;
  if (const NodeId x = x_of_hardswish(t, node); x != kNone) return add_node(t, name, "hardswish", {}, {x});
  if (t.graph.nodes[node].op == "hardsigmoid") return node;
  const auto line = hardsigmoid_of(t, node);
  if (!line) return node;
  return add_node(t, name, "hardsigmoid", {{"slope", slope_of_hardsigmoid(line->scale)}}, {line->x});
}

}  // namespace cnnc::onnx
