#include "syntax/ast.h"

#include <fmt/format.h>

#include "syntax/formatter.h"

namespace cnnc::ast {
namespace {

// A tree in parentheses, line by line.
struct Printer {
  std::string out;
  size_t depth = 0;
};

void print(Printer& printer, const Statement& statement);

void open(Printer& printer, std::string_view head) {
  if (!printer.out.empty()) printer.out += '\n';
  printer.out += fmt::format("{:{}}({}", "", 2 * printer.depth, head);
  ++printer.depth;
}

void close(Printer& printer) {
  printer.out += ')';
  --printer.depth;
}

void print(Printer& printer, const Body& body) {
  for (const Statement& statement : body.statements) print(printer, statement);
}

// The tree of an expression shows what binds to what: (+ a (* 2 b)).
std::string text(const Expression& e) {
  switch (e.kind) {
    case Expression::Kind::integer:
      return fmt::format("{}", e.integer);
    case Expression::Kind::real:
      return format(e);
    case Expression::Kind::name:
      return e.text;
    case Expression::Kind::negate:
      return fmt::format("(- {})", text(e.operands.at(0)));
    default:
      break;
  }
  constexpr std::string_view kSigns = "+-*/";
  const char sign = kSigns[static_cast<size_t>(e.kind) - static_cast<size_t>(Expression::Kind::add)];
  return fmt::format("({} {} {})", sign, text(e.operands.at(0)), text(e.operands.at(1)));
}

std::string text(const Argument& argument) {
  if (const auto* e = std::get_if<Expression>(&argument)) return text(*e);
  std::string out = "(sizes";
  for (const Expression& size : std::get<Dimensions>(argument).sizes) out += " " + text(size);
  return out + ")";
}

std::string text_as(const std::optional<Name>& as) {
  return as ? fmt::format(" (as {})", as->text) : "";
}

std::string head(const Layer& layer) {
  std::string out = "layer " + layer.op.text;
  for (const Argument& argument : layer.arguments) out += " " + text(argument);
  return out;
}

std::string head(const Call& call) {
  std::string out = "call " + call.block.text;
  for (const CallArgument& argument : call.arguments) {
    const std::string value = text(argument.value);
    out += argument.parameter ? fmt::format(" (= {} {})", argument.parameter->text, value) : " " + value;
  }
  return out;
}

std::string head(const Join& join) {
  std::string out = join.op.text;
  for (const Argument& argument : join.arguments) out += " " + text(argument);
  out += " with";
  for (const Name& other : join.others) out += " " + other.text;
  return out;
}

std::string head(const Block& block) {
  std::string out = fmt::format("{} {}", block.is_sequence ? "sequence" : "block", block.name.text);
  for (const BlockParameter& parameter : block.parameters) {
    const std::string& name = parameter.name.text;
    out += parameter.default_value ? fmt::format(" (= {} {})", name, text(*parameter.default_value))
                                   : " " + name;
  }
  return out;
}

std::string head(const Repeat& repeat) {
  return "repeat " + text(repeat.count);
}
std::string head(const Group& group) {
  return group.name ? "group " + group.name->text : "group";
}
std::string head(const Residual&) {
  return "residual";
}
std::string head(const Gate&) {
  return "gate";
}
std::string head(const Concat&) {
  return "concat";
}
std::string head(const From& from) {
  return "from " + from.tensor.text;
}
std::string head(const Output& output) {
  return output.tensor ? "output " + output.tensor->text : "output";
}
std::string head(const Labels& labels) {
  return fmt::format("labels \"{}\"", labels.file.text);
}
std::string head(const Input& input) {
  std::string from = input.pixels.empty() ? "" : " from";
  for (const Argument& argument : input.pixels) from += " " + text(argument);
  return fmt::format("input {} {}{}", input.name.text, text(input.shape), from);
}

// The bodies of those statements that have some.
template <class Kind>
void print_bodies(Printer&, const Kind&) {}
void print_bodies(Printer& printer, const Repeat& repeat) {
  print(printer, repeat.body);
}
void print_bodies(Printer& printer, const Group& group) {
  print(printer, group.body);
}
void print_bodies(Printer& printer, const Block& block) {
  print(printer, block.body);
}

void print_bodies(Printer& printer, const Gate& gate) {
  print(printer, gate.body);
}

void print_bodies(Printer& printer, const Residual& residual) {
  print(printer, residual.body);
  if (!residual.shortcut) return;
  const Shortcut& shortcut = *residual.shortcut;
  open(printer, (shortcut.body ? "shortcut" : "shortcut project") + text_as(shortcut.as));
  if (shortcut.body) print(printer, *shortcut.body);
  close(printer);
}

void print_bodies(Printer& printer, const Concat& concat) {
  for (const Branch& branch : concat.branches) {
    open(printer, "branch");
    print(printer, branch.body);
    close(printer);
  }
}

void print(Printer& printer, const Statement& statement) {
  const auto visitor = [&](const auto& what) {
    open(printer, head(what) + text_as(statement.as));
    print_bodies(printer, what);
  };
  std::visit(visitor, statement.what);
  close(printer);
}

}  // namespace

Span where(const Argument& argument) {
  return std::visit([](const auto& a) { return a.where; }, argument);
}

std::string to_string(const File& file) {
  Printer printer;
  open(printer, file.network ? "network " + file.network->text : "network");
  for (const Statement& statement : file.statements) print(printer, statement);
  close(printer);
  return printer.out + "\n";
}

}  // namespace cnnc::ast
