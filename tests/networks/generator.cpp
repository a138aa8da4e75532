#include "networks/generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "networks/fault.h"
#include "ops/registry.h"

namespace cnnc {
namespace {

constexpr int64_t kMostElements = 20000;  // of a tensor
constexpr int64_t kMostMacs = 3000000;    // of an operator: the reference evaluation is slow
constexpr int kMostOperators = 15;

// The network so far. Statements are proposed without regard to the shape rules; those that elaboration
// accepts stay.
struct Growth {
  std::mt19937_64 random;
  Lines lines;
  Graph graph;        // of the lines, once there is an operator
  Shape shape;        // of the current tensor
  int64_t names = 0;  // t0, t1, … are given
};

// The same on every machine, which std::uniform_int_distribution is not.
int64_t below(Growth& g, int64_t n) {
  return static_cast<int64_t>(g.random() % static_cast<uint64_t>(n));
}

bool chance(Growth& g, int64_t percent) {
  return below(g, 100) < percent;
}

template <class T>
T one_of(Growth& g, const std::vector<T>& values) {
  return values[static_cast<size_t>(below(g, static_cast<int64_t>(values.size())))];
}

int64_t some_channels(Growth& g) {
  return one_of<int64_t>(g, {1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33});
}

int64_t some_size(Growth& g) {
  return one_of<int64_t>(g, {1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 15, 16, 17, 19});
}

std::string some_pair(Growth& g, const std::vector<int64_t>& values) {
  const int64_t first = one_of(g, values);
  return chance(g, 70) ? fmt::format("{}x{}", first, first) : fmt::format("{}x{}", first, one_of(g, values));
}

std::string some_window(Growth& g, const std::vector<int64_t>& filters) {
  std::string text = some_pair(g, filters);
  if (chance(g, 40)) text += " stride " + some_pair(g, {1, 2, 3});
  if (chance(g, 15)) text += " dilation " + some_pair(g, {1, 2, 3});
  if (chance(g, 60))
    text += one_of<std::string>(g, {" pad 1", " pad 1", " pad 2", " pad same", " pad 0x1", " pad 2 1 0 1",
                                    " pad 1 0 0 0", " pad 0 0 0 2"});
  return text;
}

std::vector<int64_t> divisors_of(int64_t n) {
  std::vector<int64_t> divisors;
  for (int64_t d = 1; d <= n; ++d)
    if (n % d == 0) divisors.push_back(d);
  return divisors;
}

// " groups 4", with a number of channels that it divides; "" where the input has one channel.
std::string some_groups(Growth& g, int64_t& channels) {
  const int64_t inputs = g.shape.channels();
  if (inputs == 1) return "";
  const int64_t groups = chance(g, 50) ? inputs : one_of(g, divisors_of(inputs));
  channels = groups * one_of<int64_t>(g, {1, 1, 2, 3});
  return fmt::format(" groups {}", groups);
}

std::string some_conv(Growth& g) {
  int64_t channels = some_channels(g);
  const std::string groups = chance(g, 25) ? some_groups(g, channels) : "";
  return fmt::format("conv {} {}{}{}", channels, some_window(g, {1, 1, 2, 3, 3, 3, 5}), groups,
                     chance(g, 40) ? " bias off" : "");
}

// Small filters with any relation to the stride, and output padding up to it.
std::string some_upconv(Growth& g) {
  int64_t channels = some_channels(g);
  const std::string groups = chance(g, 25) ? some_groups(g, channels) : "";
  std::string text = fmt::format("upconv {} {}", channels, some_pair(g, {1, 2, 2, 3, 4}));
  if (chance(g, 70)) text += " stride " + some_pair(g, {1, 2, 2, 3});
  if (chance(g, 15)) text += " dilation " + some_pair(g, {1, 2, 3});
  if (chance(g, 40)) text += one_of<std::string>(g, {" pad 1", " pad 0x1", " pad 2 1 0 1"});
  if (chance(g, 20)) text += one_of<std::string>(g, {" output_pad 1", " output_pad 0x1"});
  return text + groups + (chance(g, 40) ? " bias off" : "");
}

std::string some_pool(Growth& g) {
  const bool average = chance(g, 50);
  std::string text = (average ? "avgpool " : "maxpool ") + some_window(g, {1, 2, 2, 3, 3, 5});
  if (chance(g, 30)) text += " ceil on";
  if (average && chance(g, 30)) text += " include_pad off";
  return text;
}

std::string some_resampling(Growth& g) {
  std::string text = chance(g, 50) ? "upsample " + some_pair(g, {1, 2, 2, 3})
                                   : "resize " + some_pair(g, {1, 2, 3, 5, 8, 11});
  if (chance(g, 50)) text += chance(g, 50) ? " mode bilinear" : " mode bilinear align_corners on";
  return text;
}

// Of operators on maps that networks have once, if at all.
std::string some_rare_layer(Growth& g) {
  const int64_t kind = below(g, 4);
  if (kind == 0) return some_resampling(g);
  if (kind == 1)
    return one_of<std::string>(g, {"adaptive_avgpool ", "adaptive_maxpool "}) + some_pair(g, {1, 2, 3, 5, 6});
  if (kind == 2)
    return fmt::format("lrn {} alpha {} beta {} k {}", one_of<int64_t>(g, {1, 2, 3, 5, 9}),
                       one_of<std::string>(g, {"1e-4", "0.5", "2"}),
                       one_of<std::string>(g, {"0.75", "0.5", "1", "0.6"}),
                       one_of<std::string>(g, {"1", "2"}));
  return one_of<std::string>(g, {"pad 1", "pad 1x2 value 0.5", "pad 2 1 0 1"}) +
         one_of<std::string>(g, {"", " mode reflect", " mode replicate"});
}

std::string some_activation(Growth& g) {
  return one_of<std::string>(
      g,
      {"tanh", "sigmoid", "relu6", "leaky_relu", "leaky_relu slope (-0.3)", "prelu", "prelu per_channel on",
       "elu", "elu alpha 0.5", "selu", "gelu", "gelu approximate on", "silu", "mish", "softplus",
       "softplus beta 2 threshold 1", "hardswish", "hardsigmoid", "clip min (-0.5) max 0.7"});
}

std::string some_elementwise(Growth& g) {
  if (chance(g, 50)) return some_activation(g);
  return one_of<std::string>(g, {"relu", "relu", "relu", "batchnorm", "batchnorm", "dropout"});
}

// Moves channels or pixels about.
std::string some_move(Growth& g) {
  const int64_t channels = g.shape.channels();
  const int64_t begin = chance(g, 30) ? channels / 16 * 16 : below(g, channels);
  const int64_t divisor = one_of(g, divisors_of(channels));
  switch (below(g, 5)) {
    case 0:
      return fmt::format("slice {} {}", begin, begin + 1 + below(g, channels));
    case 1:
      return fmt::format("split {} part {}", divisor, below(g, divisor));
    case 2:
      return fmt::format("channel_shuffle {}", divisor);
    case 3:
      return fmt::format("space_to_depth {}", one_of<int64_t>(g, {1, 2, 2, 3}));
    default:
      return fmt::format("depth_to_space {}", one_of<int64_t>(g, {1, 2, 2, 3}));
  }
}

std::string some_softmax(Growth& g) {
  return one_of<std::string>(g, {"softmax", "log_softmax"});
}

std::string some_map_layer(Growth& g) {
  const int64_t kind = below(g, 100);
  if (kind < 30) return some_conv(g);
  if (kind < 37) return some_upconv(g);
  if (kind < 44) return some_rare_layer(g);
  if (kind < 59) return some_elementwise(g);
  if (kind < 67) return some_move(g);
  if (kind < 80) return some_pool(g);
  if (kind < 85) return one_of<std::string>(g, {"global_maxpool", "global_avgpool"});
  if (kind < 88) return some_softmax(g);
  return "flatten";
}

std::string some_vector_layer(Growth& g) {
  const int64_t kind = below(g, 100);
  if (kind < 10) return some_move(g);
  if (kind < 50) return fmt::format("dense {}{}", some_channels(g), chance(g, 30) ? " bias off" : "");
  if (kind < 90) return some_elementwise(g);
  return some_softmax(g);
}

std::string named(Growth& g, const std::string& layer) {
  return fmt::format("{} as t{}", layer, g.names++);
}

std::string some_layer(Growth& g) {
  return named(g, g.shape.is_map() ? some_map_layer(g) : some_vector_layer(g));
}

// Tensors that are `like` the current one, which may be among them.
std::vector<std::string> tensors(const Growth& g, const std::function<bool(const Shape&)>& like) {
  std::vector<std::string> names;
  for (const Node& node : g.graph.nodes)
    if (like(node.shape)) names.push_back(node.name);
  return names;
}

bool any_shape(const Shape&) {
  return true;
}

// "add with t3", "concat with t1, t2"
std::string some_join(Growth& g) {
  const bool is_concat = chance(g, 50);
  const std::vector<std::string> others = tensors(g, [&](const Shape& shape) {
    return is_concat ? shape.is_map() == g.shape.is_map() && shape.height() == g.shape.height() &&
                           shape.width() == g.shape.width()
                     : shape == g.shape;
  });
  const std::string op = is_concat ? "concat" : one_of<std::string>(g, {"add", "multiply"});
  std::string join = op + " with " + one_of(g, others);
  if (chance(g, 30)) join += ", " + one_of(g, others);
  return join;
}

Lines some_residual(Growth& g) {
  Lines lines = {"residual {"};
  for (int64_t n = 1 + below(g, 2); n > 0; --n) lines.push_back(some_layer(g));
  const int64_t kind = below(g, 3);
  lines.push_back(kind == 0 ? "}" : kind == 1 ? "} shortcut project" : "} shortcut {");
  if (kind < 2) return lines;
  lines.push_back(some_layer(g));
  lines.push_back("}");
  return lines;
}

// Squeeze-and-excitation, or a product with a tensor of the same shape.
Lines some_gate(Growth& g) {
  if (!g.shape.is_map() || chance(g, 30)) return {"gate {", some_elementwise(g), "}"};
  return {"gate {", "global_avgpool", fmt::format("conv {} 1x1", g.shape.channels()), some_activation(g),
          "}"};
}

// Branches; at times those that slice the current tensor, which put it together again.
Lines some_concat(Growth& g) {
  if (chance(g, 20)) return {"concat {", "branch { split 2 part 0 }", "branch { split 2 part 1 }", "}"};
  Lines lines = {"concat {"};
  for (int64_t n = 2 + below(g, 2); n > 0; --n) {
    lines.push_back("branch {");
    if (chance(g, 80)) lines.push_back(some_layer(g));
    lines.push_back("}");
  }
  lines.push_back("}");
  return lines;
}

// One layer twice on one tensor.
Lines some_twins(Growth& g) {
  const std::string from = "from " + g.graph.nodes[g.graph.outputs.back().node].name;
  const std::string layer = g.shape.is_map() ? some_map_layer(g) : some_vector_layer(g);
  const std::string first = named(g, layer), name = fmt::format("t{}", g.names - 1);
  return {first, from, named(g, layer), "add with " + name};
}

Lines some_statement(Growth& g) {
  const int64_t kind = below(g, 100);
  if (kind < 12 && g.shape.is_map()) return some_residual(g);
  if (kind < 17) return some_gate(g);
  if (kind < 28 && !g.graph.nodes.empty()) return {named(g, some_join(g))};
  if (kind < 33) return some_concat(g);
  if (kind < 37 && !g.graph.nodes.empty()) return some_twins(g);
  if (kind < 42 && !g.graph.nodes.empty()) return {"from " + one_of(g, tensors(g, any_shape)), some_layer(g)};
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

Shape some_shape(Growth& g) {
  if (chance(g, 12)) return {some_channels(g) * some_size(g)};
  return {chance(g, 60) ? 1 + below(g, 4) : some_channels(g), some_size(g), some_size(g)};
}

void add_input(Growth& g, const std::string& name) {
  g.shape = some_shape(g);
  g.lines.push_back(fmt::format("input {} {}", name, to_string(g.shape)));
}

// Further outputs: tensors in the middle, inputs, one tensor twice.
void add_outputs(Growth& g) {
  const std::vector<std::string> all = tensors(g, any_shape);
  if (chance(g, 60) || !append(g, {"output as last"})) return;
  for (int64_t n = below(g, 4); n > 0; --n) append(g, {fmt::format("output {} as o{}", one_of(g, all), n)});
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
  g.random.seed(seed);
  g.lines = {fmt::format("network random{}", seed)};
  if (chance(g, 15)) add_input(g, "other");
  add_input(g, "x");
  const size_t wanted = static_cast<size_t>(1 + below(g, kMostOperators));
  for (int tries = 0; tries < 300 && g.graph.nodes.size() < wanted + g.graph.inputs.size(); ++tries)
    if (append(g, some_statement(g)))
      g.shape = g.graph.nodes[static_cast<size_t>(g.graph.outputs.back().node)].shape;
  add_outputs(g);
  return g.lines;
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
