#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/Support/MemoryBuffer.h>

#include <stdexcept>

#include "emit/emit.h"
#include "emit/library_objects.h"
#include "emit/machine.h"

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

// Pointers to inputs, outputs and the workspace as one list: the run function has a parameter for each.
using AnyRun = int (*)(const void* const* pointers);

}  // namespace

struct LoadedLibrary::Implementation {
  std::unique_ptr<llvm::orc::LLJIT> jit;
  AnyRun run = nullptr;
};

LoadedLibrary::LoadedLibrary(const Plan& plan, int jobs)
    : implementation_(std::make_unique<Implementation>()) {
  InterfaceOptions options;
  options.run_by_list = true;
  const Objects objects = library_objects(plan, options, jobs);
  initialise_llvm();
  implementation_->jit = unwrap(llvm::orc::LLJITBuilder().create());
  llvm::orc::LLJIT& jit = *implementation_->jit;
  // libc's functions come from this process.
  jit.getMainJITDylib().addGenerator(unwrap(
      llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(jit.getDataLayout().getGlobalPrefix())));
  for (const auto& [name, bytes] : objects)
    check(jit.addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(bytes, name)));
  implementation_->run = llvm::jitTargetAddressToFunction<AnyRun>(
      unwrap(jit.lookup(symbols_of(plan).prefix + "_run_by_list")).getAddress());
}

LoadedLibrary::~LoadedLibrary() = default;

int LoadedLibrary::run(const std::vector<const float*>& inputs, const std::vector<float*>& outputs,
                       void* workspace) const {
  std::vector<const void*> pointers(inputs.begin(), inputs.end());
  pointers.insert(pointers.end(), outputs.begin(), outputs.end());
  pointers.push_back(workspace);
  return implementation_->run(pointers.data());
}

}  // namespace cnnc
