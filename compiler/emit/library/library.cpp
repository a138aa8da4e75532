#include "emit/library/library.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "emit/header/header.h"
#include "emit/kernels/kernel_code.h"
#include "emit/kernels/kernel_objects.h"
#include "emit/kernels/workers.h"
#include "emit/library/interface.h"
#include "emit/library/interface_pixels.h"
#include "emit/library/library_objects.h"
#include "emit/library/python_module.h"
#include "emit/library/weights_object.h"
#include "emit/objects/archive.h"
#include "emit/objects/objects.h"
#include "runtime/cnnc_rt.h"
#include "runtime/embedded.h"

namespace cnnc {

namespace {

// The members of the runtime that only the libraries of quantised networks need, and only those with targets
// for these.
constexpr const char* kObjectOfBytes = "cnnc_rt_bytes_halo" CNNC_RT_SUFFIX ".o";
constexpr const char* kObjectOfTargetsForBytes = "cnnc_rt_bytes_cpu" CNNC_RT_SUFFIX ".o";
constexpr const char* kObjectOfSeveralForBytes = "cnnc_rt_bytes_sets" CNNC_RT_SUFFIX ".o";
// And those that only libraries need of networks that read pictures, or have labels.
constexpr const char* kObjectOfPixels = "cnnc_rt_pixels" CNNC_RT_SUFFIX ".o";
constexpr const char* kObjectOfByteInputs = "cnnc_rt_bytes_input" CNNC_RT_SUFFIX ".o";
constexpr const char* kObjectOfLabels = "cnnc_rt_top" CNNC_RT_SUFFIX ".o";

Member weights_member(const Plans& plans, const std::string& symbol) {
  const Target& target = plans.best().target;
  const std::string name = target.system->symbol_prefix + symbol;
  const DataObject object = data_object(name, plans.weights_bytes, target);
  return {symbol + ".o",
          {name},
          static_cast<int64_t>(object.head.size() + object.tail.size()) + plans.weights_bytes,
          [&plans, object](const ByteSink& take) {
            take(object.head.data(), object.head.size());
            write_weights(plans, take);
            take(object.tail.data(), object.tail.size());
          }};
}

void refuse_strategies(const Plan& plan) {
  for (const Kernel& kernel : plan.kernels)
    if (!kernel.strategy.empty())
      throw std::logic_error(
          fmt::format("kernels by '{}' are for comparison; a library cannot have them", kernel.strategy));
}

// Of all plans. Kernels are compiled a plan after the other, and counted together.
std::vector<KernelObjects> all_kernels(const Plans& plans, const std::vector<Symbols>& symbols,
                                       const KernelOptions& options) {
  std::vector<KernelObjects> all;
  for (size_t i = 0; i < symbols.size(); ++i)
    all.push_back({kernel_objects(plans.of_targets[i], symbols[i].kernels, options)});
  return all;
}

bool has_other_than_floats(const Plan& plan) {
  return std::any_of(plan.buffers.begin(), plan.buffers.end(),
                     [](const Buffer& buffer) { return buffer.layout.type != ElementType::float32; });
}

bool is_carried(const EmbeddedObject& object, const Plans& plans, const InterfaceOptions& options) {
  const std::string_view name = object.name;
  if (name == kObjectOfTargetsForBytes || name == kObjectOfSeveralForBytes)
    return has_target_for_bytes(plans);
  if (name == kObjectOfBytes) return has_other_than_floats(plans.best());
  if (name == kObjectOfByteInputs) return makes_bytes_of_pixels(plans.best());
  if (name == kObjectOfLabels) return !options.labels.empty();
  return name != kObjectOfPixels || reads_pixels(plans.best());
}

}  // namespace

Objects library_objects(const Plans& plans, const InterfaceOptions& options,
                        const std::vector<KernelObjects>& kernels) {
  const std::vector<Symbols> symbols = symbols_of(plans);
  const Target& target = plans.best().target;
  Objects objects{{symbols[0].prefix + ".o", interface_object(plans, symbols, options)}};
  for (size_t p = 0; p < kernels.size(); ++p)
    for (size_t i = 0; i < kernels[p].objects.size(); ++i)
      objects.emplace_back(symbols[p].kernels[i] + ".o", kernels[p].objects[i]);
  for (const EmbeddedObject& object : runtime_objects(target.architecture->name, target.system->name))
    if (is_carried(object, plans, options))
      objects.emplace_back(object.name, std::string(object.begin, object.end));
  return objects;
}

Library emit_library(const Plans& plans, const EmitOptions& options) {
  for (const Plan& plan : plans.of_targets) refuse_strategies(plan);
  InterfaceOptions interface_options;
  // Weights of no bytes cannot be mapped: a network without any has them inside whatever is asked.
  interface_options.weights_file = options.weights_file && plans.weights_bytes > 0;
  interface_options.check_finite = options.check_finite;
  if (interface_options.weights_file) interface_options.weights_hash = hash_weights(plans);
  interface_options.labels = options.labels;
  interface_options.ports = options.ports;
  const HeaderOptions header{interface_options.weights_file, options.check_finite, CNNC_VERSION,
                             options.labels, options.ports};
  interface_options.header_suffix = header_suffix(plans, header);
  std::vector<Member> members;
  const std::vector<Symbols> symbols = symbols_of(plans);
  const std::vector<KernelObjects> kernels = all_kernels(plans, symbols, options.kernels);
  for (auto& [name, object] : library_objects(plans, interface_options, kernels))
    members.push_back(make_member(name, std::move(object)));
  if (plans.weights_bytes > 0 && !options.weights_file)
    members.push_back(weights_member(plans, symbols[0].weights));
  Library library;
  library.functions = members.front().symbols;  // of interface_object()
  library.archive = [members, format = plans.best().target.system->format](const ByteSink& take) {
    write_archive(members, format, take);
  };
  library.header = make_header(plans, header);
  if (!options.python_loads.empty()) library.python = python_module(plans, header, options.python_loads);
  if (options.script) {
    library.script = script(plans, header, *options.script);
    library.types = script_types(plans, header);
    library.npm = npm_package(plans, header, *options.script);
  }
  library.weights = [&plans](const ByteSink& take) { write_weights(plans, take); };
  return library;
}

namespace {

std::string text_of_kernels(const Plan& plan, const Symbols& symbols, KernelForm form,
                            const std::string& comment, int jobs) {
  std::string text;
  const std::vector<std::string> kernels = run_in_children(plan.kernels.size(), jobs, [&](size_t i) {
    return kernel_code(plan.kernels[i], plan.target, symbols.kernels[i], form);
  });
  for (size_t i = 0; i < kernels.size(); ++i)
    text += comment + " " + to_string(plan.kernels[i]) + "\n" + kernels[i] + "\n";
  return text;
}

}  // namespace

std::string emit_text(const Plans& plans, KernelText kind, int jobs) {
  const KernelForm form = kind == KernelText::stmt   ? KernelForm::stmt
                          : kind == KernelText::llvm ? KernelForm::llvm
                                                     : KernelForm::assembly;
  const std::string comment = kind == KernelText::stmt ? "//" : kind == KernelText::llvm ? ";" : "#";
  std::string text;
  const std::vector<Symbols> symbols = symbols_of(plans);
  for (size_t i = 0; i < symbols.size(); ++i)
    text += text_of_kernels(plans.of_targets[i], symbols[i], form, comment, jobs);
  return text;
}

}  // namespace cnnc
