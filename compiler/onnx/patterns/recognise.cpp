#include "onnx/patterns/recognise.h"

#include <algorithm>
#include <cmath>

#include "onnx/patterns/formula.h"

namespace cnnc::onnx {
namespace {

// A function of x that activations are made with: number * x * the value, or number * the value alone, is
// one.
struct Ingredient {
  std::string op;  // the activation
  std::string x;
  double number = 1;
  bool with_x = true;
  std::map<std::string, Attribute> attributes = {};
};

// tanh(softplus(x))
std::string x_of_mish(const Formulas& f, const std::string& value) {
  const Node* tanh = producer_of(f, value, "Tanh");
  const Node* softplus = tanh ? producer_of(f, tanh->inputs[0], "Softplus") : nullptr;
  return softplus ? softplus->inputs[0] : "";
}

// The value of which it is one more.
std::string one_less(const Formulas& f, const std::string& value) {
  const Node* add = producer_of(f, value, "Add");
  return add ? beside_number(f, *add, 1) : "";
}

// 1 + erf(x / sqrt 2)
std::string x_of_erf(const Formulas& f, const std::string& value) {
  const Node* erf = producer_of(f, one_less(f, value), "Erf");
  const auto scaled = erf ? scaled_of(f, erf->inputs[0]) : std::nullopt;
  return scaled && is_near(scaled->factor, std::sqrt(0.5)) ? scaled->value : "";
}

// Whether it is 0.044715 x^3.
bool is_cubic_term(const Formulas& f, const std::string& value, const std::string& x) {
  const Product product = product_of(f, value, x);
  if (!is_near(product.number, 0.044715)) return false;
  double power = 0;
  for (const std::string& factor : product.values) {
    const Node* pow = producer_of(f, factor, "Pow");
    const bool is_power = pow && pow->inputs.size() == 2 && pow->inputs[0] == x;
    power += factor == x ? 1 : is_power ? number_of(f, pow->inputs[1]).value_or(-10) : -10;
  }
  return power == 3;
}

// 1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))
std::string x_of_tanh(const Formulas& f, const std::string& value) {
  const Node* tanh = producer_of(f, one_less(f, value), "Tanh");
  const auto scaled = tanh ? scaled_of(f, tanh->inputs[0]) : std::nullopt;
  const Node* sum =
      scaled && is_near(scaled->factor, std::sqrt(2 / M_PI)) ? producer_of(f, scaled->value, "Add") : nullptr;
  if (!sum || sum->inputs.size() != 2) return "";
  for (size_t i = 0; i < 2; ++i)
    if (is_cubic_term(f, sum->inputs[1 - i], sum->inputs[i])) return sum->inputs[i];
  return "";
}

// What a factor of a product may be an ingredient of.
std::vector<Ingredient> ingredients_of(const Formulas& f, const std::string& value) {
  std::vector<Ingredient> found;
  const auto add = [&](Ingredient ingredient) {
    if (!ingredient.x.empty()) found.push_back(std::move(ingredient));
  };
  if (const Node* sigmoid = producer_of(f, value, "Sigmoid")) add({"silu", sigmoid->inputs[0]});
  add({"mish", x_of_mish(f, value)});
  add({"gelu", x_of_erf(f, value), 0.5});
  add({"gelu", x_of_tanh(f, value), 0.5, true, {{"tanh", int64_t{1}}}});
  if (const Node* softplus = producer_of(f, value, "Softplus"))
    if (const auto scaled = scaled_of(f, softplus->inputs[0]))
      add({"softplus",
           scaled->value,
           1 / scaled->factor,
           false,
           {{"beta", static_cast<float>(scaled->factor)}}});
  return found;
}

bool makes(const Ingredient& i, const std::string& value, const Product& product) {
  if (!is_near(product.number, i.number)) return false;
  std::vector<std::string> values = product.values, wanted = {value};
  if (i.with_x) wanted.push_back(i.x);
  std::sort(values.begin(), values.end());
  std::sort(wanted.begin(), wanted.end());
  return values == wanted;
}

// The activation that a product is.
std::optional<Ingredient> activation_of_product(const Formulas& f, const std::string& root) {
  for (const std::string& factor : product_of(f, root).values)
    for (Ingredient& i : ingredients_of(f, factor))
      if (makes(i, factor, product_of(f, root, i.x))) return std::move(i);
  return std::nullopt;
}

float beta_of(const Node& softplus) {
  const auto found = softplus.attributes.find("beta");
  const float* beta = found == softplus.attributes.end() ? nullptr : std::get_if<float>(&found->second);
  return beta ? *beta : 1;
}

// where(x > threshold, x, value)
std::optional<Ingredient> threshold_of_choice(const Formulas& f, const Node& where) {
  const std::string& x = where.inputs[1];
  const Node* greater = producer_of(f, where.inputs[0], "Greater");
  const auto value = number_of(f, where.inputs[2]);
  if (!value || !greater || greater->inputs.size() != 2 || greater->inputs[0] != x) return std::nullopt;
  const auto threshold = number_of(f, greater->inputs[1]);
  if (!threshold || number_of(f, x)) return std::nullopt;
  return Ingredient{"threshold",
                    x,
                    1,
                    false,
                    {{"threshold", static_cast<float>(*threshold)}, {"value", static_cast<float>(*value)}}};
}

// softplus(x) up to a threshold of beta x, above it x: where(beta x > threshold, x, softplus(x))
std::optional<Ingredient> activation_of_choice(const Formulas& f, const Node& where) {
  if (where.inputs.size() != 3) return std::nullopt;
  if (auto threshold = threshold_of_choice(f, where)) return threshold;
  const std::string& x = where.inputs[1];
  const Node* greater = producer_of(f, where.inputs[0], "Greater");
  const Node* softplus = producer_of(f, where.inputs[2], "Softplus");
  if (!softplus) softplus = producer_of(f, where.inputs[2], "softplus");
  if (!greater || greater->inputs.size() != 2 || !softplus || softplus->inputs[0] != x) return std::nullopt;
  const auto threshold = number_of(f, greater->inputs[1]);
  const float beta = beta_of(*softplus);
  const auto scaled = scaled_of(f, greater->inputs[0]);
  const bool is_beta_x =
      beta == 1 ? greater->inputs[0] == x : scaled && scaled->value == x && is_near(scaled->factor, beta);
  if (!threshold || !is_beta_x) return std::nullopt;
  return Ingredient{"softplus", x, 1, false, {{"beta", beta}, {"threshold", static_cast<float>(*threshold)}}};
}

std::optional<Ingredient> activation_of(const Formulas& f, const Node& node) {
  if (!node.domain.empty() || node.outputs.size() != 1) return std::nullopt;
  if (node.op == "Mul" || node.op == "Div") return activation_of_product(f, node.outputs[0]);
  if (node.op == "Where") return activation_of_choice(f, node);
  return std::nullopt;
}

}  // namespace

Model recognise_activations(Model model) {
  const Formulas f = formulas_of(model);
  for (Node& node : model.nodes) {
    auto activation = activation_of(f, node);
    if (!activation) continue;
    node.domain = "cnnc";
    node.op = std::move(activation->op);
    node.inputs = {std::move(activation->x)};
    node.attributes = std::move(activation->attributes);
  }
  return model;
}

}  // namespace cnnc::onnx
