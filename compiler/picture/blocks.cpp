#include "picture/blocks.h"

#include <algorithm>

namespace cnnc::picture {
namespace {

bool names_a_group(const ast::Body& body, const std::string& name);

bool names_a_group(const ast::Statement& statement, const std::string& name) {
  const auto in = [&](const ast::Body& body) { return names_a_group(body, name); };
  if (const auto* group = std::get_if<ast::Group>(&statement.what))
    return (group->name && group->name->text == name) || in(group->body);
  if (const auto* repeat = std::get_if<ast::Repeat>(&statement.what)) return in(repeat->body);
  if (const auto* gate = std::get_if<ast::Gate>(&statement.what)) return in(gate->body);
  if (const auto* block = std::get_if<ast::Block>(&statement.what)) return in(block->body);
  if (const auto* residual = std::get_if<ast::Residual>(&statement.what))
    return in(residual->body) ||
           (residual->shortcut && residual->shortcut->body && in(*residual->shortcut->body));
  if (const auto* concat = std::get_if<ast::Concat>(&statement.what))
    return std::any_of(concat->branches.begin(), concat->branches.end(),
                       [&](const ast::Branch& branch) { return in(branch.body); });
  return false;
}

bool names_a_group(const ast::Body& body, const std::string& name) {
  return std::any_of(body.statements.begin(), body.statements.end(),
                     [&](const ast::Statement& statement) { return names_a_group(statement, name); });
}

bool holds(Span body, Span statement) {
  return statement.begin >= body.begin && statement.end <= body.end;
}

const ast::Block* block_with(const Layer& layer, const ast::File& file) {
  for (const ast::Statement& statement : file.statements)
    if (const auto* block = std::get_if<ast::Block>(&statement.what))
      if (holds(block->body.where, layer.where)) return block;
  return nullptr;
}

}  // namespace

std::string block_of(const std::vector<Layer>& layers, const Run& run, size_t depth, const ast::File& file) {
  const std::string& scope = layers[run.begin].scope[depth];
  for (const ast::Statement& statement : file.statements)
    if (names_a_group(statement, scope)) return "";
  const ast::Block* outermost = nullptr;  // blocks call those above them, so it is the last one
  for (int i = run.begin; i < run.end; ++i) {
    const ast::Block* block = block_with(layers[i], file);
    if (!block) return "";
    const bool is_further_out = !outermost || block->body.where.begin > outermost->body.where.begin;
    if (!block->is_sequence && is_further_out) outermost = block;
  }
  return outermost ? outermost->name.text : "";
}

}  // namespace cnnc::picture
