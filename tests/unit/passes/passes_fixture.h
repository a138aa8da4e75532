// Graphs made node by node, and what must hold of every pass.
#pragma once
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "ops/evaluation/evaluate.h"
#include "ops/registry.h"
#include "ops/verify.h"
#include "passes/passes.h"
#include "weights/weights.h"

namespace cnnc::testing {

using Names = std::vector<std::string>;

// Adds a node whose shape and parameters follow from its operator's rules; attributes not given take their
// defaults.
inline NodeId add(Graph& graph, const std::string& op, const std::string& name, std::vector<NodeId> inputs,
                  Attributes attributes = {}) {
  const Operator* rules = find_operator(op);
  REQUIRE(rules);
  for (const AttributeRule& rule : rules->attributes)
    if (rule.default_value) attributes.emplace(rule.name, *rule.default_value);
  Node node{name, op, std::move(attributes), std::move(inputs), {}, {}, {}, {name}, {}};
  std::vector<Shape> shapes;
  for (NodeId input : node.inputs) shapes.push_back(graph.nodes[input].shape);
  node.shape = std::get<Shape>(rules->infer(node.attributes, shapes));
  if (rules->parameters)
    for (ParameterRule& rule : rules->parameters(node.attributes, shapes))
      node.parameters.push_back({rule.name, rule.shape, nullptr});
  graph.nodes.push_back(std::move(node));
  return static_cast<NodeId>(graph.nodes.size()) - 1;
}

inline NodeId conv(Graph& graph, const std::string& name, NodeId input, bool bias = false,
                   int64_t channels = 4, int64_t groups = 1) {
  return add(graph, "conv", name, {input},
             {{"channels", channels},
              {"filter", std::vector<int64_t>{3, 3}},
              {"pad", std::vector<int64_t>{1, 1, 1, 1}},
              {"bias", bias},
              {"groups", groups}});
}

// A graph that has one input so far: node 0, image.
inline Graph with_input(Shape shape = {4, 5, 6}) {
  Graph graph;
  graph.name = "net";
  graph.nodes.push_back({"image", "input", {}, {}, std::move(shape), {}, {}, {"image"}, {}});
  graph.inputs = {0};
  return graph;
}

inline Graph finished(Graph graph, const std::vector<NodeId>& outputs, bool bind = true) {
  for (NodeId id : outputs) graph.outputs.push_back({fmt::format("out{}", graph.outputs.size()), id});
  if (bind) bind_random(graph, 42);
  verify(graph);
  return graph;
}

inline void set_values(Node& node, const std::string& parameter, std::vector<float> values) {
  for (Parameter& p : node.parameters)
    if (p.name == parameter) p.values = std::make_shared<const std::vector<float>>(std::move(values));
}

inline std::vector<float> some_image(const Shape& shape) {
  std::vector<float> image;
  for (int64_t i = 0; i < shape.elements(); ++i) image.push_back(static_cast<float>(std::sin(i * 1.7) * 2));
  return image;
}

// The values of the outputs, in their order.
inline std::vector<std::vector<double>> outputs_of(const Graph& graph) {
  std::vector<std::vector<float>> images;
  for (NodeId id : graph.inputs) images.push_back(some_image(graph.nodes[id].shape));
  std::vector<Reference> all = evaluate(graph, images);
  std::vector<std::vector<double>> values;
  for (const GraphOutput& output : graph.outputs) values.push_back(all[output.node].values);
  return values;
}

// Runs the pass and checks what every pass promises: the invariants, the API, and the same results within
// 1e-6 of the greatest of them.
inline Graph checked(Graph (*pass)(Graph), const Graph& before) {
  Graph after = pass(before);
  verify(after);
  verify_operators(after);
  REQUIRE(after.inputs.size() == before.inputs.size());
  for (size_t i = 0; i < before.inputs.size(); ++i)
    CHECK(after.nodes[after.inputs[i]].name == before.nodes[before.inputs[i]].name);
  for (const Node& node : after.nodes) CHECK((node.covers.empty() || node.covers.back() == node.name));
  std::vector<std::vector<double>> a = outputs_of(before), b = outputs_of(after);
  REQUIRE(a.size() == b.size());
  for (size_t o = 0; o < a.size(); ++o) {
    CHECK(after.outputs[o].name == before.outputs[o].name);
    REQUIRE(a[o].size() == b[o].size());
    double greatest = 0, difference = 0;
    for (size_t i = 0; i < a[o].size(); ++i) {
      greatest = std::max(greatest, std::fabs(a[o][i]));
      difference = std::max(difference, std::fabs(a[o][i] - b[o][i]));
    }
    CHECK(greatest > 0);
    CHECK(difference <= 1e-6 * greatest);
  }
  return after;
}

inline Graph all_passes(Graph graph) {
  return optimise(std::move(graph));
}

inline Names names(const Graph& graph) {
  Names result;
  for (const Node& node : graph.nodes) result.push_back(node.name);
  return result;
}

// "add:2 relu" for an epilogue that adds input 2 and rectifies.
inline std::string epilogue(const Node& node) {
  std::string text;
  for (const EpilogueStep& step : node.epilogue)
    text += (text.empty() ? "" : " ") + step.op + (step.operand < 0 ? "" : fmt::format(":{}", step.operand));
  return text;
}

}  // namespace cnnc::testing
