#include "emit/load/loaded_kernel.h"

#include <llvm/ExecutionEngine/Orc/LLJIT.h>

#include <array>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "emit/kernels/kernel_code.h"
#include "emit/load/jit.h"
#include "plan/choose/winograd_tasks.h"
#include "runtime/cnnc_rt.h"

namespace cnnc {

namespace {

constexpr size_t kMostArguments = 24;

using Pointer = void*;

// Calls a function of as many pointers as there are numbers.
template <size_t... number>
void call(Pointer function, const Pointer* arguments, std::index_sequence<number...>) {
  using Kernel = int (*)(decltype(static_cast<void>(number), Pointer())...);
  reinterpret_cast<Kernel>(function)(arguments[number]...);
}

template <size_t count>
void call(Pointer function, const Pointer* arguments) {
  call(function, arguments, std::make_index_sequence<count>());
}

using Caller = void (*)(Pointer function, const Pointer* arguments);

template <size_t... count>
std::array<Caller, sizeof...(count)> callers(std::index_sequence<count...>) {
  return {&call<count>...};
}

// By the number of arguments.
Caller caller_of(size_t arguments) {
  static const auto all = callers(std::make_index_sequence<kMostArguments + 1>());
  if (arguments > kMostArguments) throw std::runtime_error("a kernel of so many arguments cannot be called");
  return all[arguments];
}

struct alignas(8) BufferStruct {
  std::byte bytes[buffer_bytes(sizeof(void*))];
};

}  // namespace

struct LoadedKernel::Implementation {
  Kernel kernel;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  Pointer function;
  Caller caller;
};

std::string kernel_object(const Kernel& kernel, const Target& target) {
  return kernel_code(kernel, target, kKernelSymbol, KernelForm::object);
}

static_assert(kMostScratchPlaces <= CNNC_RT_MOST_PLACES,
              "the runtime has a note for each thread with scratch memory");

LoadedKernel::LoadedKernel(const Kernel& kernel, const std::string& object) {
  std::unique_ptr<llvm::orc::LLJIT> jit = make_jit({{"kernel.o", object}});
  define(*jit, kParallelLoop, reinterpret_cast<const void*>(&cnnc_rt_parallel_loop));
  define(*jit, kParallelLoopInScratch, reinterpret_cast<const void*>(&cnnc_rt_parallel_loop_in_scratch));
  const size_t arguments = kernel.inputs.size() + kernel.constants.size() + 1 + wants_context(kernel);
  const Pointer function = look_up(*jit, kKernelSymbol);
  implementation_.reset(new Implementation{kernel, std::move(jit), function, caller_of(arguments)});
}

LoadedKernel::~LoadedKernel() = default;
LoadedKernel::LoadedKernel(LoadedKernel&&) noexcept = default;

void LoadedKernel::run(const std::vector<float*>& pointers, float* scratch, int threads) const {
  std::array<BufferStruct, kMostArguments> buffers;
  std::array<Pointer, kMostArguments + 1> arguments;
  cnnc_rt_threads with = {threads, nullptr, nullptr};
  Pointer context[kContextWords] = {};
  context[kThreadsWord] = threads > 1 ? &with : nullptr;
  context[kScratchWord] = scratch;
  context[kStrideWord] =
      reinterpret_cast<Pointer>(static_cast<uintptr_t>(implementation_->kernel.own_scratch) * sizeof(float));
  size_t count = 0;
  if (wants_context(implementation_->kernel))
    arguments[count++] =
        implementation_->kernel.all_scratch() > 0 ? static_cast<Pointer>(context) : context[kThreadsWord];
  for (size_t i = 0; i < pointers.size(); ++i) {
    std::memcpy(&buffers[i].bytes[host_offset(sizeof(void*))], &pointers[i], sizeof(float*));
    arguments[count++] = &buffers[i];
  }
  implementation_->caller(implementation_->function, arguments.data());
}

void start_threads(int threads) {
  if (cnnc_rt_start_threads(threads) != CNNC_RT_OK) throw std::runtime_error("cannot start a thread");
}

}  // namespace cnnc
