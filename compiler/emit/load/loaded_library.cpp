#include "emit/load/loaded_library.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>

#include "emit/kernels/kernel_objects.h"
#include "emit/library/library_objects.h"
#include "emit/library/weights_object.h"
#include "emit/load/integer_tensors.h"
#include "emit/load/jit.h"

namespace cnnc {

namespace {

// Pointers to inputs, outputs, the workspace, the weights, the threads, the layers' seconds and the layer
// under way as one list: the run function has a parameter for each.
using AnyRun = int (*)(const void* const* pointers);
using StartThreads = int (*)(int threads);
using StopThreads = void (*)();

template <class Function>
const void* pointer_of(Function* function) {
  return reinterpret_cast<const void*>(function);
}

// The weights, in memory of our own: the loader would copy an object's.
std::unique_ptr<std::byte, decltype(&std::free)> load_weights(const Plans& plans) {
  std::unique_ptr<std::byte, decltype(&std::free)> weights(nullptr, &std::free);
  if (plans.weights_bytes == 0) return weights;
  const auto bytes = static_cast<size_t>(plans.weights_bytes);
  weights.reset(static_cast<std::byte*>(std::aligned_alloc(kAlignment, bytes)));
  if (!weights) throw std::bad_alloc();
  std::byte* at = weights.get();
  write_weights(plans, [&](const void* data, size_t n) {
    std::memcpy(at, data, n);
    at += n;
  });
  return weights;
}

}  // namespace

struct LoadedLibrary::Implementation {
  IntegerTensors integers;
  std::unique_ptr<std::byte, decltype(&std::free)> weights;
  std::unique_ptr<llvm::orc::LLJIT> jit = nullptr;
  AnyRun run = nullptr;
  StartThreads start_threads = nullptr;
  StopThreads stop_threads = nullptr;
};

LoadedLibrary::LoadedLibrary(const Plan& plan, const KernelOptions& options)
    : LoadedLibrary(plan, KernelObjects{kernel_objects(plan, symbols_of(plan).kernels, options)}) {}

LoadedLibrary::LoadedLibrary(const Plan& plan, const KernelObjects& kernels,
                             const std::optional<ParallelLoops>& loops)
    : implementation_(new Implementation{IntegerTensors(plan), load_weights(plans_of(plan))}) {
  InterfaceOptions options;
  options.weights_file = true;  // its hash is not asked for
  options.run_by_list = true;
  const Objects objects = library_objects(plans_of(plan), options, {kernels});
  implementation_->jit = make_jit(objects);
  if (loops) {  // the runtime's own are weak symbols
    define(*implementation_->jit, CNNC_RT_SYMBOL(cnnc_rt_parallel_loop), pointer_of(loops->loop));
    define(*implementation_->jit, CNNC_RT_SYMBOL(cnnc_rt_parallel_loop_in_scratch),
           pointer_of(loops->in_scratch));
  }
  const std::string prefix = symbols_of(plan).prefix;
  const auto get = [&](auto& function, const std::string& name) {
    function =
        reinterpret_cast<std::decay_t<decltype(function)>>(look_up(*implementation_->jit, prefix + name));
  };
  get(implementation_->run, "_run_by_list");
  get(implementation_->start_threads, "_start_threads");
  get(implementation_->stop_threads, "_stop_threads");
}

// The pool's code goes with the library.
LoadedLibrary::~LoadedLibrary() {
  implementation_->stop_threads();
}

int LoadedLibrary::run(const std::vector<const float*>& inputs, const std::vector<float*>& outputs,
                       void* workspace, const cnnc_rt_threads& threads, double* layer_seconds,
                       int32_t* layer) const {
  if (const int error = implementation_->start_threads(threads.threads)) return error;
  IntegerTensors::Bytes bytes;
  std::vector<const void*> pointers = implementation_->integers.stored(inputs, bytes);
  pointers.insert(pointers.end(), outputs.begin(), outputs.end());
  pointers.push_back(workspace);
  pointers.push_back(implementation_->weights.get());
  pointers.push_back(&threads);
  pointers.push_back(layer_seconds);
  int32_t unread = 0;
  pointers.push_back(layer != nullptr ? layer : &unread);
  const int error = implementation_->run(pointers.data());
  if (error == CNNC_RT_OK) implementation_->integers.make_floats(outputs);
  return error;
}

}  // namespace cnnc
