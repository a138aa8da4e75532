#include "describe/text/visit.h"

namespace cnnc {
namespace {

template <class Kind>
std::vector<ast::Body*> bodies(Kind&) {
  return {};
}
std::vector<ast::Body*> bodies(ast::Repeat& s) {
  return {&s.body};
}
std::vector<ast::Body*> bodies(ast::Group& s) {
  return {&s.body};
}
std::vector<ast::Body*> bodies(ast::Gate& s) {
  return {&s.body};
}
std::vector<ast::Body*> bodies(ast::Block& s) {
  return {&s.body};
}
std::vector<ast::Body*> bodies(ast::Residual& s) {
  if (s.shortcut && s.shortcut->body) return {&s.body, &*s.shortcut->body};
  return {&s.body};
}
std::vector<ast::Body*> bodies(ast::Concat& s) {
  std::vector<ast::Body*> result;
  for (ast::Branch& branch : s.branches) result.push_back(&branch.body);
  return result;
}

}  // namespace

std::vector<ast::Body*> bodies_of(ast::Statement& statement) {
  return std::visit([](auto& what) { return bodies(what); }, statement.what);
}

void for_each_statement(std::vector<ast::Statement>& statements,
                        const std::function<void(ast::Statement&)>& visit) {
  for (ast::Statement& s : statements) {
    for (ast::Body* body : bodies_of(s)) for_each_statement(body->statements, visit);
    visit(s);
  }
}

void for_each_list(std::vector<ast::Statement>& statements,
                   const std::function<void(std::vector<ast::Statement>&)>& visit) {
  for (ast::Statement& s : statements)
    for (ast::Body* body : bodies_of(s)) for_each_list(body->statements, visit);
  visit(statements);
}

}  // namespace cnnc
