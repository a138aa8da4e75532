#include <fmt/format.h>

#include "syntax/formatter.h"

namespace cnnc {
namespace {

using ast::Expression;
using Kind = ast::Expression::Kind;

int precedence(Kind kind) {
  switch (kind) {
    case Kind::add:
    case Kind::subtract:
      return 1;
    case Kind::multiply:
    case Kind::divide:
      return 2;
    case Kind::negate:
      return 3;
    default:
      return 4;
  }
}

char sign(Kind kind) {
  switch (kind) {
    case Kind::add:
      return '+';
    case Kind::multiply:
      return '*';
    case Kind::divide:
      return '/';
    default:
      return '-';
  }
}

// With parentheses where the text had them, and where a tree that no text has made needs them.
std::string operand(const Expression& e, int least_precedence) {
  const std::string text = format(e);
  return !e.parenthesised && precedence(e.kind) < least_precedence ? fmt::format("({})", text) : text;
}

// A real as it was written; else the shortest text that reads back to it, with a point or an exponent.
std::string real_text(const Expression& e) {
  if (!e.text.empty()) return e.text;
  const std::string text = fmt::format("{}", e.real);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string without_parentheses(const Expression& e) {
  switch (e.kind) {
    case Kind::integer:
      return fmt::format("{}", e.integer);
    case Kind::real:
      return real_text(e);
    case Kind::name:
      return e.text;
    case Kind::negate:
      return "-" + operand(e.operands.at(0), 3);
    default:
      break;
  }
  const int level = precedence(e.kind);
  return fmt::format("{}{}{}", operand(e.operands.at(0), level), sign(e.kind),
                     operand(e.operands.at(1), level + 1));
}

}  // namespace

// Without spaces, as a layer's arguments stand side by side: conv 4*channels 1x1
std::string format(const ast::Expression& expression) {
  const std::string text = without_parentheses(expression);
  return expression.parenthesised ? fmt::format("({})", text) : text;
}

}  // namespace cnnc
