// What is written several times in a row, once.
#pragma once
#include <vector>

#include "syntax/ast.h"

namespace cnnc {

// Whether statements without a name are called by numbers.
enum class Naming { by_kind, by_number };

// Statements that follow each other several times word by word, and give nothing a name in their scope,
// become a `repeat`, in the list and in all bodies.
void write_repeats(std::vector<ast::Statement>& statements, Naming naming);

}  // namespace cnnc
