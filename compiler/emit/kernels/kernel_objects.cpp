#include "emit/kernels/kernel_objects.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "emit/kernels/build_identity.h"
#include "emit/kernels/kernel_code.h"
#include "emit/objects/objects.h"

namespace cnnc {

namespace {

// Every kernel is compiled under this name and gets its own afterwards: so models share what they have alike,
// and a layer that is added to a model does not compile those behind it anew.
constexpr const char* kAnySymbol = "cnnc_kernel";

// The variables by which Halide changes code, such as HL_LLVM_ARGS.
std::string halide_environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable; ++variable)
    if (std::string_view(*variable).substr(0, 3) == "HL_") variables.emplace_back(*variable);
  std::sort(variables.begin(), variables.end());
  return fmt::format("{}", fmt::join(variables, "\n"));
}

// All that determines the object of each kernel. Empty without a cache, or where this build cannot be told
// from others.
std::vector<std::string> keys_of(const Plan& plan, const KernelOptions& options) {
  if (!options.cache) return {};
  const std::optional<std::string> identity = build_identity();
  if (!identity) return {};
  const std::string common =
      fmt::format("{}{}\n{} on {}, of {} lanes, {} registers\n", *identity, halide_environment(),
                  plan.target.name, plan.target.system->name, plan.target.lanes, plan.target.registers);
  std::vector<std::string> keys;
  for (const Kernel& kernel : plan.kernels) keys.push_back(common + to_string(kernel));
  return keys;
}

// Compiles those kernels; each is kept under its key as soon as it is there, so that an interrupted
// compilation is not begun anew.
void compile(const Plan& plan, const std::vector<size_t>& missing, const std::vector<std::string>& keys,
             const KernelOptions& options, std::vector<std::string>& objects) {
  size_t done = 0;
  const auto report = [&] {
    if (options.progress) options.progress(done, missing.size());
  };
  const auto work = [&](size_t i) {
    return kernel_code(plan.kernels[missing[i]], plan.target, kAnySymbol, KernelForm::object);
  };
  report();
  run_in_children(missing.size(), options.jobs, work, [&](size_t i, std::string object) {
    if (!keys.empty()) write_cached(*options.cache, keys[missing[i]], object);
    objects[missing[i]] = std::move(object);
    ++done;
    report();
  });
}

// Without the keys of kernels by a strategy.
std::vector<std::string> keys_of_ours(const Plan& plan, const KernelOptions& options) {
  std::vector<std::string> keys = keys_of(plan, options);
  for (size_t k = 0; k < keys.size(); ++k)
    if (!plan.kernels[k].strategy.empty()) keys[k].clear();
  return keys;
}

}  // namespace

std::vector<std::string> kernel_objects(const Plan& plan, const std::vector<std::string>& symbols,
                                        const KernelOptions& options) {
  const std::vector<std::string> keys = keys_of(plan, options);
  std::vector<std::string> objects(plan.kernels.size());
  std::vector<size_t> missing;
  for (size_t i = 0; i < objects.size(); ++i) {
    std::optional<std::string> cached;
    if (!keys.empty()) cached = read_cached(*options.cache, keys[i]);
    if (cached)
      objects[i] = std::move(*cached);
    else
      missing.push_back(i);
  }
  if (!missing.empty()) compile(plan, missing, keys, options, objects);
  if (!missing.empty() && !keys.empty()) prune(*options.cache);
  for (size_t i = 0; i < objects.size(); ++i) objects[i] = rename_symbol(objects[i], kAnySymbol, symbols[i]);
  return objects;
}

std::vector<Outcome> try_kernels(const Plan& plan, const std::vector<size_t>& which,
                                 const std::vector<std::string>& symbols, const KernelOptions& options,
                                 double seconds) {
  const std::vector<std::string> keys = keys_of_ours(plan, options);
  const auto has_key = [&](size_t kernel) { return !keys.empty() && !keys[kernel].empty(); };
  std::vector<Outcome> outcomes(which.size());
  std::vector<size_t> missing;
  for (size_t i = 0; i < which.size(); ++i) {
    std::optional<std::string> cached;
    if (has_key(which[i])) cached = read_cached(*options.cache, keys[which[i]]);
    if (cached)
      outcomes[i].text = std::move(*cached);
    else
      missing.push_back(i);
  }
  const std::vector<Outcome> tried = try_in_children(missing.size(), options.jobs, seconds, [&](size_t i) {
    return kernel_code(plan.kernels[which[missing[i]]], plan.target, kAnySymbol, KernelForm::object);
  });
  for (size_t i = 0; i < missing.size(); ++i) {
    const size_t kernel = which[missing[i]];
    if (tried[i].ok() && has_key(kernel)) write_cached(*options.cache, keys[kernel], tried[i].text);
    outcomes[missing[i]] = tried[i];
  }
  if (!missing.empty() && !keys.empty()) prune(*options.cache);
  for (size_t i = 0; i < which.size(); ++i)
    if (outcomes[i].ok()) outcomes[i].text = rename_symbol(outcomes[i].text, kAnySymbol, symbols[which[i]]);
  return outcomes;
}

}  // namespace cnnc
