// The numbers of statements, and their form without them: what makes two pieces of a text alike.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "syntax/ast.h"

namespace cnnc {

// What a number is: an attribute's size, a repeat's count, or what a block calls it.
struct Role {
  enum class Axis { none, height, width };
  std::string name;  // "channels", "filter", "count"
  Axis axis = Axis::none;
  std::string op;     // the layer's or block's
  int statement = 0;  // which of them it belongs to
};

// Visits every size of layers, count of repeats and argument of calls, in order. Layers are as layer_of makes
// them, calls with all arguments by name.
void for_each_slot(std::vector<ast::Statement>& statements,
                   const std::function<void(ast::Expression&, const Role&)>& visit);

// The text with a word in the place of each slot.
std::string form_of(std::vector<ast::Statement> statements);

}  // namespace cnnc
