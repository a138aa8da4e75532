// What the compiler knows of an operator: how it is written, its shape rule, its parameters, and what it
// computes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "graph/attributes.h"
#include "graph/element_type.h"
#include "graph/graph.h"
#include "graph/shape.h"

namespace cnnc {

// How an attribute is written, and what it becomes in Attributes:
//   integer  64                  int64_t
//   real     0.5, 1              double
//   pair     3 or 3x5 (H x W)    sizes {3, 3} or {3, 5}
//   padding  1 | 1x2 | four numbers: top bottom left right | a word of the rule's choices: same
//                                sizes {top, bottom, left, right}, or that word
//   on_off   on, off             bool
//   word     bilinear            one of the rule's choices
//   shape    197x768, 10         sizes, one to limits::kRank of them
//   axis     1, rows             int64_t: of a tensor's sizes the one of that number, from 0; channels, rows
//   and
//                                columns are 0, 1 and 2
//   axes     0 2, rows columns   sizes: several of them
enum class AttributeKind { integer, real, pair, padding, on_off, word, shape, axis, axes };

struct AttributeRule {
  std::string_view name;
  AttributeKind kind;
  bool positional = false;  // written by its place, in the order of the rules, before all others
  std::optional<AttributeValue> default_value = std::nullopt;  // none: it must be written
  // The range of an integer and of each size; of a real, the least and the greatest value.
  double minimum = 0;
  double maximum = 2147483647;
  std::string_view example = "";               // a value that messages show; "": one that suits the kind
  std::vector<std::string_view> choices = {};  // of a word; of a padding: what may stand for its numbers
};

// Why an operator cannot be applied. `attribute` is the one at fault; if empty, it is the input's shape.
struct OperatorError {
  std::string attribute;
  std::string message;
  std::string hint;
};

template <class T>
using OperatorResult = std::variant<T, OperatorError>;

struct ParameterRule {
  std::string name;
  Shape shape;
};

// A tensor as the reference evaluation sees it: exact values in double, and for each a bound on the absolute
// error that a float computation of the same node may have against it. Channels x height x width, row-major.
// See docs/design.md, "What is right".
struct Reference {
  std::vector<double> values, bounds;
  // The products in the sum that made each value, and the roundings that a compiler adds to each of them by
  // what it folds into the weights; of channels from several sums, the most. For conv and dense, what is
  // folded into them, and what only moves their elements; else 0. A batch normalization's shift may ride
  // through that whole sum, and its bound must know how long it is.
  int64_t terms = 0;
};

// Output channels to, to + to_step, … are channels from, from + from_step, … of input number `input`. (Of
// vectors: features.)
struct ChannelRange {
  int input = 0;
  int64_t from = 0, to = 0, count = 0;
  int64_t from_step = 1, to_step = 1;
};

// What passes, plans and printers may do with an operator. It is said here, so that a stage need not know
// the operators by their names.
struct OperatorFacts {
  // Element i of the result comes from element i of each input: it can be computed where a kernel stores its
  // elements (an epilogue), and written onto an input.
  bool is_elementwise = false;
  // Kernels of it apply activations and joins to each element that they store.
  bool takes_epilogue = false;
  // A sum over channels, of products with weights: scales of the result's channels can be folded into those.
  bool is_contraction = false;
  // The same elements in the same order, under another shape or none: nothing is computed.
  bool is_alias = false;
  // Each channel of the result is one of an input's: Operator::source_channels says which.
  bool moves_channels = false;
  // Joins tensors, in whatever order: a + b is b + a.
  bool is_commutative = false;
  // One instruction on a vector.
  bool is_cheap = false;
  // Its kernels read or write a vector's features one by one, so that it is stored without padding.
  bool has_plain_vectors = false;
  // In a text it stands on the line of the layer before it.
  bool continues_line = false;
  // Takes tensors of any rank, and kernels of the family "tensor" compute it.
  bool is_of_any_rank = false;
  // Each element of the result is made of one element of each input, so that it can be computed wherever it
  // is needed. Elementwise operators are so as well.
  bool is_of_single_elements = false;
  // Its kernels read an element of an input several times.
  bool reads_again = false;
  // No kernel computes it: passes/expand/expand_norms.h puts in its place the operators that it is made of.
  bool is_composed = false;
  // What its result is stored as. Whole numbers of 32 bits are an output, which no layer reads.
  ElementType stores = ElementType::float32;
  // What its inputs are stored as; of a join in an epilogue, its operand. What keeps the type takes bytes,
  // too.
  ElementType takes = ElementType::float32;
  // Each element of the result is one of the inputs', so that bytes stay bytes.
  bool keeps_type = false;
};

// Of single elements: what moves them, and arithmetic that repeats them.
inline constexpr OperatorFacts tensor_facts(bool is_cheap) {
  OperatorFacts facts;
  facts.is_of_any_rank = facts.has_plain_vectors = facts.takes_epilogue = facts.is_of_single_elements = true;
  facts.is_cheap = is_cheap;
  return facts;
}

inline constexpr OperatorFacts reduction_facts() {
  OperatorFacts facts = tensor_facts(false);
  facts.is_of_single_elements = false;
  return facts;
}

inline constexpr OperatorFacts product_facts() {  // of matrices; and of elements by their weights
  OperatorFacts facts = reduction_facts();
  facts.reads_again = true;
  return facts;
}

// Of one whose result several kernels store, none of which could apply an epilogue.
inline constexpr OperatorFacts tensor_parts_facts() {
  OperatorFacts facts = reduction_facts();
  facts.takes_epilogue = false;
  return facts;
}

inline constexpr OperatorFacts elementwise_facts() {
  OperatorFacts facts;
  facts.is_elementwise = facts.takes_epilogue = facts.continues_line = true;
  return facts;
}

inline constexpr OperatorFacts cheap_facts() {
  OperatorFacts facts = elementwise_facts();
  facts.is_cheap = true;
  return facts;
}

inline constexpr OperatorFacts join_facts(bool is_cheap) {
  OperatorFacts facts = elementwise_facts();
  facts.is_commutative = true;
  facts.is_cheap = is_cheap;
  return facts;
}

inline constexpr OperatorFacts contraction_facts() {
  OperatorFacts facts;
  facts.is_contraction = facts.takes_epilogue = facts.reads_again = true;
  return facts;
}

inline constexpr OperatorFacts window_facts() {  // of each channel, on its own
  OperatorFacts facts;
  facts.continues_line = true;
  return facts;
}

// The same of one whose elements are all the input's, at least where it is used on bytes.
inline constexpr OperatorFacts selecting_window_facts() {
  OperatorFacts facts = window_facts();
  facts.keeps_type = true;
  return facts;
}

inline constexpr OperatorFacts alias_facts(bool continues_line) {
  OperatorFacts facts;
  facts.is_alias = facts.keeps_type = true;
  facts.continues_line = continues_line;
  return facts;
}

inline constexpr OperatorFacts channel_facts() {
  OperatorFacts facts;
  facts.moves_channels = facts.has_plain_vectors = facts.keeps_type = true;
  return facts;
}

inline constexpr OperatorFacts composed_facts() {
  OperatorFacts facts;
  facts.is_of_any_rank = facts.continues_line = facts.is_composed = true;
  return facts;
}

inline constexpr OperatorFacts softmax_facts() {
  OperatorFacts facts;
  facts.has_plain_vectors = facts.reads_again = true;
  return facts;
}

struct Operator {
  std::string_view name;
  std::string_view summary;  // a line for the documentation
  OperatorFacts facts;
  int inputs = 1;  // 0: any number, at least two
  std::vector<AttributeRule> attributes;

  // The shape rule: the shape of the result. Attributes hold a value for every rule, each within its range;
  // all the rest is checked here, with checked arithmetic.
  OperatorResult<Shape> (*infer)(const Attributes&, const std::vector<Shape>& inputs);
  // The parameters, for attributes and inputs that the shape rule has accepted; null: none.
  std::vector<ParameterRule> (*parameters)(const Attributes&, const std::vector<Shape>& inputs) = nullptr;
  // Multiply-adds for one image, as the definition has them; null: 0.
  int64_t (*macs)(const Attributes&, const std::vector<Shape>& inputs, const Shape& output) = nullptr;
  // The shape rule with this node's numbers, for `summary`: "(28 + 2 + 2 - 5) / 1 + 1 = 28"; null: none.
  std::string (*formula)(const Attributes&, const std::vector<Shape>& inputs, const Shape& output) = nullptr;
  // The reference evaluation in double, with error bounds. Parameters are bound. The node's epilogue is not
  // applied here.
  Reference (*evaluate)(const Node& node, const std::vector<const Reference*>& inputs,
                        const std::vector<Shape>& shapes) = nullptr;
  // With OperatorFacts::moves_channels: which channel each of the result's is. The ranges make up all of
  // them, each once.
  std::vector<ChannelRange> (*source_channels)(const Attributes&, const std::vector<Shape>& inputs) = nullptr;
};

}  // namespace cnnc
