#include "describe/text/trim.h"

#include <map>
#include <string>

#include "describe/text/layers.h"
#include "describe/text/visit.h"

namespace cnnc {
namespace {

using Blocks = std::map<std::string, const ast::Block*>;

// What the parameter is where the call does not say: a number, or another argument.
const ast::Expression& default_of(const ast::BlockParameter& parameter, const ast::Call& call) {
  for (const ast::CallArgument& argument : call.arguments)
    if (argument.parameter->text == parameter.default_value->text) return argument.value;
  return *parameter.default_value;
}

// Arguments by place; those that have a default by name.
void trim(ast::Call& call, const Blocks& blocks) {
  const ast::Block& block = *blocks.at(call.block.text);
  std::vector<ast::CallArgument> arguments;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const ast::BlockParameter& parameter = block.parameters[i];
    ast::CallArgument argument = call.arguments[i];
    if (!parameter.default_value)
      argument.parameter.reset();
    else if (is_equal(default_of(parameter, call), argument.value))
      continue;
    arguments.push_back(std::move(argument));
  }
  call.arguments = std::move(arguments);
}

}  // namespace

ast::File trimmed(ast::File file) {
  Blocks blocks;
  for (const ast::Statement& s : file.statements)
    if (const auto* block = std::get_if<ast::Block>(&s.what)) blocks[block->name.text] = block;
  for_each_statement(file.statements, [&](ast::Statement& s) {
    if (auto* layer = std::get_if<ast::Layer>(&s.what)) *layer = trimmed(std::move(*layer));
    if (auto* call = std::get_if<ast::Call>(&s.what)) trim(*call, blocks);
    // A call without arguments is written without parentheses.
    if (auto* call = std::get_if<ast::Call>(&s.what); call && call->arguments.empty())
      s.what = ast::Layer{call->block, {}};
  });
  return file;
}

}  // namespace cnnc
