#include "syntax/cursor.h"

#include <fmt/format.h>

namespace cnnc {
namespace {

bool ends_line(TokenKind kind) {
  return kind == TokenKind::newline || kind == TokenKind::comment || kind == TokenKind::end;
}

// Whether there is a word before this place on its line.
bool has_previous_word(const Cursor& cursor) {
  return cursor.next > 0 && !ends_line(cursor.previous().kind);
}

}  // namespace

bool Cursor::at_statement_end() const {
  return ends_line(peek().kind) || at(TokenKind::semicolon) || at(TokenKind::close_brace);
}

std::string Cursor::found() const {
  if (at(TokenKind::end)) return "the end of the file";
  return ends_line(peek().kind) ? "the end of the line" : quoted(peek().text);
}

Span Cursor::here() const {
  if (!ends_line(peek().kind) || !has_previous_word(*this)) return peek().where;
  return {previous().where.end, previous().where.end};
}

void fail_expected(const Cursor& cursor, std::string_view what, std::string hint) {
  if (cursor.at(TokenKind::invalid)) throw SyntaxError{};
  const std::string after =
      has_previous_word(cursor) ? fmt::format(" after {}", quoted(cursor.previous().text)) : "";
  throw SyntaxError{cursor.here(), fmt::format("expected {}{}; found {}", what, after, cursor.found()),
                    std::move(hint)};
}

}  // namespace cnnc
