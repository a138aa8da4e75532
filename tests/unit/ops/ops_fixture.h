// Nodes for the tests of operators, made as elaboration makes them.
#pragma once
#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "ops/registry.h"

namespace cnnc::testing {

using Sizes = std::vector<int64_t>;

inline Attributes with_defaults(const Operator& op, Attributes attributes) {
  for (const AttributeRule& rule : op.attributes)
    if (rule.default_value) attributes.try_emplace(std::string(rule.name), *rule.default_value);
  return attributes;
}

// What the shape rule says: the shape, or "attribute: message; hint".
inline std::string inferred(const std::string& name, const Attributes& attributes,
                            const std::vector<Shape>& inputs) {
  const Operator& op = *find_operator(name);
  const auto result = op.infer(with_defaults(op, attributes), inputs);
  if (const auto* shape = std::get_if<Shape>(&result)) return to_string(*shape);
  const auto& error = std::get<OperatorError>(result);
  return error.attribute + ": " + error.message + (error.hint.empty() ? "" : "; " + error.hint);
}

inline std::vector<float> random_floats(int64_t count, std::mt19937& random, float low = -1, float high = 1) {
  std::uniform_real_distribution<float> distribution(low, high);
  std::vector<float> values(count);
  for (float& v : values) v = distribution(random);
  return values;
}

// A node of its own with random parameters (a variance is positive).
inline Node make_node(const std::string& name, const Attributes& attributes, const std::vector<Shape>& inputs,
                      std::mt19937& random) {
  const Operator& op = *find_operator(name);
  Node node;
  node.name = node.op = name;
  node.attributes = with_defaults(op, attributes);
  node.shape = std::get<Shape>(op.infer(node.attributes, inputs));
  if (!op.parameters) return node;
  for (const ParameterRule& rule : op.parameters(node.attributes, inputs)) {
    const float low = rule.name == "running_var" ? 0.5f : -1.0f;
    node.parameters.push_back(
        {rule.name, rule.shape,
         std::make_shared<const std::vector<float>>(random_floats(rule.shape.elements(), random, low))});
  }
  return node;
}

inline void set_parameter(Node& node, const std::string& name, std::vector<float> values) {
  for (Parameter& p : node.parameters)
    if (p.name == name) p.values = std::make_shared<const std::vector<float>>(std::move(values));
}

inline Reference exact(const std::vector<float>& values) {
  return {{values.begin(), values.end()}, std::vector<double>(values.size())};
}

inline Reference run(const Node& node, const std::vector<Reference>& inputs,
                     const std::vector<Shape>& shapes) {
  std::vector<const Reference*> pointers;
  for (const Reference& input : inputs) pointers.push_back(&input);
  return operator_of(node).evaluate(node, pointers, shapes);
}

}  // namespace cnnc::testing
