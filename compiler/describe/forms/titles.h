// Names for blocks and sequences, by what they hold.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "syntax/ast.h"

namespace cnnc {

struct Titles {
  std::set<std::string> taken;
};

// Of a block whose calls have these names ("": none): what the names have in common, inception of inception3a
// and inception4b; else as for a sequence.
std::string title_of_block(Titles& titles, std::vector<ast::Statement>& body,
                           const std::vector<std::string>& names_of_calls);

// conv_bn_relu, bottleneck; with a number where that is taken.
std::string title_of_sequence(Titles& titles, std::vector<ast::Statement>& body);

}  // namespace cnnc
