#include "describe/text/layout.h"

#include <algorithm>

#include "ops/registry.h"
#include "syntax/formatter.h"

namespace cnnc {
namespace {

constexpr size_t kColumns = 108;                        // of a line that holds several statements
constexpr size_t kMostOnALine = 8, kMostWithNames = 5;  // statements of a body on one line

using Statements = std::vector<ast::Statement>;

std::string text_of(const ast::Statement& statement) {
  ast::File file;
  file.statements = {statement};
  file.statements[0].blank_line_before = file.statements[0].same_line = false;
  return format(file);
}

bool is_one_line(const std::string& text) {
  return text.find('\n') == text.size() - 1;
}

// A layer that belongs to what is in front of it, as an activation does.
bool is_appendage(const ast::Statement& s) {
  const auto* layer = std::get_if<ast::Layer>(&s.what);
  const Operator* op = layer ? find_layer(layer->op.text) : nullptr;
  return op && op->facts.continues_line;
}

template <class Kind>
bool is(const ast::Statement& s) {
  return std::holds_alternative<Kind>(s.what);
}

// One that differs from the others of its block begins a line.
bool has_named_argument(const ast::Call& call) {
  return std::any_of(call.arguments.begin(), call.arguments.end(),
                     [](const ast::CallArgument& argument) { return argument.parameter.has_value(); });
}

// Whether a statement goes on in the line of the one before it, if there is room.
bool goes_on(const ast::Statement& before, const ast::Statement& s) {
  if (before.as || s.as) return false;
  if (is<ast::Call>(s)) return is<ast::Call>(before) && !has_named_argument(std::get<ast::Call>(s.what));
  return is_appendage(s) && (is<ast::Layer>(before) || is<ast::Call>(before));
}

void set(Statements& statements, size_t depth);

// On one line, where the body is short and the line, which needs so many columns besides, is too.
void set(ast::Body& body, size_t depth, size_t columns) {
  set(body.statements, depth + 1);
  const size_t count = body.statements.size();
  const bool has_names = std::any_of(body.statements.begin(), body.statements.end(),
                                     [](const ast::Statement& s) { return s.as.has_value(); });
  if (count == 0 || count > (has_names ? kMostWithNames : kMostOnALine)) return;
  size_t length = columns + 4 * depth;
  for (const ast::Statement& s : body.statements) {
    const std::string text = text_of(s);
    if (!is_one_line(text)) return;
    length += text.size() + 1;
  }
  if (length > kColumns) return;
  body.one_line = true;
  for (ast::Statement& s : body.statements) s.same_line = false;
}

// The bodies of each kind of statement, and the words around them.
template <class Kind>
void set_bodies(Kind&, size_t) {}
void set_bodies(ast::Repeat& s, size_t depth) {
  set(s.body, depth, 16);
}
void set_bodies(ast::Group& s, size_t depth) {
  set(s.body, depth, 10 + (s.name ? s.name->text.size() : 0));
}
void set_bodies(ast::Gate& s, size_t depth) {
  set(s.body, depth, 16);
}
void set_bodies(ast::Block& s, size_t depth) {
  ast::Statement heading;
  heading.what = ast::Block{s.is_sequence, s.name, s.parameters, {}};
  set(s.body, depth, text_of(heading).size());
}
void set_bodies(ast::Residual& s, size_t depth) {
  set(s.body, depth, s.shortcut ? 50 : 20);
  if (!s.shortcut || !s.shortcut->body) return;
  ast::Body& shortcut = *s.shortcut->body;
  set(shortcut, depth, 30);
  ast::Statement whole;
  whole.what = s;
  if (!s.body.one_line || 4 * depth + text_of(whole).size() <= kColumns) return;
  shortcut.one_line = false;
  set(shortcut.statements, depth + 1);
}
void set_bodies(ast::Concat& s, size_t depth) {
  for (ast::Branch& branch : s.branches) set(branch.body, depth + 1, 11);
}

void set(Statements& statements, size_t depth) {
  size_t column = 0;  // behind the line so far
  for (size_t i = 0; i < statements.size(); ++i) {
    ast::Statement& s = statements[i];
    std::visit([&](auto& what) { set_bodies(what, depth); }, s.what);
    const std::string text = text_of(s);
    s.same_line = i > 0 && column > 0 && is_one_line(text) && goes_on(statements[i - 1], s) &&
                  column + text.size() < kColumns;
    column = !is_one_line(text) ? 0 : s.same_line ? column + text.size() + 1 : 4 * depth + text.size();
  }
}

}  // namespace

ast::File laid_out(ast::File file) {
  set(file.statements, 0);
  for (size_t i = 1; i < file.statements.size(); ++i) {
    const bool is_block = is<ast::Block>(file.statements[i]),
               was_block = is<ast::Block>(file.statements[i - 1]);
    const bool was_input = is<ast::Input>(file.statements[i - 1]) && !is<ast::Input>(file.statements[i]);
    file.statements[i].blank_line_before = was_input || is_block || was_block;
  }
  return file;
}

}  // namespace cnnc
