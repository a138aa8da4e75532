// Comparisons, and what is made of them. A value of ONNX's type bool is 1 or 0 here.
#include <cmath>

#include "onnx/attributes.h"
#include "onnx/general/general.h"
#include "onnx/general/operations.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/mappings.h"
#include "onnx/translation/whole_numbers.h"

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

// Whether these are places along an axis or truths, moved or not, of which none is greater than that.
bool are_at_most(const Translation& t, NodeId tensor, int64_t greatest) {
  const cnnc::Node& node = t.graph.nodes[static_cast<size_t>(tensor)];
  if (is_truth(t, tensor)) return true;
  if (node.op == "argmax" || node.op == "argmin")
    return shape_of(t, node.inputs[0]).sizes[static_cast<size_t>(cnnc::integer(node.attributes, "axis"))] -
               1 <=
           greatest;
  const bool is_move = node.op == "reshape" || node.op == "permute" || node.op == "flatten";
  return is_move && are_at_most(t, node.inputs[0], greatest);
}

// Whole numbers as a type of so many bits has them: the others are left out.
View wrapped(Translation& t, const View& x, int bits, bool is_signed) {
  const double count = std::ldexp(1, bits), least = is_signed ? -count / 2 : 0;
  const View turns = apply(t, "", "floor", {},
                           apply(t, "", "affine", {{"factor", 1 / count}, {"offset", -least / count}}, x));
  return joined(t, "", "add", {x, apply(t, "", "affine", {{"factor", -count}, {"offset", 0.0}}, turns)});
}

// Of floats that the type does not hold ONNX says nothing: they stay as they are.
View as_integers(Translation& t, const Node& node, int64_t to) {
  struct Type {
    int64_t number;
    int bits;
    bool is_signed;
  };
  constexpr Type kNarrow[] = {{2, 8, false}, {3, 8, true}, {4, 16, false}, {5, 16, true}};
  const View x = need_view(t, node, 0);
  for (const Type& type : kNarrow) {
    const int64_t greatest = (int64_t{1} << (type.bits - (type.is_signed ? 1 : 0))) - 1;
    if (type.number == to && is_of_integers(t, node, 0) && !are_at_most(t, x.node, greatest))
      return wrapped(t, x, type.bits, type.is_signed);
  }
  return truncated(t, name_of(node), x);
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

// To bool: whether it is not 0, unless it is 1 or 0 already. To whole numbers: without its fraction.
void general_cast(Translation& t, const Node& node) {
  const int64_t to = integer(node, "to", 1);
  if (is_integer_type(to)) return set_output(t, node, as_integers(t, node, to));
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
