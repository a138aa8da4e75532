#include "syntax/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "support/limits.h"
#include "support/utf8.h"

namespace cnnc {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_word(char c) {
  return is_digit(c) || is_letter(c);
}
bool is_ascii_graphic(char c) {
  return c > ' ' && c <= '~';
}

struct Lexer {
  std::string_view text;
  Diagnostics& diagnostics;
  size_t at = 0;
  std::vector<Token> tokens = {};

  // The byte that many places ahead; a zero byte at the end of the text, which no rule accepts.
  char peek(size_t ahead = 0) const { return at + ahead < text.size() ? text[at + ahead] : '\0'; }
};

Span span(size_t begin, size_t end) {
  return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
}

template <class Predicate>
void skip_while(Lexer& lexer, Predicate predicate) {
  while (lexer.at < lexer.text.size() && predicate(lexer.peek())) ++lexer.at;
}

// The token from `begin` to the lexer's place.
Token token(const Lexer& lexer, TokenKind kind, size_t begin) {
  return {kind, span(begin, lexer.at), lexer.text.substr(begin, lexer.at - begin)};
}

// Reports an error over the token from `begin` to the lexer's place.
Token invalid(Lexer& lexer, size_t begin, std::string message, std::string hint) {
  const Token result = token(lexer, TokenKind::invalid, begin);
  lexer.diagnostics.error(result.where, std::move(message), std::move(hint));
  return result;
}

bool is_adjacent(const Lexer& lexer, TokenKind kind) {
  return !lexer.tokens.empty() && lexer.tokens.back().kind == kind &&
         lexer.tokens.back().where.end == lexer.at;
}

// An 'x' directly after a number or ')' and before a digit or '('.
bool at_by(const Lexer& lexer) {
  const bool behind_size = is_adjacent(lexer, TokenKind::integer) || is_adjacent(lexer, TokenKind::real) ||
                           is_adjacent(lexer, TokenKind::close_parenthesis);
  return behind_size && lexer.peek() == 'x' && (is_digit(lexer.peek(1)) || lexer.peek(1) == '(');
}

// Whether the text goes on with an exponent: e-5, E+5, e5.
bool at_exponent(const Lexer& lexer) {
  if (lexer.peek() != 'e' && lexer.peek() != 'E') return false;
  const bool sign = lexer.peek(1) == '+' || lexer.peek(1) == '-';
  return is_digit(lexer.peek(sign ? 2 : 1));
}

// What to write instead of a word that begins with a digit.
std::string malformed_number_hint(std::string_view word) {
  const auto letter = std::find_if(word.begin(), word.end(), is_letter);
  if (letter == word.end()) return "a real has digits on both sides of its point: '1.0'";
  if (*letter == 'X') return "sizes are written with a small 'x': '3x3'";
  if (*letter == 'x') return "a size that is no number stands in parentheses: '3x(k)'";
  return "sizes are written '3x3'; a name begins with a letter";
}

Token malformed_number(Lexer& lexer, size_t begin) {
  skip_while(lexer, [](char c) { return is_word(c) || c == '.'; });
  const std::string_view word = lexer.text.substr(begin, lexer.at - begin);
  return invalid(lexer, begin, fmt::format("{} is no number", quoted(word)), malformed_number_hint(word));
}

Token lex_real(Lexer& lexer, size_t begin) {
  Token result = token(lexer, TokenKind::real, begin);
  const char* first = result.text.data();
  if (std::from_chars(first, first + result.text.size(), result.real).ec == std::errc()) return result;
  return invalid(lexer, begin, fmt::format("{} is out of the range of a real", quoted(result.text)),
                 "a real is a double of IEEE 754: 2.2e-308 to 1.7e308, or 0.0");
}

Token lex_integer(Lexer& lexer, size_t begin) {
  Token result = token(lexer, TokenKind::integer, begin);
  const char* first = result.text.data();
  const auto [end, error] = std::from_chars(first, first + result.text.size(), result.integer);
  if (error == std::errc() && result.integer < limits::kIntegers) return result;
  return invalid(
      lexer, begin,
      fmt::format("{} is too large; an integer is at most {}", quoted(result.text), limits::kIntegers - 1),
      "");
}

Token lex_number(Lexer& lexer) {
  const size_t begin = lexer.at;
  bool is_real = false;
  skip_while(lexer, is_digit);
  if (lexer.peek() == '.' && is_digit(lexer.peek(1))) {
    is_real = true;
    ++lexer.at;
    skip_while(lexer, is_digit);
  }
  if (at_exponent(lexer)) {
    is_real = true;
    lexer.at += 2;
    skip_while(lexer, is_digit);
  }
  const bool by_follows = lexer.peek() == 'x' && (is_digit(lexer.peek(1)) || lexer.peek(1) == '(');
  if ((is_word(lexer.peek()) && !by_follows) || lexer.peek() == '.') return malformed_number(lexer, begin);
  return is_real ? lex_real(lexer, begin) : lex_integer(lexer, begin);
}

// A part of a path: a name, or digits.
bool is_path_part(std::string_view part) {
  if (part.empty()) return false;
  return is_letter(part[0]) || std::all_of(part.begin(), part.end(), is_digit);
}

Token lex_name(Lexer& lexer) {
  const size_t begin = lexer.at;
  const bool meant_as_by = lexer.peek() == 'x' && is_adjacent(lexer, TokenKind::close_parenthesis);
  bool valid = true;
  skip_while(lexer, is_word);
  while (lexer.peek() == '.') {
    const size_t part = ++lexer.at;
    skip_while(lexer, is_word);
    valid = valid && is_path_part(lexer.text.substr(part, lexer.at - part));
  }
  const Token result = token(lexer, TokenKind::name, begin);
  if (meant_as_by) {
    return invalid(lexer, begin, fmt::format("{} stands directly after ')'", quoted(result.text)),
                   "arguments are separated by spaces; sizes that are no numbers are written '(h)x(w)'");
  }
  if (valid) return result;
  return invalid(lexer, begin, fmt::format("{} is no path of names", quoted(result.text)),
                 "a path is names and numbers joined by dots: 'layer1.0.conv1'");
}

std::string foreign_character_hint(char32_t c) {
  if (c == U'×') return "between sizes, write the letter x: '3x3'";
  if (c == U'“' || c == U'”' || c == U'‘' || c == U'’') return "names are written without quotation marks";
  if (c == U'−' || c == U'–' || c == U'—') return "write '-'";
  if (c == 0xa0) return "write an ordinary space; this is a no-break space";
  return "names are made of the letters a to z, digits and '_'";
}

// Bytes outside printable ASCII: one error for as many as stand together.
Token lex_foreign(Lexer& lexer) {
  const size_t begin = lexer.at;
  const size_t length = utf8_length(lexer.text.substr(begin));
  const std::string_view character = lexer.text.substr(begin, std::max<size_t>(length, 1));
  lexer.at = begin + character.size();
  skip_while(lexer, [](char c) { return (c & 0x80) != 0; });
  if (length < 2) {
    return invalid(lexer, begin,
                   fmt::format("the byte 0x{:02x} cannot stand in a text",
                               static_cast<unsigned>(static_cast<unsigned char>(character[0]))),
                   "a network text is ASCII; its comments may be UTF-8");
  }
  const char32_t value = utf8_code_point(character);
  return invalid(
      lexer, begin,
      fmt::format("'{}' (U+{:04X}) cannot stand outside a comment", character, static_cast<uint32_t>(value)),
      foreign_character_hint(value));
}

std::string unknown_character_hint(char c) {
  if (c == '"' || c == '\'') return "names are written without quotation marks";
  if (c == '\\') return "a statement ends with its line; there is no continuation";
  if (c == '[' || c == ']') return "arguments stand in '( )', bodies in '{ }'";
  if (c == '.') return "a real has digits on both sides of its point: '0.5'";
  return "";
}

Token lex_punctuation(Lexer& lexer) {
  constexpr std::pair<char, TokenKind> kKinds[] = {
      {'+', TokenKind::plus},
      {'-', TokenKind::minus},
      {'*', TokenKind::star},
      {'/', TokenKind::slash},
      {',', TokenKind::comma},
      {'=', TokenKind::equals},
      {'(', TokenKind::open_parenthesis},
      {')', TokenKind::close_parenthesis},
      {'{', TokenKind::open_brace},
      {'}', TokenKind::close_brace},
      {';', TokenKind::semicolon},
      {'\n', TokenKind::newline},
  };
  const char c = lexer.peek();
  const size_t begin = lexer.at++;
  for (const auto& [character, kind] : kKinds) {
    if (c == character) return token(lexer, kind, begin);
  }
  return invalid(lexer, begin, fmt::format("'{}' has no meaning in a network text", c),
                 unknown_character_hint(c));
}

// The one text in quotation marks is a file's name behind `labels`.
bool at_quotation(const Lexer& lexer) {
  return lexer.peek() == '"' && !lexer.tokens.empty() && lexer.tokens.back().text == "labels";
}

Token lex_quotation(Lexer& lexer) {
  const size_t begin = lexer.at++;
  skip_while(lexer, [](char c) { return c != '"' && c != '\n' && c != '\r'; });
  if (lexer.peek() != '"')
    return invalid(lexer, begin, "the quotation mark is not closed on its line",
                   "write 'labels \"labels.txt\"'");
  ++lexer.at;
  Token result = token(lexer, TokenKind::quotation, begin);
  result.text = result.text.substr(1, result.text.size() - 2);
  return result;
}

Token lex_comment(Lexer& lexer) {
  const size_t begin = lexer.at;
  lexer.at = std::min(lexer.text.find('\n', begin), lexer.text.size());
  Token result = token(lexer, TokenKind::comment, begin);
  result.text = result.text.substr(0, result.text.find_last_not_of(" \t\r\f\v") + 1);
  return result;
}

Token lex_token(Lexer& lexer) {
  const char c = lexer.peek();
  if (c == '#') return lex_comment(lexer);
  if (is_digit(c)) return lex_number(lexer);
  if (at_by(lexer)) return token(lexer, TokenKind::by, lexer.at++);
  if (is_letter(c)) return lex_name(lexer);
  if (at_quotation(lexer)) return lex_quotation(lexer);
  return is_ascii_graphic(c) || c == '\n' ? lex_punctuation(lexer) : lex_foreign(lexer);
}

bool at_space(const Lexer& lexer) {
  const char c = lexer.peek();
  return c == ' ' || c == '\t' || (c == '\r' && lexer.peek(1) == '\n');
}

}  // namespace

std::vector<Token> lex(const Source& source, Diagnostics& diagnostics) {
  Lexer lexer{source.text, diagnostics};
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (lexer.text.substr(0, kByteOrderMark.size()) == kByteOrderMark) lexer.at = kByteOrderMark.size();
  for (;;) {
    while (at_space(lexer)) ++lexer.at;
    if (lexer.at >= lexer.text.size()) break;
    lexer.tokens.push_back(lex_token(lexer));
  }
  lexer.tokens.push_back(token(lexer, TokenKind::end, lexer.at));
  return std::move(lexer.tokens);
}

std::string quoted(std::string_view text) {
  constexpr size_t kShown = 40;
  if (text.size() <= kShown) return fmt::format("'{}'", text);
  return fmt::format("'{}…'", text.substr(0, kShown));
}

}  // namespace cnnc
