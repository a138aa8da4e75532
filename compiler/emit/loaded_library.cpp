#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/Support/MemoryBuffer.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>

#include "emit/emit.h"
#include "emit/library_objects.h"
#include "emit/machine.h"
#include "emit/weights_object.h"

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

// Pointers to inputs, outputs, the workspace and the weights as one list: the run function has a parameter
// for each.
using AnyRun = int (*)(const void* const* pointers);

// The weights, in memory of our own: the loader would copy an object's.
std::unique_ptr<std::byte, decltype(&std::free)> load_weights(const Plan& plan) {
  std::unique_ptr<std::byte, decltype(&std::free)> weights(nullptr, &std::free);
  if (plan.weights_bytes == 0) return weights;
  const auto bytes = static_cast<size_t>(plan.weights_bytes);
  weights.reset(static_cast<std::byte*>(std::aligned_alloc(kAlignment, bytes)));
  if (!weights) throw std::bad_alloc();
  std::byte* at = weights.get();
  write_weights(plan, [&](const void* data, size_t n) {
    std::memcpy(at, data, n);
    at += n;
  });
  return weights;
}

}  // namespace

struct LoadedLibrary::Implementation {
  std::unique_ptr<std::byte, decltype(&std::free)> weights;
  std::unique_ptr<llvm::orc::LLJIT> jit = nullptr;
  AnyRun run = nullptr;
};

LoadedLibrary::LoadedLibrary(const Plan& plan, int jobs)
    : implementation_(new Implementation{load_weights(plan)}) {
  InterfaceOptions options;
  options.weights_file = true;  // its hash is not asked for
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
  pointers.push_back(implementation_->weights.get());
  return implementation_->run(pointers.data());
}

}  // namespace cnnc
