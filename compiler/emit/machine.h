// LLVM modules that are not kernels → objects: baseline x86-64, position-independent.
#pragma once
#include <llvm/IR/Module.h>

#include <memory>
#include <string>

namespace cnnc {

// Makes LLVM know the machine; to be called before anything else of it, any number of times.
void initialise_llvm();

// An empty module for that machine.
std::unique_ptr<llvm::Module> make_module(const std::string& name, llvm::LLVMContext& context);

// Its object file. Throws std::logic_error if the module is not well-formed.
std::string object_code(llvm::Module& module);

}  // namespace cnnc
