#include "emit/library/symbols.h"

#include <fmt/format.h>

#include "emit/library/header_names.h"

namespace cnnc {

Symbols symbols_of(const Plan& plan) {
  Symbols symbols;
  symbols.prefix = header_names(plan).symbol;
  symbols.weights = symbols.prefix + "_weights";
  for (size_t i = 0; i < plan.kernels.size(); ++i)
    symbols.kernels.push_back(fmt::format("{}_kernel{}_{}", symbols.prefix, i, plan.kernels[i].family));
  return symbols;
}

}  // namespace cnnc
