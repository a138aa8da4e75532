// Graphs made by hand, and the texts that describe them.
#pragma once
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "describe/describe.h"
#include "elaborate/elaborate.h"
#include "ops/registry.h"
#include "syntax/formatter.h"
#include "syntax/parser.h"

namespace cnnc::testing {

inline Graph graph_of(const std::string& text) {
  const Source source{"net.dsl", text};
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  auto graph = file ? elaborate(*file, source, diagnostics) : std::nullopt;
  INFO(text);
  CHECK(render(diagnostics, source, false) == "");
  REQUIRE(graph.has_value());
  return std::move(*graph);
}

inline std::string described(const Graph& graph) {
  return format(describe(graph));
}

// Describes the network, and checks that the text is one of it, and that describing that changes nothing.
inline std::string checked(const Graph& graph) {
  const std::string text = described(graph);
  INFO(text);
  const Graph again = graph_of(text);
  CHECK_NOTHROW(match(graph, again));
  CHECK(described(again) == text);
  return text;
}

inline NodeId add(Graph& graph, const std::string& op, std::vector<NodeId> inputs,
                  Attributes attributes = {}) {
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

inline Graph with_inputs(int count) {
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

// Takes the names of some nodes away, as a file that has none of them does.
inline Graph without_names(Graph graph, bool of_weights) {
  int count = 0;
  for (Node& node : graph.nodes) {
    if (node.op == "input" || (!of_weights && !node.parameters.empty())) continue;
    node.name = fmt::format("%{}", count++);
    node.covers = {node.name};
  }
  return graph;
}

// A chain of named layers: "features.0 conv".
inline Graph chain(const std::vector<std::pair<std::string, std::string>>& names_and_ops) {
  Graph graph = with_inputs(1);
  for (const auto& [called, op] : names_and_ops) {
    Attributes attributes;
    if (op == "conv") attributes = {{"channels", int64_t{4}}, {"filter", std::vector<int64_t>{1, 1}}};
    const NodeId id = add(graph, op, {static_cast<NodeId>(graph.nodes.size()) - 1}, attributes);
    if (called.empty()) continue;
    graph.nodes[id].name = called;
    graph.nodes[id].covers = {called};
  }
  graph.outputs = {{"output", static_cast<NodeId>(graph.nodes.size()) - 1}};
  return graph;
}

}  // namespace cnnc::testing
