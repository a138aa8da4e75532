// Objects → code in this process.
#pragma once
#include <llvm/ExecutionEngine/Orc/LLJIT.h>

#include <memory>
#include <string>

#include "emit/library/library_objects.h"

namespace cnnc {

// Loads the objects; libc's functions come from this process. These throw std::runtime_error.
std::unique_ptr<llvm::orc::LLJIT> make_jit(const Objects& objects);

// Gives a symbol that no object defines an address; before anything is looked up.
void define(llvm::orc::LLJIT& jit, const std::string& symbol, const void* address);

// The address of a symbol.
void* look_up(llvm::orc::LLJIT& jit, const std::string& symbol);

}  // namespace cnnc
