// What LLVM 14 and LLVM 19 call differently.
#pragma once
#include <llvm/Config/llvm-config.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/IRBuilder.h>

namespace cnnc {

// To a byte: from LLVM 15 on, all pointers are of this type.
inline llvm::PointerType* byte_pointer(llvm::IRBuilder<>& ir) {
  return llvm::PointerType::getUnqual(ir.getInt8Ty());
}

#if LLVM_VERSION_MAJOR < 17
inline llvm::JITEvaluatedSymbol jit_symbol(const void* address, llvm::JITSymbolFlags flags) {
  return {llvm::pointerToJITTargetAddress(address), flags};
}
inline void* pointer_to(const llvm::JITEvaluatedSymbol& symbol) {
  return llvm::jitTargetAddressToPointer<void*>(symbol.getAddress());
}
#else
inline llvm::orc::ExecutorSymbolDef jit_symbol(const void* address, llvm::JITSymbolFlags flags) {
  return {llvm::orc::ExecutorAddr::fromPtr(address), flags};
}
inline void* pointer_to(llvm::orc::ExecutorAddr address) {
  return address.toPtr<void*>();
}
#endif

}  // namespace cnnc
