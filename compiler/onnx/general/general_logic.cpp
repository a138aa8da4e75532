// Comparisons, and what is made of them. A value of ONNX's type bool is 1 or 0 here.
#include "onnx/attributes.h"
#include "onnx/general/general.h"
#include "onnx/general/operations.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/mappings.h"

namespace cnnc::onnx {
namespace {

// The operator on (a, b), and on (b, a).
struct Comparison {
  std::string_view of_two, of_constant_first;
};

Comparison comparison_of(const std::string& op) {
  if (op == "Equal") return {"equal", "equal"};
  if (op == "Greater") return {"greater", "less"};
  if (op == "GreaterOrEqual") return {"greater_equal", "less_equal"};
  if (op == "Less") return {"less", "greater"};
  return {"less_equal", "greater_equal"};
}

// Of floats, or of integers or bools as floats.
Constant as_floats(const Translation& t, const Node& node, size_t index) {
  const Constant& c = *constant_input(t, node, index);
  if (c.floats) return c;
  return {"float", c.dims, std::make_shared<const std::vector<float>>(c.integers->begin(), c.integers->end()),
          nullptr};
}

// A constant as a tensor of the network: what is 1 or 0, times 0, plus the constant.
View tensor_of(Translation& t, const Node& node, size_t index, const View& condition) {
  if (!constant_input(t, node, index)) return need_view(t, node, index);
  return with_constant(t, "", "add", with_number(t, "", "multiply", condition, 0), as_floats(t, node, index));
}

// Whether it is a comparison, whose elements are 1 or 0.
bool is_truth(const Translation& t, NodeId tensor) {
  const std::string& op = t.graph.nodes[static_cast<size_t>(tensor)].op;
  for (const std::string_view comparison : {"equal", "greater", "greater_equal", "less", "less_equal"})
    if (op == comparison || op == std::string(comparison) + "_constant") return true;
  return false;
}

View negated(Translation& t, std::string name, const View& x) {
  return apply(t, std::move(name), "affine", {{"factor", -1.0}, {"offset", 1.0}}, x);
}

View truncated(Translation& t, std::string name, const View& x) {
  if (is_whole(t, x.node)) return x;
  const View whole = apply(t, "", "floor", {}, apply(t, "", "abs", {}, x));
  return joined(t, std::move(name), "multiply", {apply(t, "", "sign", {}, x), whole});
}

}  // namespace

void general_comparison(Translation& t, const Node& node) {
  const Comparison op = comparison_of(node.op);
  if (constant_input(t, node, 0))
    return set_output(
        t, node,
        with_constant(t, name_of(node), op.of_constant_first, need_view(t, node, 1), as_floats(t, node, 0)));
  const View x = need_view(t, node, 0);
  if (constant_input(t, node, 1))
    return set_output(t, node, with_constant(t, name_of(node), op.of_two, x, as_floats(t, node, 1)));
  set_output(t, node, joined(t, name_of(node), op.of_two, {x, need_view(t, node, 1)}));
}

// To bool: whether it is not 0, unless it is 1 or 0 already. To int32 and int64: without its fraction.
void general_cast(Translation& t, const Node& node) {
  const int64_t to = integer(node, "to", 1);
  if (to == 6 || to == 7) return set_output(t, node, truncated(t, name_of(node), need_view(t, node, 0)));
  if (to != 9) return map_cast(t, node);
  const View x = need_view(t, node, 0);
  if (is_truth(t, x.node)) return set_output(t, node, x);
  const Constant zero{"float", {}, std::make_shared<const std::vector<float>>(1, 0.0f), nullptr};
  set_output(t, node, negated(t, name_of(node), with_constant(t, "", "equal", x, zero)));
}

void general_not(Translation& t, const Node& node) {
  set_output(t, node, negated(t, name_of(node), need_view(t, node, 0)));
}

// Of what is 1 or 0 the product, the greater, and whether they differ.
void general_logic(Translation& t, const Node& node) {
  const size_t constant = constant_input(t, node, 0) ? 0 : 1;
  const View x = need_view(t, node, constant_input(t, node, 0) ? 1 : 0);
  const auto both = [&](std::string name, std::string_view op) {
    return constant_input(t, node, constant)
               ? with_constant(t, std::move(name), op, x, as_floats(t, node, constant))
               : joined(t, std::move(name), op, {x, need_view(t, node, 1)});
  };
  if (node.op == "And") return set_output(t, node, both(name_of(node), "multiply"));
  if (node.op == "Or") return set_output(t, node, both(name_of(node), "maximum"));
  set_output(t, node, negated(t, name_of(node), both("", "equal")));
}

void general_where(Translation& t, const Node& node) {
  if (constant_input(t, node, 0)) {  // of a constant condition both are needed, as floats 1 and 0
    const View beside = need_view(t, node, constant_input(t, node, 1) ? 2 : 1);
    const View zero = with_number(t, "", "minimum", with_number(t, "", "maximum", beside, 0), 0);
    const View condition = with_constant(t, "", "add", zero, as_floats(t, node, 0));
    return set_output(
        t, node,
        joined(t, name_of(node), "where",
               {condition, tensor_of(t, node, 1, condition), tensor_of(t, node, 2, condition)}));
  }
  const View condition = need_view(t, node, 0);
  set_output(t, node,
             joined(t, name_of(node), "where",
                    {condition, tensor_of(t, node, 1, condition), tensor_of(t, node, 2, condition)}));
}

}  // namespace cnnc::onnx
