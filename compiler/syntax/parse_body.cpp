// Bodies, what stands between statements, and going on after an error.
#include <fmt/format.h>

#include <algorithm>

#include "support/limits.h"
#include "syntax/grammar.h"

namespace cnnc {
namespace {

bool is_gap(TokenKind kind) {
  return kind == TokenKind::newline || kind == TokenKind::comment;
}

// The index of a '{' or `shortcut` that begins a later line: the rest of the statement on this one. 0: none.
size_t find_rest(const Cursor& cursor) {
  size_t at = cursor.next;
  while (is_gap(cursor.tokens[at].kind)) ++at;
  const Token& token = cursor.tokens[at];
  const bool is_rest =
      token.kind == TokenKind::open_brace || (token.kind == TokenKind::name && token.text == "shortcut");
  return is_rest && at > cursor.next ? at : 0;
}

// Whether a '{' stands further on in this statement's line.
bool brace_follows(const Cursor& cursor) {
  for (size_t at = cursor.next;; ++at) {
    const TokenKind kind = cursor.tokens[at].kind;
    if (kind == TokenKind::open_brace) return true;
    if (is_gap(kind) || kind == TokenKind::semicolon || kind == TokenKind::close_brace ||
        kind == TokenKind::end) {
      return false;
    }
  }
}

// The body of a statement that has failed: read for its errors alone.
void skip_body(Cursor& cursor) {
  ++cursor.recovering;
  parse_body(cursor);
  --cursor.recovering;
}

void skip_statement(Cursor& cursor) {
  for (;;) {
    if (cursor.at(TokenKind::open_brace)) {
      skip_body(cursor);
    } else if (!cursor.at_statement_end()) {
      cursor.take();
    } else if (const size_t rest = find_rest(cursor)) {
      cursor.next = rest;
    } else {
      return;
    }
  }
}

// A '}' at the top level.
void refuse_close_brace(Cursor& cursor) {
  const Span where = cursor.take().where;
  if (cursor.missing_braces > 0) {
    --cursor.missing_braces;
  } else {
    cursor.diagnostics.error(where, "'}' closes nothing: no '{' is open");
  }
}

std::string statement_end_hint(const Cursor& cursor) {
  switch (cursor.peek().kind) {
    case TokenKind::comma:
      return "the arguments of a layer are separated by spaces: 'conv 64 3x3'";
    case TokenKind::equals:
      return "a layer's keywords take their value without '=': 'stride 2'";
    case TokenKind::slash:
      return "a comment begins with '#'";
    case TokenKind::name:
      return "statements are separated by line ends or ';'";
    default:
      return "";
  }
}

// One statement with the comment behind it, or nothing where it has failed.
std::optional<ast::Statement> parse_or_recover(Cursor& cursor) {
  count_statement(cursor);
  try {
    ast::Statement statement = parse_statement(cursor);
    expect_statement_end(cursor);
    statement.trailing_comment = take_trailing_comment(cursor);
    return statement;
  } catch (const SyntaxError& error) {
    recover(cursor, error);
    return std::nullopt;
  }
}

}  // namespace

bool line_ends_since(const Cursor& cursor, size_t first) {
  const auto is_newline = [](const Token& token) { return token.kind == TokenKind::newline; };
  const auto begin = cursor.tokens.begin();
  return std::any_of(begin + first, begin + cursor.next, is_newline);
}

ast::Comments read_gap(Cursor& cursor) {
  ast::Comments gap;
  int newlines = 0;
  for (; is_gap(cursor.peek().kind) || cursor.at(TokenKind::semicolon); cursor.take()) {
    if (cursor.at(TokenKind::newline)) newlines = std::min(newlines + 1, 2);
    if (!cursor.at(TokenKind::comment)) continue;
    if (newlines == 2) gap.emplace_back();
    gap.emplace_back(cursor.peek().text);
    newlines = 0;
  }
  if (newlines == 2) gap.emplace_back();
  return gap;
}

bool take_leading_blank(ast::Comments& gap) {
  if (gap.empty() || !gap.front().empty()) return false;
  gap.erase(gap.begin());
  return true;
}

ast::Comments closing_comments(ast::Comments gap, bool list_is_empty) {
  if (list_is_empty) take_leading_blank(gap);
  if (!gap.empty() && gap.back().empty()) gap.pop_back();
  return gap;
}

std::string take_trailing_comment(Cursor& cursor) {
  size_t at = cursor.next;
  while (cursor.tokens[at].kind == TokenKind::semicolon) ++at;
  if (cursor.tokens[at].kind != TokenKind::comment) return "";
  cursor.next = at + 1;
  return std::string(cursor.tokens[at].text);
}

void count_statement(Cursor& cursor) {
  if (++cursor.statements <= limits::kStatements) return;
  cursor.diagnostics.error(
      cursor.peek().where,
      fmt::format("a text has at most {} statements; here is one more", limits::kStatements),
      "write what is alike once, with 'block' or 'repeat'");
  throw Abandoned{};
}

void expect_statement_end(const Cursor& cursor) {
  if (!cursor.at_statement_end())
    fail_expected(cursor, "the end of the statement", statement_end_hint(cursor));
}

void recover(Cursor& cursor, const SyntaxError& error) {
  if (!error.message.empty()) cursor.diagnostics.error(error.where, error.message, error.hint);
  skip_statement(cursor);
}

Span open_brace(Cursor& cursor) {
  if (!cursor.at(TokenKind::open_brace)) {
    const size_t rest = find_rest(cursor);
    if (rest != 0 && cursor.tokens[rest].kind == TokenKind::open_brace) {
      throw SyntaxError{cursor.tokens[rest].where, "'{' must stand on the line of its statement",
                        "write it after the statement's last word"};
    }
    if (!brace_follows(cursor)) ++cursor.missing_braces;
    fail_expected(cursor, "'{'");
  }
  const Span where = cursor.take().where;
  if (++cursor.nesting <= limits::kNesting) return where;
  cursor.diagnostics.error(
      where, fmt::format("bodies are nested at most {} deep; here is one more", limits::kNesting),
      "give the inner statements a name of their own with 'block'");
  throw Abandoned{};
}

Span close_brace(Cursor& cursor, Span open) {
  --cursor.nesting;
  if (cursor.accept(TokenKind::close_brace)) return join(open, cursor.previous().where);
  cursor.diagnostics.error(open, "'{' is not closed: no '}' belongs to it");
  throw Abandoned{};
}

ast::Body parse_body(Cursor& cursor) {
  ast::Body body;
  const size_t first = cursor.next;
  const Span open = open_brace(cursor);
  body.opening_comment = take_trailing_comment(cursor);
  parse_statements(cursor, true, body.statements, body.closing_comments);
  body.where = close_brace(cursor, open);
  body.one_line = !line_ends_since(cursor, first);
  return body;
}

void parse_statements(Cursor& cursor, bool first, std::vector<ast::Statement>& statements,
                      ast::Comments& closing) {
  for (;;) {
    const size_t gap_begin = cursor.next;
    ast::Comments gap = read_gap(cursor);
    const bool same_line = !first && !line_ends_since(cursor, gap_begin);
    if (cursor.at(TokenKind::close_brace) && cursor.nesting == 0) {
      refuse_close_brace(cursor);
      continue;
    }
    if (cursor.at(TokenKind::end) || cursor.at(TokenKind::close_brace)) {
      closing = closing_comments(std::move(gap), first);
      return;
    }
    std::optional<ast::Statement> statement = parse_or_recover(cursor);
    if (!statement) continue;
    statement->blank_line_before = take_leading_blank(gap) && !first;
    statement->comments = std::move(gap);
    statement->same_line = same_line;
    statements.push_back(std::move(*statement));
    first = false;
  }
}

}  // namespace cnnc
