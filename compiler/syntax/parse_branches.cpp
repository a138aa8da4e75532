// residual, gate and concat: the statements with bodies that may have a name.
#include <fmt/format.h>

#include "syntax/grammar.h"

namespace cnnc {
namespace {

// A second `as NAME`, behind the braces of what may have one before them.
void parse_as_behind(Cursor& cursor, std::optional<ast::Name>& as) {
  if (!cursor.at_word("as")) return;
  if (as) {
    throw SyntaxError{cursor.peek().where,
                      fmt::format("this statement is named {} already", quoted(as->text)), ""};
  }
  as = parse_as(cursor);
}

// The index of `shortcut` on this or a later line, with only comments between; 0: there is none.
size_t find_shortcut(const Cursor& cursor) {
  size_t at = cursor.next;
  while (cursor.tokens[at].kind == TokenKind::newline || cursor.tokens[at].kind == TokenKind::comment) ++at;
  const Token& token = cursor.tokens[at];
  return token.kind == TokenKind::name && token.text == "shortcut" ? at : 0;
}

ast::Comments comments_up_to(Cursor& cursor, size_t end) {
  ast::Comments comments;
  while (cursor.next < end) {
    const Token& token = cursor.take();
    if (token.kind == TokenKind::comment) comments.emplace_back(token.text);
  }
  return comments;
}

// shortcut project [as NAME] / shortcut [as NAME] { … } [as NAME]
ast::Shortcut parse_shortcut(Cursor& cursor) {
  const size_t first = cursor.next;
  cursor.take();
  ast::Shortcut shortcut;
  const bool project = cursor.accept_word("project");
  shortcut.as = parse_as(cursor);
  shortcut.where = cursor.span_since(first);
  if (project) return shortcut;
  if (!cursor.at(TokenKind::open_brace) && !shortcut.as) {
    fail_expected(cursor, "'project', 'as' or '{'", "write 'shortcut project' or 'shortcut { conv 64 1x1 }'");
  }
  shortcut.body = parse_body(cursor);
  parse_as_behind(cursor, shortcut.as);
  return shortcut;
}

// branch { … } with the comment behind it
ast::Branch parse_branch(Cursor& cursor) {
  if (!cursor.at_word("branch")) {
    fail_expected(cursor, "'branch'", "a 'concat' joins branches: 'concat { branch { … } branch { … } }'");
  }
  ast::Branch branch;
  branch.where = cursor.take().where;
  if (cursor.at_word("as") || (cursor.at(TokenKind::name) && !cursor.at_word("branch"))) {
    fail_expected(cursor, "'{'", "a branch has no name; name the statements in it");
  }
  branch.body = parse_body(cursor);
  if (!cursor.at_word("branch")) expect_statement_end(cursor);
  branch.trailing_comment = take_trailing_comment(cursor);
  return branch;
}

void parse_branches(Cursor& cursor, ast::Concat& concat) {
  for (;;) {
    ast::Comments gap = read_gap(cursor);
    if (cursor.at(TokenKind::end) || cursor.at(TokenKind::close_brace)) {
      concat.closing_comments = closing_comments(std::move(gap), concat.branches.empty());
      return;
    }
    count_statement(cursor);
    try {
      ast::Branch branch = parse_branch(cursor);
      branch.blank_line_before = take_leading_blank(gap) && !concat.branches.empty();
      branch.comments = std::move(gap);
      concat.branches.push_back(std::move(branch));
    } catch (const SyntaxError& error) {
      recover(cursor, error);
    }
  }
}

}  // namespace

ast::Statement parse_residual(Cursor& cursor) {
  const size_t first = cursor.next;
  cursor.take();
  std::optional<ast::Name> as = parse_as(cursor);
  const Span head = cursor.span_since(first);
  ast::Residual residual;
  residual.body = parse_body(cursor);
  parse_as_behind(cursor, as);
  if (const size_t shortcut = find_shortcut(cursor)) {
    ast::Comments comments = comments_up_to(cursor, shortcut);
    residual.shortcut = parse_shortcut(cursor);
    residual.shortcut->comments = std::move(comments);
  }
  return make_statement(std::move(residual), head, std::move(as));
}

ast::Statement parse_gate(Cursor& cursor) {
  const size_t first = cursor.next;
  cursor.take();
  std::optional<ast::Name> as = parse_as(cursor);
  const Span head = cursor.span_since(first);
  ast::Gate gate{parse_body(cursor)};
  parse_as_behind(cursor, as);
  return make_statement(std::move(gate), head, std::move(as));
}

ast::Statement parse_concat(Cursor& cursor) {
  const size_t first = cursor.next;
  cursor.take();
  std::optional<ast::Name> as = parse_as(cursor);
  if (!as && !cursor.at(TokenKind::open_brace)) {
    fail_expected(cursor, "'with', 'as' or '{'",
                  "write 'concat with enc1' or 'concat { branch { … } branch { … } }'");
  }
  const Span head = cursor.span_since(first);
  ast::Concat concat;
  const size_t errors = cursor.diagnostics.count();
  const size_t brace = cursor.next;
  const Span open = open_brace(cursor);
  concat.opening_comment = take_trailing_comment(cursor);
  parse_branches(cursor, concat);
  close_brace(cursor, open);
  concat.one_line = !line_ends_since(cursor, brace);
  if (concat.branches.empty() && cursor.diagnostics.count() == errors) {
    throw SyntaxError{head, "a 'concat' has at least one branch",
                      "write 'concat { branch { … } branch { … } }'"};
  }
  parse_as_behind(cursor, as);
  return make_statement(std::move(concat), head, std::move(as));
}

}  // namespace cnnc
