#include "emit/llvm/machine.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <llvm/IR/DataLayout.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/raw_ostream.h>

#include <stdexcept>

#include "runtime/names.h"

namespace cnnc {

namespace {

// LLVM's C functions, which are the same from version to version, return 0, or not 0 and what is wrong.
void check(LLVMBool failed, char* message) {
  if (!failed) return;
  const std::string text = message;
  LLVMDisposeMessage(message);
  throw std::logic_error(text);
}

using Machine = std::unique_ptr<LLVMOpaqueTargetMachine, decltype(&LLVMDisposeTargetMachine)>;

// Whether the code runs wherever the system puts it; a module is linked once for all.
bool is_moved(const Target& target) {
  return target.system->modules.empty();
}

Machine make_machine(const Target& made_for) {
  initialise_llvm();
  LLVMTargetRef target = nullptr;
  char* message = nullptr;
  const std::string triple = triple_of(made_for);
  check(LLVMGetTargetFromTriple(triple.c_str(), &target, &message), message);
  return {LLVMCreateTargetMachine(target, triple.c_str(), made_for.architecture->baseline_cpu, "",
                                  LLVMCodeGenLevelAggressive,
                                  is_moved(made_for) ? LLVMRelocPIC : LLVMRelocStatic, LLVMCodeModelDefault),
          &LLVMDisposeTargetMachine};
}

// How values lie in memory, and how symbols are written.
void set_layout(llvm::Module& module, const Target& target) {
  LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(make_machine(target).get());
  LLVMSetModuleDataLayout(llvm::wrap(&module), layout);
  LLVMDisposeTargetData(layout);
}

// Straight-line code with a few branches: what the standard passes do at level 2 is more than enough. Before
// them each address becomes one sum, so that of two that are equal no part is kept in a register over a call.
void optimise(llvm::Module& module, const Machine& machine) {
  LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
  LLVMErrorRef error =
      LLVMRunPasses(llvm::wrap(&module), "function(instcombine),default<O2>", machine.get(), options);
  LLVMDisposePassBuilderOptions(options);
  if (error) throw std::logic_error(llvm::toString(llvm::unwrap(error)));
}

}  // namespace

void initialise_llvm() {
  LLVMInitializeAllTargetInfos();
  LLVMInitializeAllTargets();
  LLVMInitializeAllTargetMCs();
  LLVMInitializeAllAsmPrinters();
}

std::unique_ptr<llvm::Module> make_module(const std::string& name, const Target& target,
                                          llvm::LLVMContext& context) {
  auto module = std::make_unique<llvm::Module>(name, context);
  module->setTargetTriple(triple_of(target));
  set_layout(*module, target);
  if (is_moved(target)) module->setPICLevel(llvm::PICLevel::BigPIC);
  return module;
}

void fit_to_system(llvm::Module& module, const Target& target) {
  const System& system = *target.system;
  if (system.renames_kernels) {
    module.setTargetTriple(triple_of(target));
    set_layout(module, target);
  }
  if (!*system.touches_stack) return;
  for (llvm::Function& function : module)
    if (!function.isDeclaration())
      function.addFnAttr("probe-stack", std::string(system.touches_stack) + CNNC_RT_SUFFIX);
}

llvm::IntegerType* size_type(const llvm::Module& module) {
  return module.getDataLayout().getIntPtrType(module.getContext());
}

std::string object_code(llvm::Module& module, const Target& target) {
  std::string error;
  llvm::raw_string_ostream error_stream(error);
  if (llvm::verifyModule(module, &error_stream)) throw std::logic_error(error_stream.str());
  fit_to_system(module, target);
  const Machine machine = make_machine(target);
  optimise(module, machine);
  LLVMMemoryBufferRef object = nullptr;
  char* message = nullptr;
  check(LLVMTargetMachineEmitToMemoryBuffer(machine.get(), llvm::wrap(&module), LLVMObjectFile, &message,
                                            &object),
        message);
  const std::string bytes(LLVMGetBufferStart(object), LLVMGetBufferSize(object));
  LLVMDisposeMemoryBuffer(object);
  return bytes;
}

}  // namespace cnnc
