#include "emit/machine.h"

#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/Target/TargetOptions.h>
#include <llvm/Transforms/IPO/PassManagerBuilder.h>

#include <stdexcept>

namespace cnnc {

namespace {

constexpr const char* kTriple = "x86_64-unknown-linux-gnu";

std::unique_ptr<llvm::TargetMachine> make_machine() {
  initialise_llvm();
  std::string error;
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(kTriple, error);
  if (!target) throw std::logic_error(error);
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      kTriple, "x86-64", "", {}, llvm::Reloc::PIC_, llvm::None, llvm::CodeGenOpt::Aggressive));
}

// Straight-line code with a few branches: what the standard passes do at level 2 is more than enough.
void optimise(llvm::Module& module) {
  llvm::PassManagerBuilder builder;
  builder.OptLevel = 2;
  llvm::legacy::PassManager passes;
  builder.populateModulePassManager(passes);
  passes.run(module);
}

}  // namespace

void initialise_llvm() {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
}

std::unique_ptr<llvm::Module> make_module(const std::string& name, llvm::LLVMContext& context) {
  auto module = std::make_unique<llvm::Module>(name, context);
  module->setTargetTriple(kTriple);
  module->setDataLayout(make_machine()->createDataLayout());
  module->setPICLevel(llvm::PICLevel::BigPIC);
  return module;
}

std::string object_code(llvm::Module& module) {
  std::string error;
  llvm::raw_string_ostream error_stream(error);
  if (llvm::verifyModule(module, &error_stream)) throw std::logic_error(error_stream.str());
  optimise(module);
  const std::unique_ptr<llvm::TargetMachine> machine = make_machine();
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream out(bytes);
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, out, nullptr, llvm::CGFT_ObjectFile))
    throw std::logic_error("LLVM cannot write object files");
  passes.run(module);
  return std::string(bytes.data(), bytes.size());
}

}  // namespace cnnc
