// The grammar's rules as functions, shared by the parser's files: each reads its rule from the cursor's place
// and leaves the cursor behind it. They throw SyntaxError or Abandoned (cursor.h). docs/language.md has the
// grammar.
#pragma once
#include <optional>
#include <string_view>

#include "syntax/ast.h"
#include "syntax/cursor.h"

namespace cnnc {

// A name without dots; `what` it is wanted as, "a name".
ast::Name parse_plain_name(Cursor& cursor, std::string_view what, std::string hint = "");
// A tensor's name, which may be a path.
ast::Name parse_path(Cursor& cursor, std::string_view what, std::string hint = "");
// [ "as" NAME ]
std::optional<ast::Name> parse_as(Cursor& cursor);

ast::Expression parse_expression(Cursor& cursor);
// An expression, or sizes joined by 'x'.
ast::Argument parse_argument(Cursor& cursor);
bool at_argument(const Cursor& cursor);

// A statement up to its last word, without the comment behind it.
ast::Statement parse_statement(Cursor& cursor);
// Whether the word begins a statement of its own kind, and so names no block.
bool is_keyword(std::string_view word);
// residual …, gate …, concat …, block …, of which parse_statement knows the first word.
ast::Statement parse_residual(Cursor& cursor);
ast::Statement parse_gate(Cursor& cursor);
ast::Statement parse_concat(Cursor& cursor);
ast::Statement parse_block(Cursor& cursor);
// NAME(…); the name, token number `first`, is read, and the cursor is at the parenthesis.
ast::Statement parse_call(Cursor& cursor, size_t first, ast::Name block);

// "{" { statement } "}"
ast::Body parse_body(Cursor& cursor);
// Its two ends; the nesting is counted. `close_brace` returns the span from the open one.
Span open_brace(Cursor& cursor);
Span close_brace(Cursor& cursor, Span open);
// Statements and comments up to the '}' that closes them, or the end of the text. `first` says that nothing
// stands before them, so that an empty line in front is dropped.
void parse_statements(Cursor& cursor, bool first, std::vector<ast::Statement>& statements,
                      ast::Comments& closing_comments);

// Whether a line ends between the token of that index and the cursor's place.
bool line_ends_since(const Cursor& cursor, size_t first);
// Comments and line ends up to the next word.
ast::Comments read_gap(Cursor& cursor);
// Takes an empty line off the front of what read_gap has returned; whether there was one.
bool take_leading_blank(ast::Comments& gap);
// What read_gap has returned, as comments that close a list of statements or branches.
ast::Comments closing_comments(ast::Comments gap, bool list_is_empty);
// The comment that stands on the line of the statement before it, or "".
std::string take_trailing_comment(Cursor& cursor);

// Counts a statement or branch; over the limit it abandons the parse.
void count_statement(Cursor& cursor);
// Throws unless the statement ends here.
void expect_statement_end(const Cursor& cursor);
// Reports the error and skips the rest of the statement; errors in its bodies are reported too.
void recover(Cursor& cursor, const SyntaxError& error);

// A statement around its parts.
template <class Kind>
ast::Statement make_statement(Kind kind, Span where, std::optional<ast::Name> as = std::nullopt) {
  ast::Statement statement;
  statement.what = std::move(kind);
  statement.as = std::move(as);
  statement.where = where;
  return statement;
}

}  // namespace cnnc
