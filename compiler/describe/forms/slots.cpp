#include "describe/forms/slots.h"

#include "describe/text/layers.h"
#include "describe/text/visit.h"
#include "syntax/formatter.h"

namespace cnnc {
namespace {

using Visit = std::function<void(ast::Expression&, const Role&)>;

bool is_size(AttributeKind kind) {
  return kind == AttributeKind::integer || kind == AttributeKind::pair || kind == AttributeKind::padding;
}

void visit_layer(ast::Layer& layer, int statement, const Visit& visit) {
  for_each_attribute(layer, [&](const AttributeRule& rule, const std::vector<ast::Argument*>& values) {
    if (!is_size(rule.kind)) return;
    const std::string name(rule.name);
    for (ast::Argument* value : values) {
      if (auto* sizes = std::get_if<ast::Dimensions>(value)) {
        visit(sizes->sizes[0], {name, Role::Axis::height, layer.op.text, statement});
        visit(sizes->sizes[1], {name, Role::Axis::width, layer.op.text, statement});
      } else if (auto& size = std::get<ast::Expression>(*value); size.text != "same") {
        visit(size, {name, Role::Axis::none, layer.op.text, statement});
      }
    }
  });
}

}  // namespace

void for_each_slot(std::vector<ast::Statement>& statements, const Visit& visit) {
  int statement = 0;
  for_each_statement(statements, [&](ast::Statement& s) {
    ++statement;
    if (auto* layer = std::get_if<ast::Layer>(&s.what)) visit_layer(*layer, statement, visit);
    if (auto* repeat = std::get_if<ast::Repeat>(&s.what))
      visit(repeat->count, {"count", Role::Axis::none, "", statement});
    if (auto* call = std::get_if<ast::Call>(&s.what))
      for (ast::CallArgument& argument : call->arguments)
        visit(argument.value, {argument.parameter->text, Role::Axis::none, call->block.text, statement});
  });
}

std::string form_of(std::vector<ast::Statement> statements) {
  for_each_slot(statements, [](ast::Expression& e, const Role&) { e = plain_word("#"); });
  ast::File file;
  file.statements = std::move(statements);
  return format(file);
}

}  // namespace cnnc
