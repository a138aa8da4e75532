// The values at the edges of the number types, written for every attribute of every operator.
#pragma once
#include <fmt/format.h>

#include <string>
#include <vector>

#include "ops/registry.h"

namespace cnnc::testing {

// One layer of a text, and which attribute has the value.
struct EdgeCase {
  std::string layer;      // "conv 2 2 stride 2147483648"
  std::string operation;  // "conv"
  std::string attribute;  // "stride"
};

// As they are written: arithmetic takes a minus, so a negative number stands in parentheses.
inline const std::vector<std::string>& edge_values() {
  static const std::vector<std::string> values = {"0",          "1",          "(-1)",
                                                  "2147483647", "2147483648", "9223372036854775807"};
  return values;
}

// The ways in which an attribute of that kind can hold the value.
inline std::vector<std::string> written(AttributeKind kind, const std::string& value) {
  std::vector<std::string> ways = {value};
  if (kind == AttributeKind::shape) ways.push_back(fmt::format("1x({})x2", value));
  if (kind != AttributeKind::pair && kind != AttributeKind::padding) return ways;
  ways.push_back(fmt::format("({})x1", value));
  ways.push_back(fmt::format("1x({})", value));
  if (kind == AttributeKind::padding)
    for (int side = 0; side < 4; ++side) {
      std::vector<std::string> sides(4, "1");
      sides[side] = value;
      ways.push_back(fmt::format("{}", fmt::join(sides, " ")));
    }
  return ways;
}

// A value that suits an input of 8 channels.
inline std::string harmless_value(const AttributeRule& rule) {
  if (!rule.example.empty()) return std::string(rule.example);
  return rule.kind == AttributeKind::real ? "0.5" : "2";
}

// The layer with that attribute's value, and harmless ones where something must be written.
inline EdgeCase edge_case(const Operator& op, const AttributeRule& target, const std::string& value) {
  if (op.inputs == 0) {  // a join, of which none wants more than that attribute
    const std::string_view word = op.name == "concat_along" ? "concat" : op.name;
    return {fmt::format("{} {} {} with x", word, target.name, value), std::string(op.name),
            std::string(target.name)};
  }
  std::string layer(op.name);
  for (const bool positional : {true, false})
    for (const AttributeRule& rule : op.attributes) {
      const bool is_target = rule.name == target.name;
      if (rule.positional != positional || (rule.default_value && !is_target)) continue;
      if (!positional) layer += fmt::format(" {}", rule.name);
      layer += " " + (is_target ? value : harmless_value(rule));
    }
  if (target.name == "cubic_coefficient") layer += " mode bicubic";
  return {layer, std::string(op.name), std::string(target.name)};
}

inline std::vector<EdgeCase> edge_cases() {
  std::vector<EdgeCase> cases;
  for (const Operator* op : operators())
    for (const AttributeRule& rule : op->attributes)
      for (const std::string& value : edge_values())
        for (const std::string& way : written(rule.kind, value)) cases.push_back(edge_case(*op, rule, way));
  return cases;
}

// Inputs of which each operator takes one. Some sizes are of one element, where the least values fit.
inline const std::vector<std::string>& edge_inputs() {
  static const std::vector<std::string> inputs = {"8x6x6", "1x1x1", "8", "1", "8x6x6x6"};
  return inputs;
}

}  // namespace cnnc::testing
