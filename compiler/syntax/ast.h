// The abstract syntax of a network text, as written: nothing is looked up, expanded or checked yet.
// The syntax does not know the operators: a layer is a word and its arguments, and elaboration reads them by the
// operator's signature.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "support/source.h"

namespace cnnc::ast {

// An identifier, or a path of them: conv1, layer1.0.conv1
struct Name {
  std::string text;
  Span where;
};

// 3, 0.5, channels, -1, channels * 4. Also the words of a layer (`pad`, `same`, `off`): plain names.
struct Expression {
  enum class Kind { integer, real, name, negate, add, subtract, multiply, divide };
  Kind kind = Kind::integer;
  int64_t integer = 0;
  double real = 0;
  std::string text;  // of a name; of a real as it was written
  std::vector<Expression> operands;
  bool parenthesised = false;
  Span where;
};

// 3x3, 1x28x28, (k)x1: two or more sizes
struct Dimensions {
  std::vector<Expression> sizes;
  Span where;
};

using Argument = std::variant<Expression, Dimensions>;
Span where(const Argument& argument);

struct Statement;

// What stands between braces.
struct Body {
  std::vector<Statement> statements;
  std::vector<std::string> closing_comments;  // whole-line comments before the closing brace
  Span where;                                 // with its braces
};

// conv 64 3x3 stride 2 pad 1 / relu / dense 10
struct Layer {
  Name op;
  std::vector<Argument> arguments;
};

// basic(128, stride = 2)
struct CallArgument {
  std::optional<Name> parameter;
  Expression value;
};
struct Call {
  Name block;
  std::vector<CallArgument> arguments;
  Span where;
};

// repeat 2 { … }: opens no scope
struct Repeat {
  Expression count;
  Body body;
};

// group features { … }: a scope whose statements without a name are numbered
struct Group {
  Name name;
  Body body;
};

// shortcut { … } as NAME / shortcut project as NAME
struct Shortcut {
  std::optional<Body> body;  // none: project
  std::optional<Name> as;
  Span where;
};

// residual { … } [shortcut …]: the sum of the body's and the shortcut's result
struct Residual {
  Body body;
  std::optional<Shortcut> shortcut;
};

// concat { branch { … } branch { … } }
struct Branch {
  Body body;
  std::vector<std::string> comments;  // whole-line comments above it
  Span where;
};
struct Concat {
  std::vector<Branch> branches;
  std::vector<std::string> closing_comments;
};

// concat with enc1 / add with enc1, enc2
struct Join {
  Name op;  // "concat" or "add"
  std::vector<Name> others;
};

// from enc1
struct From {
  Name tensor;
};

// output [TENSOR]
struct Output {
  std::optional<Name> tensor;
};

// input digit 1x28x28
struct Input {
  Name name;
  Argument shape;
};

// block basic(channels, stride = 1) { … }; `sequence` is a block whose statements are named as if written in its place
struct BlockParameter {
  Name name;
  std::optional<Expression> default_value;
};
struct Block {
  bool is_sequence = false;
  Name name;
  std::vector<BlockParameter> parameters;
  Body body;
};

struct Statement {
  std::variant<Layer, Call, Repeat, Group, Residual, Concat, Join, From, Output, Input, Block> what;
  std::optional<Name> as;              // of a residual with a shortcut: written after the word `residual`
  Span where;                          // from its first to its last word; of one with a body, up to the brace
  std::vector<std::string> comments;   // whole-line comments above it, with their '#'
  std::string trailing_comment;        // behind it on its line
  bool blank_line_before = false;
};

// A whole file.
struct File {
  std::optional<Name> network;  // network lenet5
  std::vector<std::string> header_comments;  // above the network line
  std::string network_comment;               // behind it
  std::vector<Statement> statements;
  std::vector<std::string> closing_comments;
};

}  // namespace cnnc::ast
