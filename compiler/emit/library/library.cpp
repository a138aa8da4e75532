#include "emit/library/library.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "emit/kernels/kernel_code.h"
#include "emit/kernels/kernel_objects.h"
#include "emit/kernels/workers.h"
#include "emit/library/archive.h"
#include "emit/library/header.h"
#include "emit/library/interface.h"
#include "emit/library/library_objects.h"
#include "emit/library/weights_object.h"
#include "runtime/cnnc_rt.h"
#include "runtime/embedded.h"

namespace cnnc {

namespace {

Member weights_member(const Plan& plan, const std::string& symbol) {
  const std::string head = head_of_weights_object(symbol, plan.weights_bytes, *plan.target.architecture);
  return {symbol + ".o",
          {symbol},
          static_cast<int64_t>(head.size()) + plan.weights_bytes,
          [&plan, head](const ByteSink& take) {
            take(head.data(), head.size());
            write_weights(plan, take);
          }};
}

}  // namespace

Objects library_objects(const Plan& plan, const InterfaceOptions& options, const KernelObjects& kernels) {
  const Symbols symbols = symbols_of(plan);
  Objects objects{{symbols.prefix + ".o", interface_object(plan, symbols, options)}};
  for (size_t i = 0; i < kernels.objects.size(); ++i)
    objects.emplace_back(symbols.kernels[i] + ".o", kernels.objects[i]);
  for (const EmbeddedObject& object : runtime_objects(plan.target.architecture->name))
    objects.emplace_back(object.name, std::string(object.begin, object.end));
  return objects;
}

Library emit_library(const Plan& plan, const EmitOptions& options) {
  for (const Kernel& kernel : plan.kernels)
    if (!kernel.strategy.empty())
      throw std::logic_error(
          fmt::format("kernels by '{}' are for comparison; a library cannot have them", kernel.strategy));
  InterfaceOptions interface_options;
  // Weights of no bytes cannot be mapped: a network without any has them inside whatever is asked.
  interface_options.weights_file = options.weights_file && plan.weights_bytes > 0;
  interface_options.check_finite = options.check_finite;
  if (interface_options.weights_file) interface_options.weights_hash = hash_weights(plan);
  const HeaderOptions header{interface_options.weights_file, options.check_finite, CNNC_VERSION};
  interface_options.header_suffix = header_suffix(plan, header);
  std::vector<Member> members;
  const KernelObjects kernels{kernel_objects(plan, symbols_of(plan).kernels, options.kernels)};
  for (auto& [name, object] : library_objects(plan, interface_options, kernels))
    members.push_back(make_member(name, std::move(object)));
  if (plan.weights_bytes > 0 && !options.weights_file)
    members.push_back(weights_member(plan, symbols_of(plan).weights));
  Library library;
  library.archive = [members](const ByteSink& take) { write_archive(members, take); };
  library.header = make_header(plan, header);
  library.weights = [&plan](const ByteSink& take) { write_weights(plan, take); };
  return library;
}

std::string emit_text(const Plan& plan, KernelText kind, int jobs) {
  const KernelForm form = kind == KernelText::stmt   ? KernelForm::stmt
                          : kind == KernelText::llvm ? KernelForm::llvm
                                                     : KernelForm::assembly;
  const std::string comment = kind == KernelText::stmt ? "//" : kind == KernelText::llvm ? ";" : "#";
  std::string text;
  const Symbols symbols = symbols_of(plan);
  const std::vector<std::string> kernels = run_in_children(plan.kernels.size(), jobs, [&](size_t i) {
    return kernel_code(plan.kernels[i], plan.target, symbols.kernels[i], form);
  });
  for (size_t i = 0; i < kernels.size(); ++i)
    text += comment + " " + to_string(plan.kernels[i]) + "\n" + kernels[i] + "\n";
  return text;
}

}  // namespace cnnc
