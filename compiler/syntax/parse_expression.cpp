#include <fmt/format.h>

#include "support/limits.h"
#include "syntax/grammar.h"

namespace cnnc {
namespace {

using ast::Expression;
using Kind = ast::Expression::Kind;

Expression parse_sum(Cursor& cursor);

// Every operator and parenthesis of an expression may be a level of its tree, which others walk by recursion.
void count_operator(Cursor& cursor, Span where) {
  if (++cursor.operators <= limits::kNesting) return;
  throw SyntaxError{where,
                    fmt::format("an expression holds at most {} operators and parentheses; here is one more",
                                limits::kNesting),
                    "compute a part of it as a block's parameter"};
}

Expression parse_parenthesised(Cursor& cursor) {
  const size_t open = cursor.next;
  const bool after_name = open > 0 && cursor.previous().kind == TokenKind::name && !cursor.at_adjacent();
  count_operator(cursor, cursor.take().where);
  Expression inner = parse_sum(cursor);
  if (!cursor.accept(TokenKind::close_parenthesis)) {
    const bool is_call = after_name && (cursor.at(TokenKind::comma) || cursor.at(TokenKind::equals));
    fail_expected(cursor, "')'", is_call ? "a block is called without a space: 'basic(64, stride = 2)'" : "");
  }
  inner.parenthesised = true;
  inner.where = cursor.span_since(open);
  return inner;
}

Expression parse_word(Cursor& cursor) {
  Expression result;
  result.kind = Kind::name;
  result.where = cursor.peek().where;
  result.text = parse_plain_name(cursor, "a number or a name").text;
  return result;
}

Expression parse_number(const Token& token) {
  Expression result;
  result.kind = token.kind == TokenKind::real ? Kind::real : Kind::integer;
  result.integer = token.integer;
  result.real = token.real;
  if (result.kind == Kind::real) result.text = token.text;
  result.where = token.where;
  return result;
}

Expression parse_primary(Cursor& cursor) {
  if (cursor.at(TokenKind::open_parenthesis)) return parse_parenthesised(cursor);
  if (cursor.at(TokenKind::name)) return parse_word(cursor);
  if (cursor.at(TokenKind::integer) || cursor.at(TokenKind::real)) return parse_number(cursor.take());
  const bool slashes = cursor.at(TokenKind::slash) && cursor.at_adjacent();
  fail_expected(cursor, "a number, a name or '('", slashes ? "a comment begins with '#'" : "");
}

Expression parse_factor(Cursor& cursor) {
  if (!cursor.at(TokenKind::minus)) return parse_primary(cursor);
  const Span minus = cursor.take().where;
  count_operator(cursor, minus);
  Expression result;
  result.kind = Kind::negate;
  result.operands.push_back(parse_factor(cursor));
  result.where = join(minus, result.operands[0].where);
  return result;
}

// The operands of one precedence, joined from the left.
template <class Parse>
Expression parse_left(Cursor& cursor, Parse parse_operand, std::pair<TokenKind, Kind> one,
                      std::pair<TokenKind, Kind> other) {
  Expression left = parse_operand(cursor);
  while (cursor.at(one.first) || cursor.at(other.first)) {
    const Token& sign = cursor.take();
    count_operator(cursor, sign.where);
    Expression result;
    result.kind = sign.kind == one.first ? one.second : other.second;
    result.operands.push_back(std::move(left));
    result.operands.push_back(parse_operand(cursor));
    result.where = join(result.operands[0].where, result.operands[1].where);
    left = std::move(result);
  }
  return left;
}

Expression parse_product(Cursor& cursor) {
  return parse_left(cursor, parse_factor, {TokenKind::star, Kind::multiply},
                    {TokenKind::slash, Kind::divide});
}

Expression parse_sum(Cursor& cursor) {
  return parse_left(cursor, parse_product, {TokenKind::plus, Kind::add}, {TokenKind::minus, Kind::subtract});
}

[[noreturn]] void fail_arithmetic_on_sizes(Span where) {
  throw SyntaxError{where, "sizes joined by 'x' take no part in arithmetic",
                    "compute each size on its own: '(2*k)x(k + 1)'"};
}

bool at_operator(const Cursor& cursor) {
  return cursor.at(TokenKind::plus) || cursor.at(TokenKind::minus) || cursor.at(TokenKind::star) ||
         cursor.at(TokenKind::slash);
}

// One of the sizes: an integer or an expression in parentheses, as the lexer knows an 'x' behind no other
// token.
Expression check_size(Expression size) {
  if (size.parenthesised || size.kind == Kind::integer) return size;
  if (size.kind != Kind::real) fail_arithmetic_on_sizes(size.where);
  throw SyntaxError{size.where, fmt::format("a size is an integer; found {}", quoted(size.text)), ""};
}

ast::Dimensions parse_dimensions(Cursor& cursor, Expression first) {
  ast::Dimensions result;
  result.sizes.push_back(check_size(std::move(first)));
  while (cursor.accept(TokenKind::by)) {
    cursor.operators = 0;
    result.sizes.push_back(check_size(parse_primary(cursor)));
  }
  result.where = join(result.sizes.front().where, result.sizes.back().where);
  if (at_operator(cursor)) fail_arithmetic_on_sizes(join(result.where, cursor.peek().where));
  return result;
}

}  // namespace

ast::Expression parse_expression(Cursor& cursor) {
  cursor.operators = 0;
  return parse_sum(cursor);
}

bool at_argument(const Cursor& cursor) {
  return (cursor.at(TokenKind::name) && !cursor.at_word("as")) || cursor.at(TokenKind::integer) ||
         cursor.at(TokenKind::real) || cursor.at(TokenKind::open_parenthesis) || cursor.at(TokenKind::minus);
}

ast::Argument parse_argument(Cursor& cursor) {
  ast::Expression first = parse_expression(cursor);
  if (!cursor.at(TokenKind::by)) return first;
  return parse_dimensions(cursor, std::move(first));
}

}  // namespace cnnc
