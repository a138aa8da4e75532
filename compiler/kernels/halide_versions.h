// What Halide 14 and Halide 19 call differently.
#pragma once
#include <Halide.h>

#include <string>

namespace cnnc {

// For an autoscheduler: the threads, and the last level of the cache. Adams2019 and Li2018 of Halide 19 take
// the threads alone.
struct AutoschedulerMachine {
  int threads;
  uint64_t cache_bytes;
  float balance;  // the cost of a load from memory, in those of an operation
};

#if HALIDE_VERSION_MAJOR < 15

// Whether loads of every second to fourth element are left to code generation, which makes wrong code of some
// (emit/kernels/strided_loads.h). Halide 19 makes dense loads of them before, or loads the elements one by
// one.
constexpr bool kHasWrongStridedLoads = true;

// Whether LLVM unrolls loops of a few iterations that a schedule leaves.
constexpr bool kUnrollsShortLoops = true;

// The elements that Halide adds to an allocation, so that vectors may be read that are not used to their end.
// Halide 14 adds them where it makes the allocation, and nothing says how many.
inline int64_t padding_of(const Halide::Internal::Allocate&) {
  return 0;
}

// The same allocation in another memory, around another body.
inline Halide::Internal::Stmt allocate_in(Halide::MemoryType memory, const Halide::Internal::Allocate& a,
                                          const Halide::Internal::Stmt& body) {
  return Halide::Internal::Allocate::make(a.name, a.type, memory, a.extents, a.condition, body, a.new_expr,
                                          a.free_function);
}

inline void auto_schedule(Halide::Pipeline pipeline, const std::string& autoscheduler,
                          const Halide::Target& target, const AutoschedulerMachine& machine) {
  pipeline.auto_schedule(autoscheduler, target,
                         Halide::MachineParams(machine.threads, machine.cache_bytes, machine.balance));
}

#else

constexpr bool kHasWrongStridedLoads = false;
constexpr bool kUnrollsShortLoops = false;

inline int64_t padding_of(const Halide::Internal::Allocate& a) {
  return a.padding;
}

inline Halide::Internal::Stmt allocate_in(Halide::MemoryType memory, const Halide::Internal::Allocate& a,
                                          const Halide::Internal::Stmt& body) {
  return Halide::Internal::Allocate::make(a.name, a.type, memory, a.extents, a.condition, body, a.new_expr,
                                          a.free_function, a.padding);
}

inline void auto_schedule(Halide::Pipeline pipeline, const std::string& autoscheduler,
                          const Halide::Target& target, const AutoschedulerMachine& machine) {
  Halide::AutoschedulerParams parameters(autoscheduler);
  parameters.extra["parallelism"] = std::to_string(machine.threads);
  if (autoscheduler == "Mullapudi2016") {
    parameters.extra["last_level_cache_size"] = std::to_string(machine.cache_bytes);
    parameters.extra["balance"] = std::to_string(machine.balance);
  }
  pipeline.apply_autoscheduler(target, parameters);
}

#endif

}  // namespace cnnc
