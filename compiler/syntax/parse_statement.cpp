#include <fmt/format.h>

#include <algorithm>

#include "support/suggest.h"
#include "syntax/grammar.h"

namespace cnnc {
namespace {

using ast::Statement;

Statement parse_input(Cursor& cursor) {
  const size_t first = cursor.next;
  if (cursor.nesting > 0) {
    throw SyntaxError{cursor.peek().where, "'input' stands at the top level, not inside a body", ""};
  }
  cursor.take();
  ast::Input input;
  input.name = parse_plain_name(cursor, "the input's name", "write 'input image 3x224x224'");
  if (!at_argument(cursor)) {
    fail_expected(cursor, "a shape",
                  "write channels x height x width, '3x224x224', or the length of a vector");
  }
  input.shape = parse_argument(cursor);
  if (cursor.accept_word("from")) {
    if (!at_argument(cursor)) fail_expected(cursor, "a format of pixels", "write 'from rgb8'");
    while (at_argument(cursor)) input.pixels.push_back(parse_argument(cursor));
  } else if (at_argument(cursor)) {
    fail_expected(cursor, "the end of the statement", "a shape is written without spaces: '3x224x224'");
  }
  return make_statement(std::move(input), cursor.span_since(first));
}

Statement parse_labels(Cursor& cursor) {
  const size_t first = cursor.next;
  if (cursor.nesting > 0)
    throw SyntaxError{cursor.peek().where, "'labels' stands at the top level, not inside a body", ""};
  cursor.take();
  if (!cursor.at(TokenKind::quotation) || cursor.peek().text.empty())
    fail_expected(cursor, "a file's name in quotation marks", "write 'labels \"labels.txt\"'");
  const Token& file = cursor.take();
  return make_statement(ast::Labels{{std::string(file.text), file.where}}, cursor.span_since(first));
}

Statement parse_output(Cursor& cursor) {
  const size_t first = cursor.next;
  cursor.take();
  ast::Output output;
  if (cursor.at(TokenKind::name) && !cursor.at_word("as"))
    output.tensor = parse_path(cursor, "a tensor's name");
  std::optional<ast::Name> as = parse_as(cursor);
  return make_statement(std::move(output), cursor.span_since(first), std::move(as));
}

Statement parse_from(Cursor& cursor) {
  const size_t first = cursor.next;
  cursor.take();
  ast::From from{parse_path(cursor, "a tensor's name", "write 'from enc1'")};
  if (cursor.at_word("as")) {
    throw SyntaxError{cursor.peek().where, "'from' takes no name: the tensor has one already", ""};
  }
  return make_statement(std::move(from), cursor.span_since(first));
}

// concat with A, B / add with A, B / multiply with A, B; the cursor is at `with`
Statement parse_join(Cursor& cursor, const Token& word) {
  ast::Join join_statement{{std::string(word.text), word.where}, {}, {}};
  cursor.take();
  do {
    join_statement.others.push_back(
        parse_path(cursor, "a tensor's name", fmt::format("write '{} with enc1'", word.text)));
  } while (cursor.accept(TokenKind::comma));
  if (cursor.at(TokenKind::name) && !cursor.at_word("as")) {
    fail_expected(cursor, "',' or the end of the statement", "several tensors are separated by commas");
  }
  std::optional<ast::Name> as = parse_as(cursor);
  return make_statement(std::move(join_statement), join(word.where, cursor.previous().where), std::move(as));
}

// subtract, divide, maximum, minimum, matmul, where, and comparisons
Statement parse_join_of_two(Cursor& cursor) {
  const Token word = cursor.take();
  if (!cursor.at_word("with"))
    fail_expected(cursor, "'with'", fmt::format("write '{} with enc1'", word.text));
  return parse_join(cursor, word);
}

// add, multiply
Statement parse_arithmetic(Cursor& cursor, std::string_view hint) {
  const Token word = cursor.take();
  if (!cursor.at_word("with")) fail_expected(cursor, "'with'", std::string(hint));
  return parse_join(cursor, word);
}

Statement parse_add(Cursor& cursor) {
  return parse_arithmetic(cursor,
                          "write 'add with enc1'; the sum with the tensor before is a 'residual { }'");
}

Statement parse_multiply(Cursor& cursor) {
  return parse_arithmetic(cursor,
                          "write 'multiply with enc1'; the product with the tensor before is a 'gate { }'");
}

// grid_sample [mode nearest …] with GRID
Statement parse_join_with_words(Cursor& cursor) {
  const Token word = cursor.take();
  std::vector<ast::Argument> arguments;
  while (!cursor.at_word("with") && at_argument(cursor)) arguments.push_back(parse_argument(cursor));
  if (!cursor.at_word("with"))
    fail_expected(cursor, "'with'", fmt::format("write '{} with grid'", word.text));
  Statement statement = parse_join(cursor, word);
  std::get<ast::Join>(statement.what).arguments = std::move(arguments);
  return statement;
}

// concat along AXIS with A, B; the cursor is at `along`
Statement parse_concat_along(Cursor& cursor, const Token& word) {
  const char* hint = "write 'concat along 1 with enc1'";
  const Token along = cursor.take();
  ast::Expression is_along;
  is_along.kind = ast::Expression::Kind::name;
  is_along.text = along.text;
  is_along.where = along.where;
  if (cursor.at_word("with") || !at_argument(cursor)) fail_expected(cursor, "an axis", hint);
  ast::Argument axis = parse_argument(cursor);
  if (!cursor.at_word("with")) fail_expected(cursor, "'with'", hint);
  ast::Statement statement = parse_join(cursor, word);
  std::get<ast::Join>(statement.what).arguments = {is_along, std::move(axis)};
  return statement;
}

Statement parse_concat_or_join(Cursor& cursor) {
  const Token word = cursor.peek();
  const std::string_view next = cursor.tokens[cursor.next + 1].text;
  if (next != "with" && next != "along") return parse_concat(cursor);
  cursor.take();
  if (next == "along") return parse_concat_along(cursor, word);
  return parse_join(cursor, word);
}

Statement parse_repeat(Cursor& cursor) {
  const size_t first = cursor.next;
  cursor.take();
  if (!at_argument(cursor)) fail_expected(cursor, "a number of times", "write 'repeat 2 { }'");
  ast::Repeat repeat;
  repeat.count = parse_expression(cursor);
  const Span head = cursor.span_since(first);
  repeat.body = parse_body(cursor);
  if (cursor.at_word("as")) {
    throw SyntaxError{cursor.peek().where, "'repeat' opens no scope and takes no name",
                      "put it into 'group NAME { }'"};
  }
  return make_statement(std::move(repeat), head);
}

Statement parse_group(Cursor& cursor) {
  const size_t first = cursor.next;
  cursor.take();
  ast::Group group;
  if (!cursor.at(TokenKind::open_brace))
    group.name = parse_plain_name(cursor, "the group's name or '{'", "write 'group features { }'");
  const Span head = cursor.span_since(first);
  group.body = parse_body(cursor);
  if (cursor.at_word("as")) {
    throw SyntaxError{cursor.peek().where, "a group's name stands after the word 'group'",
                      "write 'group NAME { }'"};
  }
  return make_statement(std::move(group), head);
}

// A layer may not be followed by a body; a misspelt `residual {` is read as one, and so is a name alone,
// `layer1 {`.
void refuse_body(const Cursor& cursor, const ast::Name& op, bool alone) {
  if (!cursor.at(TokenKind::open_brace)) return;
  const std::vector<std::string> with_body = {"residual", "gate",  "group",    "repeat",  "concat",
                                              "branch",   "block", "sequence", "shortcut"};
  const bool is_numbered = alone && op.text.back() >= '0' && op.text.back() <= '9';
  const std::string suggestion = is_numbered ? "" : did_you_mean(op.text, with_body);
  throw SyntaxError{op.where, fmt::format("{} takes no body{}", quoted(op.text), suggestion),
                    alone && suggestion.empty() ? fmt::format("write 'group {} {{'", op.text) : ""};
}

Statement parse_layer_or_call(Cursor& cursor) {
  const size_t first = cursor.next;
  if (cursor.at_word("as")) {
    throw SyntaxError{cursor.peek().where, "'as' stands after the statement that it names, on its line", ""};
  }
  ast::Layer layer;
  layer.op = parse_plain_name(cursor, "the name of a layer or block");
  if (cursor.at(TokenKind::open_parenthesis) && cursor.at_adjacent()) {
    Statement call = parse_call(cursor, first, layer.op);
    refuse_body(cursor, layer.op, false);
    return call;
  }
  while (at_argument(cursor)) layer.arguments.push_back(parse_argument(cursor));
  std::optional<ast::Name> as = parse_as(cursor);
  refuse_body(cursor, layer.op, layer.arguments.empty() && !as);
  return make_statement(std::move(layer), cursor.span_since(first), std::move(as));
}

[[noreturn]] Statement fail_network(Cursor& cursor) {
  throw SyntaxError{cursor.peek().where, "'network' stands once, before all other statements", ""};
}

[[noreturn]] Statement fail_shortcut(Cursor& cursor) {
  throw SyntaxError{cursor.peek().where, "'shortcut' stands after the body of a 'residual'",
                    "write 'residual { … } shortcut { … }' or 'residual { … } shortcut project'"};
}

// The bodies of a 'concat' that has failed are read as plain ones: their branches are no errors.
[[noreturn]] Statement fail_branch(Cursor& cursor) {
  if (cursor.recovering > 0) throw SyntaxError{};
  throw SyntaxError{cursor.peek().where, "'branch' stands inside the braces of a 'concat'",
                    "write 'concat { branch { … } branch { … } }'"};
}

struct Keyword {
  std::string_view word;
  Statement (*parse)(Cursor&);
};

// The words that begin a statement of their own kind; they name no block.
// clang-format off
constexpr Keyword kKeywords[] = {
    {"input", parse_input},
    {"output", parse_output},
    {"labels", parse_labels},
    {"from", parse_from},
    {"add", parse_add},
    {"multiply", parse_multiply},
    {"subtract", parse_join_of_two},
    {"divide", parse_join_of_two},
    {"maximum", parse_join_of_two},
    {"minimum", parse_join_of_two},
    {"matmul", parse_join_of_two},
    {"grid_sample", parse_join_with_words},
    {"equal", parse_join_of_two},
    {"greater", parse_join_of_two},
    {"greater_equal", parse_join_of_two},
    {"less", parse_join_of_two},
    {"less_equal", parse_join_of_two},
    {"where", parse_join_of_two},
    {"gate", parse_gate},
    {"concat", parse_concat_or_join},
    {"repeat", parse_repeat},
    {"group", parse_group},
    {"residual", parse_residual},
    {"block", parse_block},
    {"sequence", parse_block},
    {"network", fail_network},
    {"shortcut", fail_shortcut},
    {"branch", fail_branch},
};
// clang-format on

const Keyword* find_keyword(std::string_view word) {
  const auto found = std::find_if(std::begin(kKeywords), std::end(kKeywords),
                                  [&](const Keyword& keyword) { return keyword.word == word; });
  return found == std::end(kKeywords) ? nullptr : found;
}

ast::Name take_name(Cursor& cursor) {
  const Token& token = cursor.take();
  return {std::string(token.text), token.where};
}

}  // namespace

ast::Name parse_plain_name(Cursor& cursor, std::string_view what, std::string hint) {
  if (!cursor.at(TokenKind::name) || cursor.at_word("as")) fail_expected(cursor, what, std::move(hint));
  if (cursor.peek().text.find('.') == std::string_view::npos) return take_name(cursor);
  fail_expected(cursor, fmt::format("{} without dots", what), std::move(hint));
}

ast::Name parse_path(Cursor& cursor, std::string_view what, std::string hint) {
  if (!cursor.at(TokenKind::name) || cursor.at_word("as")) fail_expected(cursor, what, std::move(hint));
  return take_name(cursor);
}

std::optional<ast::Name> parse_as(Cursor& cursor) {
  if (!cursor.accept_word("as")) return std::nullopt;
  return parse_plain_name(cursor, "a name", "write 'as conv1'");
}

bool is_keyword(std::string_view word) {
  return find_keyword(word) != nullptr;
}

ast::Statement parse_statement(Cursor& cursor) {
  if (cursor.at(TokenKind::open_brace)) {
    throw SyntaxError{cursor.peek().where, "'{' must stand on the line of its statement",
                      "write it after the statement's last word"};
  }
  if (!cursor.at(TokenKind::name)) {
    const bool slash = cursor.at(TokenKind::slash);
    fail_expected(cursor, "a statement",
                  slash ? "a comment begins with '#'" : "a statement begins with a word: 'conv 64 3x3'");
  }
  const Keyword* keyword = find_keyword(cursor.peek().text);
  return keyword ? keyword->parse(cursor) : parse_layer_or_call(cursor);
}

}  // namespace cnnc
