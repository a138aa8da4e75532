// Networks to texts and back: the same network, with the same names of weights, as a person would write it.
#include "describe/describe.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "elaborate/elaborate.h"
#include "ops/registry.h"
#include "syntax/formatter.h"
#include "syntax/parser.h"
#include "weights/weights.h"

using namespace cnnc;

namespace {

Graph graph_of(const std::string& text) {
  const Source source{"net.dsl", text};
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  auto graph = file ? elaborate(*file, source, diagnostics) : std::nullopt;
  INFO(text);
  CHECK(render(diagnostics, source, false) == "");
  REQUIRE(graph.has_value());
  return std::move(*graph);
}

std::string described(const Graph& graph) {
  return format(describe(graph));
}

std::set<std::string> weights_of(const Graph& graph) {
  std::set<std::string> names;
  for (const Node& node : graph.nodes)
    for (const Parameter& p : node.parameters)
      names.insert(fmt::format("{}.{} {}", node.name, p.name, to_string(p.shape)));
  return names;
}

// Takes the names of some nodes away, as a file that has none of them does.
Graph without_names(Graph graph, bool of_weights) {
  int count = 0;
  for (Node& node : graph.nodes) {
    if (node.op == "input" || (!of_weights && !node.parameters.empty())) continue;
    node.name = fmt::format("%{}", count++);
    node.covers = {node.name};
  }
  return graph;
}

// Describes the network, and checks that the text is one of it, and that describing that changes nothing.
std::string checked(const Graph& graph) {
  const std::string text = described(graph);
  INFO(text);
  const Graph again = graph_of(text);
  CHECK_NOTHROW(match(graph, again));
  CHECK(described(again) == text);
  return text;
}

std::vector<std::filesystem::path> samples() {
  std::vector<std::filesystem::path> result;
  for (const auto& file : std::filesystem::recursive_directory_iterator(CNNC_SOURCE_DIR "/samples"))
    if (file.path().extension() == ".dsl") result.push_back(file.path());
  return result;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

NodeId add(Graph& graph, const std::string& op, std::vector<NodeId> inputs, Attributes attributes = {}) {
  const Operator& rules = *find_operator(op);
  for (const AttributeRule& rule : rules.attributes)
    if (rule.default_value) attributes.emplace(rule.name, *rule.default_value);
  std::vector<Shape> shapes;
  for (const NodeId input : inputs) shapes.push_back(graph.nodes[input].shape);
  Node node;
  node.name = fmt::format("%{}", graph.nodes.size());
  node.op = op;
  node.inputs = std::move(inputs);
  node.shape = std::get<Shape>(rules.infer(attributes, shapes));
  if (rules.parameters)
    for (ParameterRule& rule : rules.parameters(attributes, shapes))
      node.parameters.push_back({rule.name, rule.shape, nullptr});
  node.attributes = std::move(attributes);
  node.covers = {node.name};
  graph.nodes.push_back(std::move(node));
  return static_cast<NodeId>(graph.nodes.size()) - 1;
}

Graph with_inputs(int count) {
  Graph graph;
  graph.name = "net";
  for (int i = 0; i < count; ++i) {
    Node node;
    node.name = fmt::format("x{}", i);
    node.op = "input";
    node.shape = {4, 8, 8};
    node.covers = {node.name};
    graph.inputs.push_back(static_cast<NodeId>(graph.nodes.size()));
    graph.nodes.push_back(std::move(node));
  }
  return graph;
}

// Joins all over, of tensors of one shape; names from a few parts, so that scopes are torn and names collide.
Graph random_graph(uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](size_t n) { return static_cast<NodeId>(random() % n); };
  Graph graph = with_inputs(1 + below(3));
  const std::string parts[] = {"a", "b", "0", "1", "2", "conv1", "residual1", "skip1", "relu61"};
  for (int n = 3 + below(40); n > 0; --n) {
    const NodeId last = static_cast<NodeId>(graph.nodes.size()) - 1;
    const auto some = [&] {
      NodeId id = below(3) > 0 ? last - below(std::min<size_t>(4, last + 1)) : below(last + 1);
      while (graph.nodes[id].shape.channels() != 4) ++id;  // the result of a split follows a concat
      return id;
    };
    const int kind = below(8);
    NodeId id = 0;
    if (kind < 2) {
      id = add(graph, "conv", {some()}, {{"channels", int64_t{4}}, {"filter", std::vector<int64_t>{1, 1}}});
    } else if (kind < 4) {
      const char* ops[] = {"relu", "relu6", "batchnorm", "dropout"};
      id = add(graph, ops[below(4)], {some()});
    } else if (kind < 7) {
      std::vector<NodeId> inputs = {some(), some()};
      if (below(6) == 0) inputs.push_back(some());
      id = add(graph, below(2) > 0 ? "add" : "multiply", std::move(inputs));
    } else {
      const NodeId joined = add(graph, "concat", {some(), some()});
      id = add(graph, "split", {joined}, {{"parts", int64_t{2}}, {"part", int64_t{0}}});
    }
    std::string name;
    for (int depth = below(4); depth > 0; --depth) name += (name.empty() ? "" : ".") + parts[below(9)];
    const auto is_it = [&](const Node& node) { return node.name == name; };
    if (name.empty() || std::any_of(graph.nodes.begin(), graph.nodes.end(), is_it)) continue;
    graph.nodes[id].name = name;
    graph.nodes[id].covers = {name};
  }
  for (int n = 1 + below(3); n > 0; --n)
    graph.outputs.push_back({fmt::format("out{}", n), n == 1 ? static_cast<NodeId>(graph.nodes.size()) - 1
                                                             : below(graph.nodes.size())});
  return graph;
}

}  // namespace

TEST_CASE("describing a sample gives the same network with the same names of weights") {
  for (const auto& path : samples()) {
    INFO(path.string());
    const Graph graph = graph_of(read(path));
    CHECK(weights_of(graph_of(checked(graph))) == weights_of(graph));
  }
}

TEST_CASE("a statement without a name stays out of a numbered group that lacks none") {
  const std::string text =
      "input x 3x4x4\n\nflatten\ngroup classifier { dropout; dense 6; relu; dropout; dense 4 }\n";
  Graph graph = graph_of(text);
  REQUIRE(graph.nodes[1].op == "flatten");
  graph.nodes[1].name = "%1";
  CHECK(weights_of(graph_of(checked(graph))) == weights_of(graph));
}

TEST_CASE("a network whose nodes have no names is described all the same") {
  for (const auto& path : samples()) {
    INFO(path.string());
    const Graph graph = graph_of(read(path));
    for (const bool of_weights : {false, true}) {
      const Graph nameless = without_names(graph, of_weights);
      CHECK_NOTHROW(match(nameless, graph_of(described(nameless))));
    }
  }
}

TEST_CASE("any network can be described, whatever is joined with what and however it is called") {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    INFO(seed);
    const Graph graph = random_graph(seed);
    const std::string text = described(graph);
    INFO(text);
    CHECK_NOTHROW(match(graph, graph_of(text)));
  }
}

TEST_CASE("a real reads back as the real that it was, also where it is whole and too large for an integer") {
  for (const char* real :
       {"1099511600000.0", "2147483648.0", "2147483647", "1e30", "1.5e38", "1e-40", "0.1"}) {
    const Graph graph =
        graph_of(fmt::format("input x 3x4x4\nleaky_relu slope {0}\npad 1 value (-{0})\n", real));
    CHECK_NOTHROW(match(graph, graph_of(described(graph))));
  }
}

TEST_CASE("weights go where the same is computed") {
  Graph graph = graph_of(read(CNNC_SOURCE_DIR "/samples/fashion/fashion.dsl"));
  bind_random(graph, 1);
  Graph again = with_weights_of(graph_of(described(graph)), graph);
  for (const Node& node : graph.nodes)
    for (const Parameter& p : node.parameters) {
      const auto same = std::find_if(again.nodes.begin(), again.nodes.end(),
                                     [&](const Node& n) { return n.name == node.name; });
      REQUIRE(same != again.nodes.end());
      CHECK(find_parameter(*same, p.name)->values == p.values);
    }
}
