#include "plan/tensor_program.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <tuple>

#include "ops/registry.h"

namespace cnnc {

bool operator==(const TensorTerm& a, const TensorTerm& b) {
  const auto fields = [](const TensorTerm& t) {
    return std::tie(t.op, t.attributes, t.terms, t.argument, t.shape);
  };
  return fields(a) == fields(b);
}

bool is_elementwise_term(const TensorTerm& term) {
  static constexpr std::string_view others[] = {"subtract", "divide", "maximum", "minimum"};
  const Operator* op = find_operator(term.op);
  return (op && op->facts.is_elementwise) ||
         std::find(std::begin(others), std::end(others), term.op) != std::end(others);
}

std::string to_string(const TensorProgram& program) {
  std::string text;
  for (size_t i = 0; i < program.size(); ++i) {
    const TensorTerm& term = program[i];
    text += fmt::format("{}{} {}", i == 0 ? "" : " | ", i, term.op);
    if (term.argument >= 0) text += fmt::format(" {}", term.argument);
    for (const auto& [name, value] : term.attributes) text += fmt::format(" {} {}", name, to_string(value));
    if (!term.terms.empty()) text += fmt::format(" ({})", fmt::join(term.terms, ","));
    text += " " + to_string(term.shape);
  }
  return text;
}

}  // namespace cnnc
