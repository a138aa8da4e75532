// Blocks: their definitions and their calls.
#include <fmt/format.h>

#include "syntax/grammar.h"

namespace cnnc {
namespace {

// What stands in parentheses, separated by commas; the cursor is at the open one.
template <class Item, class Parse>
std::vector<Item> parse_list(Cursor& cursor, Parse parse_item) {
  std::vector<Item> items;
  cursor.take();
  if (cursor.accept(TokenKind::close_parenthesis)) return items;
  do {
    items.push_back(parse_item(cursor));
  } while (cursor.accept(TokenKind::comma));
  if (!cursor.accept(TokenKind::close_parenthesis)) fail_expected(cursor, "',' or ')'");
  return items;
}

ast::BlockParameter parse_parameter(Cursor& cursor) {
  ast::BlockParameter parameter;
  parameter.name = parse_plain_name(cursor, "a parameter's name");
  if (cursor.accept(TokenKind::equals)) parameter.default_value = parse_expression(cursor);
  return parameter;
}

ast::CallArgument parse_call_argument(Cursor& cursor) {
  ast::CallArgument argument;
  if (cursor.at(TokenKind::name) && cursor.tokens[cursor.next + 1].kind == TokenKind::equals) {
    argument.parameter = parse_plain_name(cursor, "a parameter's name");
    cursor.take();
  }
  argument.value = parse_expression(cursor);
  if (cursor.at(TokenKind::by)) {
    throw SyntaxError{cursor.peek().where,
                      "sizes joined by 'x' cannot be handed to a block: its parameters are integers",
                      "a layer is written without parentheses: 'conv 64 3x3'"};
  }
  return argument;
}

}  // namespace

ast::Statement parse_call(Cursor& cursor, size_t first, ast::Name block) {
  ast::Call call;
  call.block = std::move(block);
  call.arguments = parse_list<ast::CallArgument>(cursor, parse_call_argument);
  call.where = cursor.span_since(first);
  bool named = false;
  for (const ast::CallArgument& argument : call.arguments) {
    if (named && !argument.parameter) {
      throw SyntaxError{argument.value.where, "an argument without a name stands after one with a name",
                        "arguments by place come first: 'basic(64, stride = 2)'"};
    }
    named = argument.parameter.has_value();
  }
  std::optional<ast::Name> as = parse_as(cursor);
  return make_statement(std::move(call), cursor.span_since(first), std::move(as));
}

// block NAME [ ( PARAMETERS ) ] { … }
ast::Statement parse_block(Cursor& cursor) {
  const size_t first = cursor.next;
  const Token word = cursor.take();
  if (cursor.nesting > 0) {
    throw SyntaxError{
        word.where,
        fmt::format("'{}' is a definition: it stands at the top level, not inside a body", word.text),
        "move it above the statement that encloses it"};
  }
  ast::Block block;
  block.is_sequence = word.text == "sequence";
  block.name = parse_plain_name(cursor, "a name", fmt::format("write '{} basic(channels) {{ }}'", word.text));
  if (is_keyword(block.name.text)) {
    throw SyntaxError{
        block.name.where,
        fmt::format("'{}' is a word of the language and names no {}", block.name.text, word.text), ""};
  }
  if (cursor.at(TokenKind::open_parenthesis)) {
    block.parameters = parse_list<ast::BlockParameter>(cursor, parse_parameter);
  }
  const Span head = cursor.span_since(first);
  block.body = parse_body(cursor);
  return make_statement(std::move(block), head);
}

}  // namespace cnnc
