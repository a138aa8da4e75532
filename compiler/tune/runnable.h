// Kernels that can be run beside each other, in this process or on another machine.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "target/target.h"
#include "tune/ground.h"
#include "tune/problems.h"

namespace cnnc {

// A kernel, compiled.
struct Compiled {
  Subject subject;
  std::string object;
  size_t weights = 0;  // Ground::prepare
};

struct Runnable {
  // Runs it so many times; seconds of all. Of one thread's own time: a processor that others use as well does
  // not count for it.
  std::function<double(int64_t runs)> run;
  // The whole result, as one run leaves it in memory that holds no numbers.
  std::function<std::vector<float>()> result;
};

// All must live as long as what is returned. Throws std::runtime_error.
std::vector<Runnable> runnables_here(Ground& ground, const std::vector<const Compiled*>& kernels,
                                     int threads);

// The same on the ground's numbers in the memory of another machine, by the command `runner`
// (emit/load/remote.h). Throws RunnerError too.
std::vector<Runnable> runnables_elsewhere(Ground& ground, const std::vector<const Compiled*>& kernels,
                                          const Target& target, const std::string& runner, int threads);

}  // namespace cnnc
