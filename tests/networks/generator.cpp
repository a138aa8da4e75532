#include "networks/generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "networks/fault.h"
#include "networks/random_layers.h"
#include "ops/elementwise/broadcast.h"
#include "ops/registry.h"

namespace cnnc {
namespace {

constexpr int64_t kMostElements = 20000;  // of a tensor
constexpr int64_t kMostMacs = 3000000;    // of an operator: the reference evaluation is slow
constexpr int kMostOperators = 18;

// The network so far. Statements are proposed without regard to the shape rules; those that elaboration
// accepts stay.
struct Growth {
  Draw draw;  // its shape is the current tensor's
  Lines lines;
  Graph graph;                // of the lines, once there is an operator
  int64_t names = 0;          // t0, t1, … are given
  bool has_integers = false;  // an output is to be of whole numbers
};

std::string named(Growth& g, const std::string& layer) {
  return fmt::format("{} as t{}", layer, g.names++);
}

std::string some_layer(Growth& g) {
  return named(g, some_layer(g.draw));
}

// Tensors that are `like` the current one, which may be among them.
std::vector<std::string> tensors(const Growth& g, const std::function<bool(const Shape&)>& like) {
  std::vector<std::string> names;
  for (const Node& node : g.graph.nodes)
    if (like(node.shape)) names.push_back(node.name);
  return names;
}

Shape shape_of(const Growth& g, const std::string& name) {
  for (const Node& node : g.graph.nodes)
    if (node.name == name) return node.shape;
  return g.draw.shape;
}

bool any_shape(const Shape&) {
  return true;
}

// The shapes are the same, or differ along that axis alone.
bool is_equal_but_along(const Shape& a, Shape b, size_t axis) {
  if (a.rank() != b.rank() || a.rank() <= axis) return false;
  b.sizes[axis] = a.sizes[axis];
  return a == b;
}

// Tensors that the join can have beside the current one, and how it is written; a concat of channels or
// features also with its axis.
std::vector<std::string> joinable(Growth& g, std::string& join) {
  const Shape here = g.draw.shape;
  if (join == "concat") {
    const auto axis =
        chance(g.draw, 50) ? 0 : static_cast<size_t>(below(g.draw, static_cast<int64_t>(here.rank())));
    if (axis > 0 || !(here.is_map() || here.is_vector())) join += fmt::format(" along {}", axis);
    return tensors(g, [&](const Shape& shape) { return is_equal_but_along(here, shape, axis); });
  }
  if (join == "matmul")
    return tensors(g, [&](const Shape& shape) {
      return shape.rank() > 1 && shape.sizes[shape.rank() - 2] == here.sizes.back();
    });
  const bool is_repeated = chance(g.draw, 40);
  return tensors(g, [&](const Shape& shape) {
    return shape == here || (is_repeated && (is_broadcastable(shape, here) || is_broadcastable(here, shape)));
  });
}

// "add with t3", "concat with t1, t2"
std::string some_join(Growth& g) {
  std::string join =
      one_of<std::string>(g.draw, {"concat", "concat", "concat", "concat", "add", "multiply", "add",
                                   "multiply", "subtract", "maximum", "minimum", "matmul", "equal", "greater",
                                   "greater_equal", "less", "less_equal", "where"});
  const bool takes_more = join == "concat" || join == "add" || join == "multiply";
  std::vector<std::string> others = joinable(g, join);
  if (others.empty()) others = tensors(g, any_shape);  // which may fit, or not
  join += " with " + one_of(g.draw, others);
  const bool is_choice = join.rfind("where", 0) == 0;
  if (is_choice || (takes_more && chance(g.draw, 30))) join += ", " + one_of(g.draw, others);
  return join;
}

Lines some_residual(Growth& g) {
  Lines lines = {"residual {"};
  for (int64_t n = 1 + below(g.draw, 2); n > 0; --n) lines.push_back(some_layer(g));
  const int64_t kind = below(g.draw, 3);
  lines.push_back(kind == 0 ? "}" : kind == 1 ? "} shortcut project" : "} shortcut {");
  if (kind < 2) return lines;
  lines.push_back(some_layer(g));
  lines.push_back("}");
  return lines;
}

// Squeeze-and-excitation, or a product with a tensor of the same shape.
Lines some_gate(Growth& g) {
  if (!g.draw.shape.is_map() || chance(g.draw, 30)) return {"gate {", some_elementwise(g.draw), "}"};
  return {"gate {", "global_avgpool", fmt::format("conv {} 1x1", g.draw.shape.channels()),
          some_activation(g.draw), "}"};
}

// Branches; at times those that slice the current tensor, which put it together again.
Lines some_concat(Growth& g) {
  if (chance(g.draw, 20)) return {"concat {", "branch { split 2 part 0 }", "branch { split 2 part 1 }", "}"};
  Lines lines = {"concat {"};
  for (int64_t n = 2 + below(g.draw, 2); n > 0; --n) {
    lines.push_back("branch {");
    if (chance(g.draw, 80)) lines.push_back(some_layer(g));
    lines.push_back("}");
  }
  lines.push_back("}");
  return lines;
}

// One layer twice on one tensor.
Lines some_twins(Growth& g) {
  const std::string from = "from " + g.graph.nodes[g.graph.outputs.back().node].name;
  const std::string layer = some_layer(g.draw);
  const std::string first = named(g, layer), name = fmt::format("t{}", g.names - 1);
  return {first, from, named(g, layer), "add with " + name};
}

// The product with its own transpose.
Lines some_square(Growth& g) {
  const Node& here = g.graph.nodes[static_cast<size_t>(g.graph.outputs.back().node)];
  std::vector<int64_t> order(here.shape.rank());
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  return {fmt::format("permute {}", fmt::join(order, " ")), named(g, "matmul with " + here.name)};
}

// The tensor twice, side by side along its last axis.
Lines some_double(Growth& g) {
  const Node& here = g.graph.nodes[static_cast<size_t>(g.graph.outputs.back().node)];
  return {named(g, fmt::format("concat along {} with {}", here.shape.rank() - 1, here.name))};
}

// Elements of a tensor that has enough channels for coordinates, at places that it has in its first ones.
Lines some_sampling(Growth& g) {
  const auto fits = [](const Shape& shape) {
    return shape.rank() > 1 && shape.rank() < 5 && shape.sizes[0] + 1 >= static_cast<int64_t>(shape.rank());
  };
  const std::vector<std::string> all = tensors(g, fits);
  if (all.empty()) return {};
  const std::string from = one_of(g.draw, all);
  std::vector<size_t> order(shape_of(g, from).rank());
  std::iota(order.begin(), order.end(), size_t{1});
  order.back() = 0;
  const size_t axes = order.size() - 1;
  const Lines grid = {"from " + from, fmt::format("permute {}", fmt::join(order, " ")),
                      named(g, fmt::format("crop {} 0 {}", axes, axes))};
  const std::string name = fmt::format("t{}", g.names - 1);
  return {grid[0], grid[1], grid[2], grid[0],
          named(g, fmt::format("grid_sample{} with {}", some_words_of_sampling(g.draw), name))};
}

// A quotient whose divisor is not near 0, where its error would have no bound.
Lines some_quotient(Growth& g) {
  const std::string here = g.graph.nodes[static_cast<size_t>(g.graph.outputs.back().node)].name;
  const std::string divisor = named(g, "affine 1 0.5"), name = fmt::format("t{}", g.names - 1);
  const std::string reduced =
      "reduce_max " + std::to_string(below(g.draw, static_cast<int64_t>(g.draw.shape.rank())));
  return {chance(g.draw, 50) ? "sigmoid" : reduced + "; sigmoid", divisor, "from " + here,
          named(g, "divide with " + name)};
}

Lines some_statement(Growth& g) {
  const int64_t kind = below(g.draw, 100);
  if (kind < 12 && g.draw.shape.is_map()) return some_residual(g);
  if (kind < 17) return some_gate(g);
  if (kind < 28 && !g.graph.nodes.empty()) return {named(g, some_join(g))};
  if (kind < 33) return some_concat(g);
  if (kind < 37 && !g.graph.nodes.empty()) return some_twins(g);
  if (kind < 39 && !g.graph.nodes.empty() && g.draw.shape.rank() > 1) return some_square(g);
  if (kind < 40 && !g.graph.nodes.empty()) return some_quotient(g);
  if (kind < 43 && !g.graph.nodes.empty())
    return {"from " + one_of(g.draw, tensors(g, any_shape)), some_layer(g)};
  return {some_layer(g)};
}

int64_t macs_of(const Node& node, const Graph& graph) {
  if (node.op == "input" || operator_of(node).macs == nullptr) return 0;
  std::vector<Shape> inputs;
  for (const NodeId input : node.inputs) inputs.push_back(graph.nodes[static_cast<size_t>(input)].shape);
  return operator_of(node).macs(node.attributes, inputs, node.shape);
}

bool is_small(const Graph& graph) {
  return std::all_of(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
    return node.shape.elements() <= kMostElements && macs_of(node, graph) <= kMostMacs;
  });
}

// Appends the statement if the network is valid with it.
bool append(Growth& g, const Lines& statement) {
  Lines lines = g.lines;
  lines.insert(lines.end(), statement.begin(), statement.end());
  std::optional<Graph> graph = graph_of(joined(lines));
  if (!graph || !is_small(*graph) || graph->nodes.size() > kMostOperators + graph->inputs.size())
    return false;
  g.lines = std::move(lines);
  g.graph = std::move(*graph);
  return true;
}

Shape some_map(Growth& g) {
  for (;;) {
    const int64_t channels =
        chance(g.draw, 70) ? one_of<int64_t>(g.draw, {1, 1, 2, 3, 4}) : some_channels(g.draw);
    const Shape shape{channels, some_height(g.draw), some_width(g.draw)};
    if (shape.elements() <= kMostElements / 2) return shape;
  }
}

// Of another rank than a map or vector has.
Shape some_tensor(Growth& g) {
  std::vector<int64_t> sizes;
  for (int64_t n = one_of<int64_t>(g.draw, {2, 2, 4, 4, 5, 6}); n > 0; --n)
    sizes.push_back(one_of<int64_t>(g.draw, {1, 2, 3, 4, 5, 7, 8, 9}));
  if (chance(g.draw, 50)) sizes.back() = some_width(g.draw);
  const Shape shape(sizes);
  return shape.elements() <= kMostElements / 2 ? shape : some_map(g);
}

Shape some_shape(Growth& g) {
  if (chance(g.draw, 10)) return some_tensor(g);
  return chance(g.draw, 12) ? Shape{some_channels(g.draw) * some_height(g.draw)} : some_map(g);
}

// The last one is the current tensor. What has the same shape can be added, or put side by side. One of them
// is a map, for the operators that only maps have.
void add_inputs(Growth& g) {
  const int64_t others = chance(g.draw, 75) ? 0 : 1 + below(g.draw, 2);
  g.draw.shape = some_shape(g);
  if (!g.draw.shape.is_map()) g.lines.push_back(fmt::format("input map {}", to_string(some_map(g))));
  for (int64_t n = 0; n < others; ++n)
    g.lines.push_back(
        fmt::format("input i{} {}", n, to_string(chance(g.draw, 50) ? g.draw.shape : some_shape(g))));
  g.lines.push_back(fmt::format("input x {}", to_string(g.draw.shape)));
}

// Further outputs: tensors in the middle, inputs, one tensor twice.
void add_outputs(Growth& g) {
  const std::vector<std::string> all = tensors(g, any_shape);
  const bool has_others = !chance(g.draw, 45);
  if (!(has_others || g.has_integers) || !append(g, {"output as last"})) return;
  if (g.has_integers) append(g, {"from " + one_of(g.draw, all), "int32 as whole", "output as integers"});
  for (int64_t n = below(g.draw, 4); n > 0; --n)
    append(g, {fmt::format("output {} as o{}", one_of(g.draw, all), n)});
}

void update_shape(Growth& g) {
  g.draw.shape = g.graph.nodes[static_cast<size_t>(g.graph.outputs.back().node)].shape;
}

// The operator of a statement; of several in a line, as of a reshape and what it is for, of the last.
std::string operator_in(const std::string& line) {
  const size_t separator = line.rfind("; ");
  const std::string statement = separator == std::string::npos ? line : line.substr(separator + 2);
  return statement.rfind("concat along", 0) == 0 ? "concat_along" : statement.substr(0, statement.find(' '));
}

// Appends a layer of that operator behind those lines, if one that is drawn is valid there.
bool append_layer_of(Growth& g, std::string_view op, const Lines& lines = {}) {
  for (int tries = 0; tries < 5000; ++tries) {
    const bool is_join = tries % 10 == 0 && lines.empty() && !g.graph.nodes.empty();
    const std::string layer = is_join ? named(g, some_join(g)) : some_layer(g);
    if (operator_in(layer) != op) continue;
    Lines statement = lines;
    statement.push_back(layer);
    if (!append(g, statement)) continue;
    update_shape(g);
    return true;
  }
  return false;
}

// The same; of an operator that only maps have, or only vectors, elsewhere if the current tensor is none; of
// one that joins tensors with one before it.
void append_turn(Growth& g, std::string_view op) {
  if (op == "int32") {  // no layer may stand behind it
    g.has_integers = true;
    return;
  }
  const bool is_join = find_operator(op)->inputs == 0;
  if (is_join && g.graph.nodes.empty() && append(g, {some_elementwise(g.draw)})) update_shape(g);
  if (op == "matmul" && !g.graph.nodes.empty() && g.draw.shape.rank() > 1 && append(g, some_square(g)))
    return update_shape(g);
  if (op == "concat_along" && !g.graph.nodes.empty() && g.draw.shape.rank() > 1 && append(g, some_double(g)))
    return update_shape(g);
  if (op == "grid_sample" && !g.graph.nodes.empty() && append(g, some_sampling(g))) return update_shape(g);
  if (op == "divide" && !g.graph.nodes.empty() && append(g, some_quotient(g))) return update_shape(g);
  if (append_layer_of(g, op)) return;
  const Shape here = g.draw.shape;
  Lines lines;
  if (const auto maps = tensors(g, [](const Shape& shape) { return shape.is_map(); }); here.is_map()) {
    lines = {"flatten"};
    g.draw.shape = {here.elements()};
  } else if (!maps.empty()) {
    const std::string from = one_of(g.draw, maps);
    lines = {"from " + from};
    g.draw.shape = shape_of(g, from);
  }
  if (!append_layer_of(g, op, lines)) g.draw.shape = here;
}

// A map in blocks of channels behind which no activation is fused.
void append_pooled_conv(Growth& g) {
  const std::string pool =
      one_of<std::string>(g.draw, {"maxpool 1x2 stride 1", "avgpool 2x1 stride 1", "maxpool 1x1"});
  if (append(g, {fmt::format("conv {} 1x1", some_channels(g.draw)), pool})) update_shape(g);
}

constexpr uint64_t kTurns = 4;

// So that no operator is left to chance, all take turns: of three seeds that follow each other the networks
// have the same four operators, among others; which four go together changes when all have had their turns.
std::string_view operator_of_turn(uint64_t seed, uint64_t turn) {
  const std::vector<const Operator*>& all = operators();
  const uint64_t round = seed / 3 / all.size();
  return all[(seed / 3 + turn * (all.size() / kTurns + round)) % all.size()]->name;
}

// Drops so many neighbouring lines wherever it still fails without them; whether there were any.
bool drop_some(Lines& lines, size_t count, const std::function<bool(const Lines&)>& fails) {
  bool dropped = false;
  for (size_t at = 0; at + count <= lines.size();) {
    Lines rest = lines;
    const auto begin = rest.begin() + static_cast<std::ptrdiff_t>(at);
    rest.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
    if (fails(rest)) {
      lines = std::move(rest);
      dropped = true;
    } else {
      ++at;
    }
  }
  return dropped;
}

}  // namespace

Lines random_network(uint64_t seed) {
  Growth g;
  g.draw.random.seed(seed);
  g.lines = {fmt::format("network random{}", seed)};
  add_inputs(g);
  const size_t wanted = static_cast<size_t>(kTurns + below(g.draw, kMostOperators - 2 * kTurns));
  if (!g.draw.shape.is_map() && append(g, {some_layer(g)})) update_shape(g);
  for (uint64_t turn = 0; turn < kTurns; ++turn) {
    if (g.draw.shape.is_map() && chance(g.draw, 30)) append_pooled_conv(g);
    append_turn(g, operator_of_turn(seed, turn));
    const size_t now = (turn + 1) * wanted / kTurns + g.graph.inputs.size();
    for (int tries = 0; tries < 100 && g.graph.nodes.size() < now; ++tries)
      if (append(g, some_statement(g))) update_shape(g);
  }
  if (g.graph.nodes.empty()) append(g, {"relu"});
  add_outputs(g);
  return g.lines;
}

Lines with_moderate_arguments(const Lines& lines) {
  constexpr std::string_view kOps[] = {"exp", "log", "reciprocal", "sqrt"};
  Lines result;
  for (const std::string& line : lines) {
    const std::string op = line.substr(0, line.find(' '));
    if (std::find(std::begin(kOps), std::end(kOps), op) != std::end(kOps))
      result.emplace_back("clip min 0.01 max 8");
    result.push_back(line);
  }
  return result;
}

Lines minimise(Lines lines, const std::function<bool(const Lines&)>& fails) {
  for (size_t count = std::max<size_t>(lines.size() / 2, 1); count > 0;)
    if (!drop_some(lines, count, fails)) count /= 2;
  return lines;
}

std::string joined(const Lines& lines) {
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

}  // namespace cnnc
