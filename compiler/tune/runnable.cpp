#include "tune/runnable.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>

#include "emit/load/loaded_kernel.h"
#include "emit/load/remote_kernels.h"

namespace cnnc {

namespace {

constexpr int64_t kFloatBytes = sizeof(float);

double seconds_of(clockid_t clock) {
  timespec time = {};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

struct Loaded {
  LoadedKernel kernel;
  AlignedFloats scratch;
  explicit Loaded(const Compiled& compiled)
      : kernel(compiled.subject.kernel, compiled.object),
        scratch(0, compiled.subject.kernel.all_scratch(), kAlignment) {}
};

Runnable runnable_here(Ground& ground, const Compiled& compiled, int threads) {
  const auto loaded = std::make_shared<Loaded>(compiled);
  const size_t weights = compiled.weights;
  const auto run = [&ground, loaded, weights, threads](int64_t runs) {
    const clockid_t clock = threads > 1 ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID;
    const double begin = seconds_of(clock);
    for (int64_t i = 0; i < runs; ++i)
      loaded->kernel.run(ground.pointers_for_next_run(weights), loaded->scratch.data(), threads);
    return seconds_of(clock) - begin;
  };
  return {run, [&ground, run] {
            const Layout& layout = ground.layout();
            char* first = reinterpret_cast<char*>(ground.result()) - layout.bytes_of(layout.origin());
            std::memset(first, Ground::kNothing, static_cast<size_t>(layout.bytes()));
            run(1);
            return ground.elements_of(first);
          }};
}

// The kernels of a program and where their tensors lie in its memory.
struct Elsewhere {
  RemoteKernels kernels;
  const Ground& ground;
  std::vector<RemotePlace> inputs;
  RemotePlace result;                // element (0, 0, 0)
  std::vector<int64_t> weights, at;  // by Compiled::weights: the memory, and which copy is next

  Elsewhere(const std::vector<RemoteKernels::Code>& codes, const Target& target, const std::string& runner,
            int threads, const Ground& its_ground)
      : kernels(codes, target, runner, threads), ground(its_ground) {
    const Kernel& kernel = codes.front().kernel;
    for (size_t i = 0; i < kernel.inputs.size(); ++i) {
      const int64_t bytes = kernel.inputs[i].bytes();
      inputs.push_back({add(bytes, kernel.alignments.at(i)), 0, 0});
      kernels.remote().write(inputs.back(), ground.input(i), bytes);
    }
    const Layout& layout = ground.layout();
    const int64_t before = (layout.bytes_of(layout.origin()) + kAlignment - 1) / kAlignment * kAlignment;
    result = {add(before + layout.bytes(), kernel.alignments.back()), before, 0};
  }

  // Aligned to so many bytes, and to no more.
  int64_t add(int64_t bytes, int64_t alignment) {
    return kernels.remote().add_memory(bytes, 0, alignment < kAlignment ? alignment : 0);
  }

  // Copies the weights there, unless that was done.
  void prepare(size_t number) {
    weights.resize(std::max(weights.size(), number + 1), -1);
    at.resize(weights.size(), 0);
    if (weights[number] >= 0) return;
    const Ground::Packed& packed = ground.packed(number);
    const int64_t bytes = packed.copy_floats * kFloatBytes;
    weights[number] = kernels.remote().add_memory(std::max<int64_t>(1, bytes * packed.copies), 0);
    kernels.remote().write({weights[number], 0}, packed.floats.data(), bytes);
    kernels.remote().copy({weights[number], 0}, bytes, packed.copies);
  }

  double run(size_t kernel, size_t number, int64_t runs) {
    const Ground::Packed& packed = ground.packed(number);
    std::vector<RemotePlace> tensors = inputs;
    for (const int64_t offset : packed.offsets)
      tensors.push_back({weights[number], offset * kFloatBytes, packed.copy_floats * kFloatBytes});
    tensors.push_back(result);
    const int64_t first = at[number];
    at[number] = (first + runs) % packed.copies;
    return kernels.run(kernel, tensors, packed.copies, runs, first);
  }

  std::vector<float> run_once(size_t kernel, size_t number) {
    const Layout& layout = ground.layout();
    std::string bytes(static_cast<size_t>(layout.bytes()), static_cast<char>(Ground::kNothing));
    const RemotePlace first = {result.memory, result.offset - layout.bytes_of(layout.origin()), 0};
    kernels.remote().write(first, bytes.data(), layout.bytes());
    run(kernel, number, 1);
    kernels.remote().fetch(first, bytes.data(), layout.bytes());
    return ground.elements_of(bytes.data());
  }
};

}  // namespace

std::vector<Runnable> runnables_here(Ground& ground, const std::vector<const Compiled*>& kernels,
                                     int threads) {
  start_threads(threads);
  std::vector<Runnable> runnables;
  for (const Compiled* compiled : kernels) runnables.push_back(runnable_here(ground, *compiled, threads));
  return runnables;
}

std::vector<Runnable> runnables_elsewhere(Ground& ground, const std::vector<const Compiled*>& kernels,
                                          const Target& target, const std::string& runner, int threads) {
  std::vector<RemoteKernels::Code> codes;
  for (const Compiled* compiled : kernels) codes.push_back({compiled->subject.kernel, compiled->object});
  const auto there = std::make_shared<Elsewhere>(codes, target, runner, threads, ground);
  std::vector<Runnable> runnables;
  for (size_t k = 0; k < kernels.size(); ++k) {
    const size_t weights = kernels[k]->weights;
    there->prepare(weights);
    runnables.push_back({[there, k, weights](int64_t runs) { return there->run(k, weights, runs); },
                         [there, k, weights] { return there->run_once(k, weights); }});
  }
  return runnables;
}

}  // namespace cnnc
