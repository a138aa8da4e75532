// Walks through a text.
#pragma once
#include <functional>
#include <vector>

#include "syntax/ast.h"

namespace cnnc {

// The statement's bodies, in order; of a concat one a branch.
std::vector<ast::Body*> bodies_of(ast::Statement& statement);

// Every statement, those inside of one before it.
void for_each_statement(std::vector<ast::Statement>& statements,
                        const std::function<void(ast::Statement&)>& visit);

// Every list of statements: bodies inside before those around them.
void for_each_list(std::vector<ast::Statement>& statements,
                   const std::function<void(std::vector<ast::Statement>&)>& visit);

}  // namespace cnnc
