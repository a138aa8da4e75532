// LLVM modules that are not kernels → objects: for the least processor of an architecture,
// position-independent.
#pragma once
#include <llvm/IR/Module.h>

#include <memory>
#include <string>

#include "target/target.h"

namespace cnnc {

// Makes LLVM know all machines; to be called before anything else of it, any number of times.
void initialise_llvm();

// An empty module for that machine and the target's system.
std::unique_ptr<llvm::Module> make_module(const std::string& name, const Target& target,
                                          llvm::LLVMContext& context);

// C's size_t there.
llvm::IntegerType* size_type(const llvm::Module& module);

// Its object file. Throws std::logic_error if the module is not well-formed, or LLVM lacks the architecture.
std::string object_code(llvm::Module& module, const Target& target);

}  // namespace cnnc
