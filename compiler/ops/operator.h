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
enum class AttributeKind { integer, real, pair, padding, on_off, word };

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

// How a plan treats the operator.
enum class Pattern {
  contraction,  // sums over channels: conv, dense; its epilogue may hold activations and adds
  window,       // a window of each channel on its own: pools
  elementwise,  // each element on its own
  reshape,      // the same elements under another shape: flatten, dropout
  channels,     // each channel one of an input's: concat, slice
  custom        // has a kernel that wants plain layouts: softmax
};

struct Operator {
  std::string_view name;
  std::string_view summary;  // a line for the documentation
  Pattern pattern;
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
  // With Pattern::channels: which channel each of the result's is. The ranges make up all of them, each once.
  std::vector<ChannelRange> (*source_channels)(const Attributes&, const std::vector<Shape>& inputs) = nullptr;
};

}  // namespace cnnc
