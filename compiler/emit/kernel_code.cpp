#include "emit/kernel_code.h"

#include <fmt/format.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/raw_ostream.h>

#include <set>
#include <sstream>
#include <stdexcept>

#include "kernels/kernel.h"

namespace cnnc {

namespace {

// A generated library may call libc's memory functions and nothing else; Halide's own runtime is not there.
void check_calls(const llvm::Module& module, const std::string& symbol) {
  static const std::set<std::string, std::less<>> allowed = {"memset", "memcpy", "memmove"};
  for (const llvm::Function& function : module)
    if (function.isDeclaration() && !function.isIntrinsic() && !allowed.count(function.getName().str()) &&
        !function.use_empty())
      throw std::logic_error(fmt::format("kernel {} calls {}", symbol, function.getName().str()));
}

// Only the run function of the same library calls a kernel.
void hide(llvm::Module& module) {
  for (llvm::Function& function : module)
    if (!function.isDeclaration() && !function.hasLocalLinkage())
      function.setVisibility(llvm::GlobalValue::HiddenVisibility);
}

}  // namespace

std::string kernel_code(const Kernel& kernel, const Target& target, const std::string& symbol,
                        KernelForm form) {
  ScheduledKernel scheduled = schedule_kernel(kernel, target);
  const Halide::Module module = Halide::Pipeline(scheduled.result)
                                    .compile_to_module(scheduled.arguments, symbol, halide_target(target),
                                                       Halide::LinkageType::External);
  if (form == KernelForm::stmt) {
    std::ostringstream text;
    text << module;
    return text.str();
  }
  llvm::LLVMContext context;
  const std::unique_ptr<llvm::Module> code = Halide::compile_module_to_llvm_module(module, context);
  check_calls(*code, symbol);
  hide(*code);
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream out(bytes);
  if (form == KernelForm::llvm) Halide::compile_llvm_module_to_llvm_assembly(*code, out);
  if (form == KernelForm::assembly) Halide::compile_llvm_module_to_assembly(*code, out);
  if (form == KernelForm::object) Halide::compile_llvm_module_to_object(*code, out);
  return std::string(bytes.data(), bytes.size());
}

}  // namespace cnnc
