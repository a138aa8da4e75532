#include "onnx/patterns/formula.h"

#include <cmath>
#include <deque>

namespace cnnc::onnx {
namespace {

std::optional<double> number_of(const Constant& constant) {
  if (!constant.floats || constant.floats->size() != 1 || constant.dims.size() > 1) return std::nullopt;
  return std::isfinite(constant.floats->front()) ? std::optional<double>(constant.floats->front())
                                                 : std::nullopt;
}

const Node* any_producer(const Formulas& f, const std::string& value) {
  const auto found = f.producers.find(value);
  return found == f.producers.end() ? nullptr : &f.model.nodes[found->second];
}

bool is_of_onnx(const Node* node, std::string_view op, size_t inputs) {
  return node && node->domain.empty() && node->op == op && node->inputs.size() == inputs;
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

bool is_near(double a, double b) {
  return std::fabs(a - b) <= 1e-5 * std::fabs(b);
}

}  // namespace cnnc::onnx
