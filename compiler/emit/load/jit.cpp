#include "emit/load/jit.h"

#include <llvm/Support/MemoryBuffer.h>

#include <stdexcept>

#include "emit/llvm/llvm_versions.h"
#include "emit/llvm/machine.h"

namespace cnnc {

namespace {

template <class T>
T unwrap(llvm::Expected<T> value) {
  if (!value) throw std::runtime_error("cannot load the library: " + llvm::toString(value.takeError()));
  return std::move(*value);
}

void check(llvm::Error error) {
  if (error) throw std::runtime_error("cannot load the library: " + llvm::toString(std::move(error)));
}

}  // namespace

std::unique_ptr<llvm::orc::LLJIT> make_jit(const Objects& objects) {
  initialise_llvm();
  std::unique_ptr<llvm::orc::LLJIT> jit = unwrap(llvm::orc::LLJITBuilder().create());
  jit->getMainJITDylib().addGenerator(unwrap(llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      jit->getDataLayout().getGlobalPrefix())));
  for (const auto& [name, bytes] : objects)
    check(jit->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(bytes, name)));
  return jit;
}

void define(llvm::orc::LLJIT& jit, const std::string& symbol, const void* address) {
  const auto value = jit_symbol(address, llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable);
  check(jit.getMainJITDylib().define(llvm::orc::absoluteSymbols({{jit.mangleAndIntern(symbol), value}})));
}

void* look_up(llvm::orc::LLJIT& jit, const std::string& symbol) {
  return pointer_to(unwrap(jit.lookup(symbol)));
}

}  // namespace cnnc
