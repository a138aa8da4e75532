// What the functions of a library are called.
#pragma once
#include <string>
#include <vector>

#include "plan/plan.h"

namespace cnnc {

struct Symbols {
  std::string prefix;                // lenet5
  std::vector<std::string> kernels;  // by Plan::kernels
  std::string weights;
};
Symbols symbols_of(const Plan& plan);

}  // namespace cnnc
