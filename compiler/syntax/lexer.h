// text → tokens
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/diagnostics.h"
#include "support/source.h"

namespace cnnc {

enum class TokenKind {
  name,     // conv1, or a path: layer1.0.conv1
  integer,  // 3
  real,     // 0.5, 1e-5
  by,       // the x of 3x3 and (k)x1
  plus,
  minus,
  star,
  slash,
  comma,
  equals,
  open_parenthesis,
  close_parenthesis,
  open_brace,
  close_brace,
  semicolon,
  quotation,  // a file's name behind the word `labels`; `text` is what stands between the marks
  newline,
  comment,  // with its '#', without white space at its end
  invalid,  // its error is reported
  end
};

struct Token {
  TokenKind kind = TokenKind::end;
  Span where;
  std::string_view text;  // into the source
  int64_t integer = 0;
  double real = 0;
};

// The last token is `end`. The tokens refer to the source's text. What is no token is reported, once a word.
std::vector<Token> lex(const Source& source, Diagnostics& diagnostics);

// A word of the source in quotation marks, shortened where it is very long.
std::string quoted(std::string_view text);

}  // namespace cnnc
