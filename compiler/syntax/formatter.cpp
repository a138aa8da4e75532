#include "syntax/formatter.h"

#include <fmt/format.h>

#include <utility>

namespace cnnc {
namespace {

// Lines of text, at a depth of bodies.
struct Lines {
  std::string out;
  size_t depth = 0;
};

void print(Lines& lines, const ast::Statement& statement);

void begin_line(Lines& lines) {
  lines.out.append(4 * lines.depth, ' ');
}

void end_line(Lines& lines, const std::string& comment) {
  if (!comment.empty()) lines.out += "  " + comment;
  lines.out += '\n';
}

void print(Lines& lines, const ast::Comments& comments) {
  for (const std::string& comment : comments) {
    if (!comment.empty()) begin_line(lines);
    lines.out += comment + "\n";
  }
}

// "{", what `print_inside` prints a level deeper, and "}", on the line that has begun.
template <class Print>
void print_braces(Lines& lines, const std::string& opening_comment, Print print_inside) {
  lines.out += " {";
  end_line(lines, opening_comment);
  ++lines.depth;
  print_inside();
  --lines.depth;
  begin_line(lines);
  lines.out += '}';
}

void print(Lines& lines, const ast::Body& body) {
  if (body.statements.empty() && body.opening_comment.empty() && body.closing_comments.empty()) {
    lines.out += " { }";
    return;
  }
  print_braces(lines, body.opening_comment, [&] {
    for (const ast::Statement& statement : body.statements) print(lines, statement);
    print(lines, body.closing_comments);
  });
}

std::string as_text(const std::optional<ast::Name>& as) {
  return as ? " as " + as->text : "";
}

// A negative argument would be subtracted from the one before it.
std::string argument_text(const ast::Expression& expression, bool is_first) {
  const std::string text = format(expression);
  return text[0] == '-' && !is_first ? fmt::format("({})", text) : text;
}

std::string size_text(const ast::Expression& size) {
  const bool plain = size.parenthesised || (size.kind == ast::Expression::Kind::integer && size.integer >= 0);
  return plain ? format(size) : fmt::format("({})", format(size));
}

std::string argument_text(const ast::Dimensions& dimensions, bool) {
  std::string out;
  for (const ast::Expression& size : dimensions.sizes) out += (out.empty() ? "" : "x") + size_text(size);
  return out;
}

std::string argument_text(const ast::Argument& argument, bool is_first = true) {
  return std::visit([&](const auto& a) { return argument_text(a, is_first); }, argument);
}

// The items' texts with commas between.
template <class Items, class Text>
std::string list_text(const Items& items, Text text) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ", ") + text(item);
  return out;
}

std::string call_argument_text(const ast::CallArgument& argument) {
  const std::string value = format(argument.value);
  return argument.parameter ? fmt::format("{} = {}", argument.parameter->text, value) : value;
}

std::string parameter_text(const ast::BlockParameter& parameter) {
  if (!parameter.default_value) return parameter.name.text;
  return fmt::format("{} = {}", parameter.name.text, format(*parameter.default_value));
}

// The statements of one line.
std::string line_text(const ast::Layer& layer) {
  std::string out = layer.op.text;
  bool is_first = true;
  for (const ast::Argument& argument : layer.arguments) {
    out += " " + argument_text(argument, std::exchange(is_first, false));
  }
  return out;
}

std::string line_text(const ast::Call& call) {
  return fmt::format("{}({})", call.block.text, list_text(call.arguments, call_argument_text));
}

std::string line_text(const ast::Join& join) {
  return fmt::format("{} with {}", join.op.text,
                     list_text(join.others, [](const ast::Name& name) { return name.text; }));
}

std::string line_text(const ast::From& from) {
  return "from " + from.tensor.text;
}

std::string line_text(const ast::Output& output) {
  return output.tensor ? "output " + output.tensor->text : "output";
}

std::string line_text(const ast::Input& input) {
  return fmt::format("input {} {}", input.name.text, argument_text(input.shape));
}

template <class Line>
void print(Lines& lines, const Line& line, const std::string& as) {
  lines.out += line_text(line) + as;
}

void print(Lines& lines, const ast::Repeat& repeat, const std::string&) {
  lines.out += "repeat " + format(repeat.count);
  print(lines, repeat.body);
}

void print(Lines& lines, const ast::Group& group, const std::string&) {
  lines.out += group.name ? "group " + group.name->text : "group";
  print(lines, group.body);
}

void print(Lines& lines, const ast::Block& block, const std::string&) {
  lines.out += fmt::format("{} {}", block.is_sequence ? "sequence" : "block", block.name.text);
  if (!block.parameters.empty()) {
    lines.out += fmt::format("({})", list_text(block.parameters, parameter_text));
  }
  print(lines, block.body);
}

// Behind the residual's brace; on a line of its own where comments stand between.
void print(Lines& lines, const ast::Shortcut& shortcut) {
  if (shortcut.comments.empty()) {
    lines.out += ' ';
  } else {
    lines.out += '\n';
    print(lines, shortcut.comments);
    begin_line(lines);
  }
  lines.out += (shortcut.body ? "shortcut" : "shortcut project") + as_text(shortcut.as);
  if (shortcut.body) print(lines, *shortcut.body);
}

void print(Lines& lines, const ast::Residual& residual, const std::string& as) {
  lines.out += "residual" + as;
  print(lines, residual.body);
  if (residual.shortcut) print(lines, *residual.shortcut);
}

void print(Lines& lines, const ast::Branch& branch) {
  if (branch.blank_line_before) lines.out += '\n';
  print(lines, branch.comments);
  begin_line(lines);
  lines.out += "branch";
  print(lines, branch.body);
  end_line(lines, branch.trailing_comment);
}

void print(Lines& lines, const ast::Concat& concat, const std::string& as) {
  lines.out += "concat" + as;
  print_braces(lines, concat.opening_comment, [&] {
    for (const ast::Branch& branch : concat.branches) print(lines, branch);
    print(lines, concat.closing_comments);
  });
}

void print(Lines& lines, const ast::Statement& statement) {
  if (statement.blank_line_before) lines.out += '\n';
  print(lines, statement.comments);
  begin_line(lines);
  std::visit([&](const auto& what) { print(lines, what, as_text(statement.as)); }, statement.what);
  end_line(lines, statement.trailing_comment);
}

}  // namespace

std::string format(const ast::File& file) {
  Lines lines;
  print(lines, file.header_comments);
  if (file.network) {
    lines.out += "network " + file.network->text;
    end_line(lines, file.network_comment);
  }
  for (const ast::Statement& statement : file.statements) print(lines, statement);
  print(lines, file.closing_comments);
  return lines.out;
}

}  // namespace cnnc
