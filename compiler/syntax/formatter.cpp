#include "syntax/formatter.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>
#include <utility>

namespace cnnc {
namespace {

// Lines of text, at a depth of bodies.
struct Lines {
  std::string out;
  size_t depth = 0;
};

void print(Lines& lines, const std::vector<ast::Statement>& statements, bool one_line = false);

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
  if (body.one_line) {
    lines.out += " { ";
    print(lines, body.statements, true);
    lines.out += " }";
    return;
  }
  print_braces(lines, body.opening_comment, [&] {
    print(lines, body.statements);
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
  std::string arguments;
  for (const ast::Argument& argument : join.arguments) arguments += " " + argument_text(argument, false);
  return fmt::format("{}{} with {}", join.op.text, arguments,
                     list_text(join.others, [](const ast::Name& name) { return name.text; }));
}

std::string line_text(const ast::From& from) {
  return "from " + from.tensor.text;
}

std::string line_text(const ast::Output& output) {
  return output.tensor ? "output " + output.tensor->text : "output";
}

std::string line_text(const ast::Labels& labels) {
  return fmt::format("labels \"{}\"", labels.file.text);
}

std::string line_text(const ast::Input& input) {
  std::string from = input.pixels.empty() ? "" : " from";
  for (const ast::Argument& argument : input.pixels) from += " " + argument_text(argument, false);
  return fmt::format("input {} {}{}", input.name.text, argument_text(input.shape), from);
}

// A statement of one line, and its name from that column on, or directly behind it.
template <class Line>
void print(Lines& lines, const Line& line, const std::string& as, size_t name_column) {
  const std::string text = line_text(line);
  lines.out += text;
  if (!as.empty() && name_column > text.size()) lines.out.append(name_column - text.size(), ' ');
  lines.out += as;
}

void print(Lines& lines, const ast::Repeat& repeat, const std::string&, size_t) {
  lines.out += "repeat " + format(repeat.count);
  print(lines, repeat.body);
}

void print(Lines& lines, const ast::Group& group, const std::string&, size_t) {
  lines.out += group.name ? "group " + group.name->text : "group";
  print(lines, group.body);
}

void print(Lines& lines, const ast::Block& block, const std::string&, size_t) {
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

void print(Lines& lines, const ast::Residual& residual, const std::string& as, size_t) {
  lines.out += "residual" + as;
  print(lines, residual.body);
  if (residual.shortcut) print(lines, *residual.shortcut);
}

void print(Lines& lines, const ast::Gate& gate, const std::string& as, size_t) {
  lines.out += "gate" + as;
  print(lines, gate.body);
}

void print(Lines& lines, const ast::Branch& branch) {
  if (branch.blank_line_before) lines.out += '\n';
  print(lines, branch.comments);
  begin_line(lines);
  lines.out += "branch";
  print(lines, branch.body);
  end_line(lines, branch.trailing_comment);
}

void print(Lines& lines, const ast::Concat& concat, const std::string& as, size_t) {
  lines.out += "concat" + as;
  if (concat.one_line) {
    lines.out += " {";
    for (const ast::Branch& branch : concat.branches) {
      lines.out += " branch";
      print(lines, branch.body);
    }
    lines.out += " }";
    return;
  }
  print_braces(lines, concat.opening_comment, [&] {
    for (const ast::Branch& branch : concat.branches) print(lines, branch);
    print(lines, concat.closing_comments);
  });
}

template <class Kind, class = void>
constexpr bool is_line = false;
template <class Kind>
constexpr bool is_line<Kind, std::void_t<decltype(line_text(std::declval<const Kind&>()))>> = true;

// The text of a statement before its name, if it is of one line; else nothing.
std::string text_of_line(const ast::Statement& statement) {
  return std::visit(
      [](const auto& what) -> std::string {
        if constexpr (is_line<std::decay_t<decltype(what)>>) return line_text(what);
        return "";
      },
      statement.what);
}

// Whether a statement has its line for itself.
bool stands_alone(const std::vector<ast::Statement>& statements, size_t i) {
  return !statements[i].same_line && (i + 1 == statements.size() || !statements[i + 1].same_line);
}

// Where the names of statement `first` and those in the lines below it begin, up to an empty line, a comment,
// or something that is more than a statement in a line.
struct NameColumn {
  size_t column = 0;
  size_t end = 0;  // the statement after the last of them
};
NameColumn name_column(const std::vector<ast::Statement>& statements, size_t first) {
  NameColumn names{0, first};
  for (; names.end < statements.size(); ++names.end) {
    const ast::Statement& statement = statements[names.end];
    const std::string text = text_of_line(statement);
    const bool apart = statement.blank_line_before || !statement.comments.empty();
    if (text.empty() || !stands_alone(statements, names.end) || (apart && names.end > first)) break;
    if (statement.as) names.column = std::max(names.column, text.size());
  }
  return names;
}

// A list of statements; on one line, its words alone.
void print(Lines& lines, const std::vector<ast::Statement>& statements, bool one_line) {
  NameColumn names;
  for (size_t i = 0; i < statements.size(); ++i) {
    const ast::Statement& statement = statements[i];
    if (i > 0 && (one_line || statement.same_line)) {
      lines.out += "; ";
    } else if (!one_line) {
      if (i > 0) end_line(lines, statements[i - 1].trailing_comment);
      if (statement.blank_line_before) lines.out += '\n';
      print(lines, statement.comments);
      begin_line(lines);
    }
    if (!one_line && i >= names.end) names = name_column(statements, i);
    const size_t column = i < names.end ? names.column : 0;
    std::visit([&](const auto& what) { print(lines, what, as_text(statement.as), column); }, statement.what);
  }
  if (!one_line && !statements.empty()) end_line(lines, statements.back().trailing_comment);
}

}  // namespace

std::string format(const ast::File& file) {
  Lines lines;
  print(lines, file.header_comments);
  if (file.network) {
    lines.out += "network " + file.network->text;
    end_line(lines, file.network_comment);
  }
  print(lines, file.statements);
  print(lines, file.closing_comments);
  return lines.out;
}

}  // namespace cnnc
