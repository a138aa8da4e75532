// What a kernel of the family "tensor" computes: a tensor of any rank from others, by the definitions of
// operators that are applied one to the other. Nothing between them is stored.
#pragma once
#include <string>
#include <vector>

#include "graph/attributes.h"
#include "graph/shape.h"

namespace cnnc {

// One operator of it, or an argument of the kernel.
struct TensorTerm {
  // "input" or "constant", number `argument` of the kernel's; else an operator of ops/: of two
  // terms also where that has a constant.
  std::string op;
  Attributes attributes;
  std::vector<int> terms;  // that it is applied to: smaller indices
  int argument = -1;
  Shape shape;
};

// The last term is what is stored. Empty: the kernel is of another family.
using TensorProgram = std::vector<TensorTerm>;

bool operator==(const TensorTerm& a, const TensorTerm& b);

// Whether element i of the term is made of element i of each of its terms, if these have its shape.
bool is_elementwise_term(const TensorTerm& term);

// "0 input 3x4x5 | 1 permute order 1,2,0 (0) 4x5x3"
std::string to_string(const TensorProgram& program);

}  // namespace cnnc
