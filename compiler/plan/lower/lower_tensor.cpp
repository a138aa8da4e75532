// Tensors of any rank: each node with those that are computed in it as the program of one kernel.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ops/axes.h"
#include "plan/lower/lowering.h"
#include "plan/tensors.h"
#include "support/checked.h"

namespace cnnc {

namespace {

// A program, and what its arguments are.
struct Draft {
  TensorProgram program;
  std::vector<View> inputs;
  std::vector<int> constants;  // indices into Plan::constants
  std::vector<std::string> covers;

  int add(TensorTerm term) {
    program.push_back(std::move(term));
    return static_cast<int>(program.size()) - 1;
  }
  int add_input(const View& view, const Shape& shape) {
    inputs.push_back(view);
    return add({"input", {}, {}, static_cast<int>(inputs.size()) - 1, shape});
  }
};

int add_constant_term(Lowering& lowering, Draft& draft, const Node& node) {
  const Parameter& value = *find_parameter(node, "value");
  Packing packing;
  packing.outputs = value.shape.elements();
  draft.constants.push_back(add_constant(lowering, node.name + ".value", packing, value.values));
  return draft.add({"constant", {}, {}, static_cast<int>(draft.constants.size()) - 1, value.shape});
}

int term_of(Lowering& lowering, Draft& draft, NodeId id);

// "add_constant" is "add" with the parameter.
std::string without_constant(const std::string& op) {
  return op.substr(0, op.rfind("_constant"));
}

void add_epilogue(Lowering& lowering, Draft& draft, const Node& node) {
  for (const EpilogueStep& step : node.epilogue) {
    TensorTerm term{step.op, step.attributes, {static_cast<int>(draft.program.size()) - 1}, -1, node.shape};
    if (step.operand >= 0)
      term.terms.push_back(term_of(lowering, draft, node.inputs[static_cast<size_t>(step.operand)]));
    draft.add(std::move(term));
  }
}

// A product with the weight, which is packed in tiles of columns, and the bias.
void add_dense(Lowering& lowering, Draft& draft, const Node& node, TensorTerm term) {
  const int64_t columns = node.shape.sizes.back();
  const ProductTile tile = product_tile(node.shape.elements() / columns, columns, true, lowering.plan.target);
  Packing packing;
  packing.kind = Packing::Kind::dense;
  packing.outputs = columns;
  packing.inputs = find_parameter(node, "weight")->shape.sizes[1];
  packing.output_tile = tile.columns();
  const std::vector<int> constants = add_weight_and_bias(lowering, node, packing);
  const auto constant = [&](int index, Shape shape) {
    draft.constants.push_back(index);
    return draft.add({"constant", {}, {}, static_cast<int>(draft.constants.size()) - 1, std::move(shape)});
  };
  const Shape tiles{ceil_div(columns, tile.columns()), packing.inputs, tile.columns()};
  term.terms.push_back(constant(constants[0], tiles));
  term.attributes.clear();
  int result = draft.add(std::move(term));
  if (constants.size() < 2) return;
  const int bias = constant(constants[1], Shape{round_up(columns, tile.columns())});
  draft.add({"add", {}, {result, bias}, -1, node.shape});
}

// The node's operator on its inputs; the index of the term that is its result.
int add_operator(Lowering& lowering, Draft& draft, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  TensorTerm term{node.op, node.attributes, {}, -1, node.shape};
  for (size_t i = 0; i < node.inputs.size(); ++i)
    if (!is_epilogue_operand(node, static_cast<int>(i)))
      term.terms.push_back(term_of(lowering, draft, node.inputs[i]));
  if (find_parameter(node, "value")) {
    term.terms.push_back(add_constant_term(lowering, draft, node));
    term.op = without_constant(node.op);
    term.attributes.erase("shape");
  }
  if (find_parameter(node, "weight"))
    add_dense(lowering, draft, node, std::move(term));
  else
    draft.add(std::move(term));
  add_epilogue(lowering, draft, node);
  draft.covers.insert(draft.covers.end(), node.covers.begin(), node.covers.end());
  return static_cast<int>(draft.program.size()) - 1;
}

// The tensor of a node: as an argument, or by the terms that compute it. An alias is another shape of its
// source.
int term_of(Lowering& lowering, Draft& draft, NodeId id) {
  const NodeId source = source_of_alias(lowering.graph, id);
  const Shape &shape = lowering.graph.nodes[id].shape, &stored = lowering.graph.nodes[source].shape;
  const int term = lowering.is_inlined[source] ? add_operator(lowering, draft, source)
                                               : draft.add_input(read_as_it_lies(lowering, source), stored);
  return shape == stored ? term : draft.add({"reshape", {}, {term}, -1, shape});
}

// Whether the elements lie in order, with nothing between them.
bool is_plain(const Layout& layout) {
  return layout.block == 1 && layout.is_plain() && layout.row_step * layout.column_step == 1;
}

// The same memory as one row, whose vectors end where the tensor does and not where each of its rows does.
Layout in_one_row(const Layout& layout) {
  return plain_layout({1, 1, layout.channels * layout.height * layout.width}, layout.images);
}

// A program that treats all elements alike, of tensors that lie alike, runs over them in one row.
void collapse(Draft& draft, Kernel& kernel) {
  const Shape& shape = draft.program.back().shape;
  for (const TensorTerm& term : draft.program) {
    const bool is_argument = term.argument >= 0;
    if (term.shape != shape || (!is_argument && !is_elementwise_term(term))) return;
  }
  const auto plain = [](const View& view) { return is_plain(view.layout); };
  if (!is_plain(kernel.output) || !std::all_of(draft.inputs.begin(), draft.inputs.end(), plain)) return;
  for (TensorTerm& term : draft.program) term.shape = Shape{shape.elements()};
  for (View& view : draft.inputs) view.layout = in_one_row(view.layout);
  kernel.output = in_one_row(kernel.output);
}

// Halide 14 counts the bytes of what it computes on the way in 32 bits with a sign.
void check_places(const Lowering& lowering, const std::string& tensor, const Shape& shape) {
  constexpr int64_t kMost = int64_t{1} << 29;
  if (shape.elements() <= kMost) return;
  throw Unsupported{fmt::format("'{}' is too large to compile: it has {} elements; at most {} are possible",
                                tensor, shape.elements(), kMost),
                    lowering.where};
}

// A step that stores the program's result in a buffer, seen in that layout, whose first float is
// `first_float` behind the buffer's own.
void add_tensor_step(Lowering& lowering, NodeId id, Draft draft, int buffer, const Layout& layout,
                     int64_t first_float, bool is_last) {
  Step step;
  step.name = lowering.graph.nodes[id].name;
  if (is_last) step.covers = draft.covers;
  step.constants = draft.constants;
  step.output = buffer;
  step.first_byte = layout.bytes_of(first_float);
  step.partial = !is_last;
  Kernel kernel;
  kernel.family = "tensor";
  kernel.output = layout;
  collapse(draft, kernel);
  check_places(lowering, step.name, draft.program.back().shape);
  kernel.parameters = draft.program;
  push_step(lowering, std::move(step), std::move(kernel), draft.inputs);
}

void store(Lowering& lowering, NodeId id, Draft draft) {
  const int buffer = lowering.buffer_of[id] = result_buffer(lowering, id);
  add_tensor_step(lowering, id, std::move(draft), buffer, view_of(lowering, buffer).layout, 0, true);
}

// A tensor on the way to the node's.
View store_on_the_way(Lowering& lowering, NodeId id, const char* what, const Draft& draft) {
  Buffer buffer;
  buffer.layout = plain_layout(draft.program.back().shape, lowering.images);
  buffer.name = lowering.graph.nodes[id].name + " " + what;
  const int index = add_buffer(lowering, std::move(buffer));
  const View view = view_of(lowering, index);
  add_tensor_step(lowering, id, draft, index, view.layout, 0, false);
  return view;
}

// exp(x - m) / s of the greatest m and the sum s of the exponentials along the axis; or x - m - log s.
void lower_softmax_along(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const int64_t axis = integer(node.attributes, "along");
  Shape reduced = node.shape;
  reduced.sizes[static_cast<size_t>(axis)] = 1;
  const Attributes axes = {{"axes", std::vector<int64_t>{axis}}};
  Draft greatest;
  const int x = term_of(lowering, greatest, node.inputs[0]);
  const Draft input = greatest;
  greatest.add({"reduce_max", axes, {x}, -1, reduced});
  const View maximum = store_on_the_way(lowering, id, "maximum", greatest);

  const auto difference = [&](Draft& draft) {
    return draft.add({"subtract", {}, {x, draft.add_input(maximum, reduced)}, -1, node.shape});
  };
  Draft total = input;
  const int exponential = total.add({"exp", {}, {difference(total)}, -1, node.shape});
  total.add({"reduce_sum", axes, {exponential}, -1, reduced});
  const View sum = store_on_the_way(lowering, id, "sum", total);

  Draft result = input;
  const int exponent = difference(result), divisor = result.add_input(sum, reduced);
  if (node.op == "softmax") {
    const int numerator = result.add({"exp", {}, {exponent}, -1, node.shape});
    result.add({"divide", {}, {numerator, divisor}, -1, node.shape});
  } else {
    const int logarithm = result.add({"log", {}, {divisor}, -1, reduced});
    result.add({"subtract", {}, {exponent, logarithm}, -1, node.shape});
  }
  add_epilogue(lowering, result, node);
  result.covers.insert(result.covers.end(), node.covers.begin(), node.covers.end());
  store(lowering, id, std::move(result));
}

// The least place along the axis whose element is not less than the greatest; or of the negative elements.
void lower_argmax(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const int64_t axis = integer(node.attributes, "axis");
  const Shape& from = lowering.graph.nodes[node.inputs[0]].shape;
  const Attributes axes = {{"axes", std::vector<int64_t>{axis}}};
  Draft result;
  int x = term_of(lowering, result, node.inputs[0]);
  if (node.op == "argmin") x = result.add({"neg", {}, {x}, -1, from});
  Draft greatest = result;
  greatest.add({"reduce_max", axes, {x}, -1, node.shape});
  const View maximum = store_on_the_way(lowering, id, "greatest", greatest);
  const int64_t size = from.sizes[static_cast<size_t>(axis)];
  const int m = result.add_input(maximum, node.shape);
  const int place = result.add({"place", {{"axis", axis}, {"size", size}}, {x, m}, -1, from});
  result.add({"reduce_min", axes, {place}, -1, node.shape});
  add_epilogue(lowering, result, node);
  result.covers.insert(result.covers.end(), node.covers.begin(), node.covers.end());
  store(lowering, id, std::move(result));
}

// A tensor as a map: what is outside of an axis, the axis, and what is inside of it.
Layout around_axis(const Layout& layout, const Along& along) {
  if (!is_plain(layout)) return layout;  // a map itself: then the axis is one of its three
  return plain_layout({along.outer, along.size, along.inner}, layout.images);
}

// Places `begin` to before `begin + count` of the map's axis (0, 1 or 2), where they lie.
Layout places(Layout map, int64_t axis, int64_t begin, int64_t count) {
  if (axis == 1) {
    map.top += begin;
    map.bottom += map.height - begin - count;
    map.height = count;
  } else {
    map.left += begin;
    map.right += map.width - begin - count;
    map.width = count;
  }
  return map;
}

// Each input is stored in its places by a step of its own.
void lower_concat_along(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const int buffer = lowering.buffer_of[id] = result_buffer(lowering, id);
  const Layout whole = view_of(lowering, buffer).layout;
  const int64_t axis = integer(node.attributes, "along");
  const Along along = along_of(node.shape, axis);
  const Layout map = around_axis(whole, along);
  const bool is_map = map == whole && node.shape.is_map();
  int64_t begin = 0;
  std::vector<std::string> covers;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    Draft draft;
    term_of(lowering, draft, node.inputs[i]);
    const Shape& shape = lowering.graph.nodes[node.inputs[i]].shape;
    const int64_t count = shape.sizes[static_cast<size_t>(axis)];
    const bool is_last = i + 1 == node.inputs.size();
    covers.insert(covers.end(), draft.covers.begin(), draft.covers.end());
    if (is_last) draft.covers = covers;
    if (is_last) draft.covers.insert(draft.covers.end(), node.covers.begin(), node.covers.end());
    const Layout part = places(map, is_map ? axis : 1, begin, count);
    if (!is_map)
      draft.add({"reshape",
                 {},
                 {static_cast<int>(draft.program.size()) - 1},
                 -1,
                 Shape{along.outer, count, along.inner}});
    add_tensor_step(lowering, id, draft, buffer, part, part.origin() - whole.origin(), is_last);
    begin += count;
  }
}

}  // namespace

void lower_tensor(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  if (node.op == "softmax" || node.op == "log_softmax") return lower_softmax_along(lowering, id);
  if (node.op == "argmax" || node.op == "argmin") return lower_argmax(lowering, id);
  if (node.op == "concat_along") return lower_concat_along(lowering, id);
  Draft draft;
  add_operator(lowering, draft, id);
  store(lowering, id, std::move(draft));
}

}  // namespace cnnc
