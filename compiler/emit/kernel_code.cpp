#include "emit/kernel_code.h"

#include <fmt/format.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/raw_ostream.h>

#include <set>
#include <sstream>
#include <stdexcept>

#include "kernels/kernel.h"

namespace cnnc {

namespace {

constexpr const char* kParallelLoop = "cnnc_rt_parallel_loop";

Halide::Target target_of(const Kernel& kernel, const Target& target) {
  const Halide::Target plain = halide_target(target);
  return kernel.tasks > 1 ? plain.with_feature(Halide::Target::UserContext) : plain;
}

// Halide's function for parallel loops (context, body, min, extent, closure) gets a body, which calls our
// own.
void define_parallel_loop(llvm::Module& module, const std::string& symbol, int tasks) {
  llvm::Function* loop = module.getFunction("halide_do_par_for");
  if (!loop) return;
  loop->setName(symbol + "_parallel_loop");
  llvm::IRBuilder<> ir(llvm::BasicBlock::Create(module.getContext(), "", loop));
  std::vector<llvm::Type*> types(loop->getFunctionType()->params());
  std::vector<llvm::Value*> arguments;
  for (llvm::Argument& argument : loop->args()) arguments.push_back(&argument);
  types.push_back(ir.getInt32Ty());
  arguments.push_back(ir.getInt32(static_cast<uint32_t>(tasks)));
  auto* type = llvm::FunctionType::get(loop->getReturnType(), types, false);
  ir.CreateRet(ir.CreateCall(module.getOrInsertFunction(kParallelLoop, type), arguments));
}

// A generated library may call libc's memory functions and its own; Halide's own runtime is not there.
void check_calls(const llvm::Module& module, const std::string& symbol) {
  static const std::set<std::string, std::less<>> allowed = {"memset", "memcpy", "memmove", kParallelLoop};
  for (const llvm::Function& function : module)
    if (function.isDeclaration() && !function.isIntrinsic() && !allowed.count(function.getName().str()) &&
        !function.use_empty())
      throw std::logic_error(fmt::format("kernel {} calls {}", symbol, function.getName().str()));
}

// Only the run function of the same library calls a kernel, and nobody else the bodies of its loops.
void hide(llvm::Module& module, const std::string& symbol) {
  for (llvm::Function& function : module) {
    if (function.isDeclaration() || function.hasLocalLinkage()) continue;
    if (function.getName() == symbol)
      function.setVisibility(llvm::GlobalValue::HiddenVisibility);
    else
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
  }
}

}  // namespace

std::string kernel_code(const Kernel& kernel, const Target& target, const std::string& symbol,
                        KernelForm form) {
  ScheduledKernel scheduled = schedule_kernel(kernel, target);
  const Halide::Module module = Halide::Pipeline(scheduled.result)
                                    .compile_to_module(scheduled.arguments, symbol, target_of(kernel, target),
                                                       Halide::LinkageType::External);
  if (form == KernelForm::stmt) {
    std::ostringstream text;
    text << module;
    return text.str();
  }
  llvm::LLVMContext context;
  const std::unique_ptr<llvm::Module> code = Halide::compile_module_to_llvm_module(module, context);
  define_parallel_loop(*code, symbol, kernel.tasks);
  check_calls(*code, symbol);
  hide(*code, symbol);
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream out(bytes);
  if (form == KernelForm::llvm) Halide::compile_llvm_module_to_llvm_assembly(*code, out);
  if (form == KernelForm::assembly) Halide::compile_llvm_module_to_assembly(*code, out);
  if (form == KernelForm::object) Halide::compile_llvm_module_to_object(*code, out);
  return std::string(bytes.data(), bytes.size());
}

}  // namespace cnnc
