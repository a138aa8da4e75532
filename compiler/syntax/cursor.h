// The parser's place among the tokens, and how it fails.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/diagnostics.h"
#include "syntax/lexer.h"

namespace cnnc {

// Thrown at the first word that does not fit into its statement. The loop over the statements reports it and
// goes on with the next one. Without a message it is reported already.
struct SyntaxError {
  Span where;
  std::string message;
  std::string hint;
};

// Thrown where it makes no sense to go on; the error is reported already. Ends the parse.
struct Abandoned {};

struct Cursor {
  std::vector<Token> tokens;  // the last one is `end`, and is never taken
  Diagnostics& diagnostics;
  size_t next = 0;
  int64_t nesting = 0;         // of braces around this place
  int64_t statements = 0;      // so far
  int64_t operators = 0;       // of the expression at this place, with its parentheses
  int64_t recovering = 0;      // bodies around this place that belong to a statement that failed
  int64_t missing_braces = 0;  // '{' that were wanted and not there: as many '}' are not reported

  const Token& peek() const { return tokens[next]; }
  const Token& previous() const { return tokens[next - 1]; }
  bool at(TokenKind kind) const { return peek().kind == kind; }
  bool at_word(std::string_view word) const { return at(TokenKind::name) && peek().text == word; }
  const Token& take() { return tokens[at(TokenKind::end) ? next : next++]; }
  bool accept(TokenKind kind) { return at(kind) && (++next, true); }
  bool accept_word(std::string_view word) { return at_word(word) && (++next, true); }

  // Whether nothing of a statement can follow on this line: at its end, a ';', a comment or a '}'.
  bool at_statement_end() const;
  // Whether the token here stands directly behind the one before, without a space.
  bool at_adjacent() const { return next > 0 && previous().where.end == peek().where.begin; }
  // From the token of that index to the one before this place.
  Span span_since(size_t first) const { return join(tokens[first].where, previous().where); }
  // The token here as a message names it, and where its caret stands: at a line's end, behind the last word.
  std::string found() const;
  Span here() const;
};

// Throws "expected WHAT after PREVIOUS; found FOUND".
[[noreturn]] void fail_expected(const Cursor& cursor, std::string_view what, std::string hint = "");

}  // namespace cnnc
