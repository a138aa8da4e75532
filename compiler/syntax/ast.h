// The abstract syntax of a network text, as written: nothing is looked up, expanded or checked yet.
// The syntax does not know the operators: a layer is a word and its arguments, and elaboration reads them by
// the operator's signature.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "support/source.h"

namespace cnnc::ast {

// Comments stand in the tree as lines with their '#', an empty line among them as "". In front of a list of
// statements or branches no empty line is kept, nor behind it.
using Comments = std::vector<std::string>;

// An identifier, or a path of them: conv1, layer1.0.conv1
struct Name {
  std::string text;
  Span where;
};

// 3, 0.5, channels, -1, channels*4. A name is plain, without dots. Also the words of a layer (`pad`, `same`,
// `off`): plain names.
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

// What stands between braces. In the text `as NAME` stands before or behind the braces.
struct Body {
  std::vector<Statement> statements;
  std::string opening_comment;  // behind the opening brace
  Comments closing_comments;    // whole-line comments before the closing brace
  bool one_line = false;        // both braces stand on one line
  Span where;                   // with its braces
};

// conv 64 3x3 stride 2 pad 1 / relu / dense 10. Also a block that is called without parentheses.
struct Layer {
  Name op;
  std::vector<Argument> arguments;
};

// basic(128, stride = 2): the parenthesis stands directly behind the name; named arguments stand last
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

// group [features] { … }: a scope whose statements without a name are numbered
struct Group {
  std::optional<Name> name;
  Body body;
};

// shortcut as NAME { … } / shortcut project as NAME
struct Shortcut {
  std::optional<Body> body;  // none: project
  std::optional<Name> as;
  Comments comments;  // between the residual's body and the word `shortcut`
  Span where;         // up to the brace
};

// residual [as NAME] { … } [shortcut …]: the sum of the body's and the shortcut's result
struct Residual {
  Body body;
  std::optional<Shortcut> shortcut;
};

// gate [as NAME] { … }: the current tensor times the body's result
struct Gate {
  Body body;
};

// concat { branch { … } branch { … } }: one branch or more
struct Branch {
  Body body;
  Comments comments;             // whole-line comments above it
  std::string trailing_comment;  // behind its closing brace
  bool blank_line_before = false;
  Span where;  // the word
};
struct Concat {
  std::vector<Branch> branches;
  std::string opening_comment;
  Comments closing_comments;
  bool one_line = false;  // as of a body
};

// concat with enc1 / add with enc1, enc2 / multiply with enc1 / concat along 1 with enc1 /
// grid_sample mode nearest with grid
struct Join {
  Name op;  // "concat", "add", "multiply", "matmul", …
  std::vector<Name> others;
  std::vector<Argument> arguments;  // in front of `with`; of a concat: `along` and the axis, or nothing
};

// from enc1
struct From {
  Name tensor;
};

// output [TENSOR]
struct Output {
  std::optional<Name> tensor;
};

// input digit 1x28x28 [from rgb8 mean 0.5], at the top level
struct Input {
  Name name;
  Argument shape;
  std::vector<Argument> pixels = {};  // behind `from`
};

// labels "imagenet.txt", at the top level
struct Labels {
  Name file;
};

// block basic(channels, stride = 1) { … }, at the top level; `sequence` is a block whose statements are named
// as if written in its place
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
  std::variant<Layer, Call, Repeat, Group, Residual, Gate, Concat, Join, From, Output, Input, Labels, Block>
      what;
  std::optional<Name> as;        // of a layer, call, residual, gate, concat, join or output
  Span where;                    // from its first to its last word; of one with a body, up to the brace
  Comments comments;             // whole-line comments above it
  std::string trailing_comment;  // behind it on its line; of one with a body, behind the closing brace
  bool blank_line_before = false;
  bool same_line = false;  // behind a ';' on the line of the statement before it
};

// A whole file.
struct File {
  std::optional<Name> network;  // network lenet5
  Comments header_comments;     // above the network line
  std::string network_comment;  // behind it
  std::vector<Statement> statements;
  Comments closing_comments;
};

// The tree in parentheses, a statement a line, without positions and comments: what `--emit ast` prints.
std::string to_string(const File& file);

}  // namespace cnnc::ast
