#include "onnx/formula.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>

namespace cnnc::onnx {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

std::optional<double> number_of(const Constant& constant) {
  if (!constant.floats || constant.floats->size() != 1 || constant.dims.size() > 1) return std::nullopt;
  return constant.floats->front();
}

const Node* any_producer(const Formulas& f, const std::string& value) {
  const auto found = f.producers.find(value);
  return found == f.producers.end() ? nullptr : &f.model.nodes[found->second];
}

bool is_of_onnx(const Node* node, std::string_view op, size_t inputs) {
  return node && node->domain.empty() && node->op == op && node->inputs.size() == inputs;
}

struct Limits {
  double least = -kInfinite, greatest = kInfinite;
};

double limit(const Formulas& f, const Node& node, size_t input, const char* name, double none) {
  const auto attribute = node.attributes.find(name);
  if (attribute != node.attributes.end())
    if (const float* value = std::get_if<float>(&attribute->second)) return *value;
  if (node.inputs.size() <= input || node.inputs[input].empty()) return none;
  return number_of(f, node.inputs[input]).value_or(std::numeric_limits<double>::quiet_NaN());
}

// What a node limits its first input to; of Min and Max, the input that is no number, in `inner`.
std::optional<Limits> limits_of(const Formulas& f, const Node& node, std::string& inner) {
  if (node.inputs.empty()) return std::nullopt;
  inner = node.inputs[0];
  if (node.op == "Relu") return Limits{0, kInfinite};
  if (node.op == "Clip")
    return Limits{limit(f, node, 1, "min", -kInfinite), limit(f, node, 2, "max", kInfinite)};
  if ((node.op != "Min" && node.op != "Max") || node.inputs.size() != 2) return std::nullopt;
  const bool first = number_of(f, node.inputs[0]).has_value();
  const auto number = number_of(f, node.inputs[first ? 0 : 1]);
  if (!number) return std::nullopt;
  inner = node.inputs[first ? 1 : 0];
  return node.op == "Min" ? Limits{-kInfinite, *number} : Limits{*number, kInfinite};
}

}  // namespace

Formulas formulas_of(const Model& model) {
  Formulas f{model, {}};
  for (size_t i = 0; i < model.nodes.size(); ++i)
    for (const std::string& output : model.nodes[i].outputs) f.producers.emplace(output, i);
  return f;
}

const Node* producer_of(const Formulas& f, const std::string& value, std::string_view op) {
  const Node* node = any_producer(f, value);
  return node && (node->domain.empty() || node->domain == "cnnc") && node->op == op && !node->inputs.empty()
             ? node
             : nullptr;
}

std::optional<double> number_of(const Formulas& f, const std::string& value) {
  const auto constant = f.model.constants.find(value);
  if (constant != f.model.constants.end()) return number_of(constant->second);
  const Node* node = any_producer(f, value);
  if (!is_of_onnx(node, "Constant", 0)) return std::nullopt;
  for (const auto& [name, attribute] : node->attributes) {
    if (const auto* tensor = std::get_if<Constant>(&attribute)) return number_of(*tensor);
    if (const auto* number = std::get_if<float>(&attribute)) return *number;
  }
  return std::nullopt;
}

std::string beside_number(const Formulas& f, const Node& node, double number) {
  if (node.inputs.size() != 2) return "";
  for (size_t i = 0; i < 2; ++i) {
    const auto found = number_of(f, node.inputs[i]);
    if (found && is_near(*found, number)) return node.inputs[1 - i];
  }
  return "";
}

std::optional<Scaled> scaled_of(const Formulas& f, const std::string& value) {
  const Node* node = any_producer(f, value);
  if (is_of_onnx(node, "Div", 2)) {
    const auto number = number_of(f, node->inputs[1]);
    return number ? std::optional(Scaled{node->inputs[0], 1 / *number}) : std::nullopt;
  }
  if (!is_of_onnx(node, "Mul", 2)) return std::nullopt;
  for (size_t i = 0; i < 2; ++i)
    if (const auto number = number_of(f, node->inputs[i])) return Scaled{node->inputs[1 - i], *number};
  return std::nullopt;
}

Product product_of(const Formulas& f, const std::string& value, const std::string& atom) {
  Product product;
  std::deque<std::string> rest = {value};
  for (int taken = 0; !rest.empty(); rest.pop_front()) {
    const std::string factor = rest.front();
    const bool is_atom = factor == atom || taken >= kMostFactors;
    const Node* node = is_atom ? nullptr : any_producer(f, factor);
    if (const auto scaled = is_atom ? std::nullopt : scaled_of(f, factor)) {
      ++taken;
      product.number *= scaled->factor;
      rest.push_back(scaled->value);
    } else if (is_of_onnx(node, "Mul", 2)) {
      ++taken;
      rest.insert(rest.end(), node->inputs.begin(), node->inputs.end());
    } else {
      product.values.push_back(factor);
    }
  }
  return product;
}

std::string clipped_value(const Formulas& f, const std::string& value, double least, double greatest) {
  std::string at = value;
  Limits all;
  for (int step = 0; step < 4; ++step) {
    const Node* node = any_producer(f, at);
    std::string inner;
    const auto limits = node && node->domain.empty() ? limits_of(f, *node, inner) : std::nullopt;
    if (!limits || !(limits->least <= limits->greatest)) return "";
    // What is limited to `limits` first, then to `all`.
    all = {std::clamp(limits->least, all.least, all.greatest),
           std::clamp(limits->greatest, all.least, all.greatest)};
    at = inner;
    if (all.least == least && all.greatest == greatest) return at;
  }
  return "";
}

bool is_near(double a, double b) {
  return std::fabs(a - b) <= 1e-5 * std::fabs(b);
}

}  // namespace cnnc::onnx
