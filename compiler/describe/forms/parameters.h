// Parameters for pieces of text that differ in numbers.
#pragma once
#include <vector>

#include "describe/forms/slots.h"

namespace cnnc {

// What several pieces of one form have in common.
struct Template {
  std::vector<ast::BlockParameter> parameters;
  std::vector<ast::Expression> slots;                   // in terms of the parameters
  std::vector<std::vector<ast::Expression>> arguments;  // of each piece: a value for every parameter
};

// `pieces` has the values of the slots of each piece. A number that is the same in all stays; numbers that
// are always equal, or always a multiple or a fraction of another, share a parameter.
Template template_of(const std::vector<Role>& roles, const std::vector<std::vector<ast::Expression>>& pieces);

}  // namespace cnnc
