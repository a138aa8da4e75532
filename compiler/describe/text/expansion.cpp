#include "describe/text/expansion.h"

#include <algorithm>
#include <map>

#include "describe/text/visit.h"
#include "support/limits.h"

namespace cnnc {
namespace {

using Environment = std::map<std::string, int64_t>;

// Statements, and the depth of bodies.
struct Size {
  int64_t statements = 0, depth = 0;
};

// The blocks by name, and the parameters of the one that is expanded.
struct Frame {
  const std::map<std::string, ast::Block*>& blocks;
  Environment parameters = {};
};

Size size_of(const Frame& frame, std::vector<ast::Statement>& statements);

int64_t value_of(const Frame& frame, const ast::Expression& e) {
  if (e.kind == ast::Expression::Kind::integer) return e.integer;
  if (e.kind == ast::Expression::Kind::name) return frame.parameters.at(e.text);
  const int64_t a = value_of(frame, e.operands[0]), b = value_of(frame, e.operands[1]);
  return e.kind == ast::Expression::Kind::multiply ? a * b : a / b;
}

Size size_of_call(const Frame& frame, const ast::Call& call) {
  ast::Block& block = *frame.blocks.at(call.block.text);
  Frame inner{frame.blocks};
  for (const ast::CallArgument& argument : call.arguments)
    inner.parameters[argument.parameter->text] = value_of(frame, argument.value);
  return size_of(inner, block.body.statements);
}

// A statement with all that it stands for.
Size size_of(const Frame& frame, ast::Statement& s) {
  Size size{1, 0};
  if (const auto* join = std::get_if<ast::Join>(&s.what))
    size.statements += static_cast<int64_t>(join->others.size());
  if (const auto* call = std::get_if<ast::Call>(&s.what)) {
    const Size body = size_of_call(frame, *call);
    return {1 + body.statements, body.depth};
  }
  if (std::holds_alternative<ast::Block>(s.what)) return size;
  const auto* repeat = std::get_if<ast::Repeat>(&s.what);
  const int64_t turns = repeat ? value_of(frame, repeat->count) : 1;
  for (ast::Body* body : bodies_of(s)) {
    const Size inner = size_of(frame, body->statements);
    size.statements += turns * inner.statements;
    size.depth = std::max(size.depth, inner.depth);
  }
  return size;
}

Size size_of(const Frame& frame, std::vector<ast::Statement>& statements) {
  Size size{0, 1};
  for (ast::Statement& s : statements) {
    const Size inner = size_of(frame, s);
    size.statements += inner.statements;
    size.depth = std::max(size.depth, inner.depth + 1);
  }
  return size;
}

}  // namespace

bool is_within_limits(ast::File file) {
  std::map<std::string, ast::Block*> blocks;
  for (ast::Statement& s : file.statements)
    if (auto* block = std::get_if<ast::Block>(&s.what)) blocks[block->name.text] = block;
  const Size size = size_of({blocks}, file.statements);
  return size.statements <= limits::kStatements && size.depth <= limits::kNesting;
}

}  // namespace cnnc
