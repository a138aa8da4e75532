#include "emit/library/symbols.h"

#include <fmt/format.h>

#include "emit/header/header_names.h"

namespace cnnc {

namespace {

// `infix` stands between the network's name and the kernel's.
Symbols symbols_with(const Plan& plan, const std::string& infix) {
  Symbols symbols;
  symbols.prefix = header_names(plan).symbol;
  symbols.weights = symbols.prefix + "_weights";
  for (size_t i = 0; i < plan.kernels.size(); ++i)
    symbols.kernels.push_back(
        fmt::format("{}{}_kernel{}_{}", symbols.prefix, infix, i, plan.kernels[i].family));
  return symbols;
}

}  // namespace

Symbols symbols_of(const Plan& plan) {
  return symbols_with(plan, "");
}

std::vector<Symbols> symbols_of(const Plans& plans) {
  if (plans.of_targets.size() == 1) return {symbols_of(plans.best())};
  std::vector<Symbols> all;
  for (const Plan& plan : plans.of_targets)
    all.push_back(symbols_with(plan, "_" + identifier_of(plan.target)));
  return all;
}

}  // namespace cnnc
