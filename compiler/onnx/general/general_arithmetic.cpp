// Add, Sub, Mul, Div, Min, Max, Sum and Mean under numpy's broadcasting rule, of tensors and constants.
#include "onnx/general/general.h"
#include "onnx/general/operations.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/translation/whole_numbers.h"

namespace cnnc::onnx {
namespace {

std::string_view operator_of(const std::string& op) {
  if (op == "Add" || op == "Sum" || op == "Mean") return "add";
  if (op == "Sub") return "subtract";
  if (op == "Mul") return "multiply";
  if (op == "Div") return "divide";
  return op == "Max" ? "maximum" : "minimum";
}

// c - x is -x + c.
View of_constant_first(Translation& t, const Node& node, const Constant& c, const View& x) {
  if (node.op == "Sub") return with_constant(t, name_of(node), "add", scaled(t, x, -1), c);
  if (node.op == "Div")
    return with_constant(t, name_of(node), "multiply", apply(t, "", "reciprocal", {}, x), c);
  return with_constant(t, name_of(node), operator_of(node.op), x, c);
}

// The inputs that the network computes, and the constants among them.
struct Operands {
  std::vector<View> views;
  std::vector<Constant> constants;
};

Operands operands_of(const Translation& t, const Node& node) {
  Operands operands;
  for (size_t i = 0; i < node.inputs.size(); ++i)
    if (constant_input(t, node, i))
      operands.constants.push_back(need_numbers(t, node, i, "its constant"));
    else
      operands.views.push_back(need_view(t, node, i));
  return operands;
}

}  // namespace

void general_binary(Translation& t, const Node& node) {
  const std::string_view op = operator_of(node.op);
  want_no_quotient_of_integers(t, node);
  if (constant_input(t, node, 0))
    return set_output(
        t, node, of_constant_first(t, node, need_numbers(t, node, 0, "its constant"), need_view(t, node, 1)));
  const View x = need_view(t, node, 0);
  if (is_exact_quotient(t, node))
    return set_output(t, node, quotient(t, name_of(node), x, need_numbers(t, node, 1, "its constant")));
  if (constant_input(t, node, 1))
    return set_output(t, node,
                      with_constant(t, name_of(node), op, x, need_numbers(t, node, 1, "its constant")));
  set_output(t, node, joined(t, name_of(node), op, {x, need_view(t, node, 1)}));
}

void general_min_max(Translation& t, const Node& node) {
  const auto [views, constants] = operands_of(t, node);
  const std::string_view op = operator_of(node.op);
  View y = views.at(0);
  for (size_t i = 1; i < views.size(); ++i) y = joined(t, name_of(node), op, {y, views[i]});
  for (const Constant& c : constants) y = with_constant(t, name_of(node), op, y, c);
  set_output(t, node, std::move(y));
}

void general_sum(Translation& t, const Node& node) {
  const auto [views, constants] = operands_of(t, node);
  View y = views.size() == 1 ? views[0] : joined(t, name_of(node), "add", views);
  for (const Constant& c : constants) y = with_constant(t, name_of(node), "add", y, c);
  if (node.op == "Mean") y = scaled(t, y, 1.0 / static_cast<double>(node.inputs.size()));
  set_output(t, node, std::move(y));
}

}  // namespace cnnc::onnx
