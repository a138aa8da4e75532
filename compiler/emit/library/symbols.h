// What the functions of a library are called.
#pragma once
#include <string>
#include <vector>

#include "plan/plans.h"

namespace cnnc {

struct Symbols {
  std::string prefix;                // lenet5
  std::vector<std::string> kernels;  // by Plan::kernels
  std::string weights;
};
Symbols symbols_of(const Plan& plan);

// For each plan; of several, the names of kernels have the target's in them.
std::vector<Symbols> symbols_of(const Plans& plans);

}  // namespace cnnc
