// Measures what a simulation of threads is reckoned from.
#pragma once
#include <vector>

#include "driver/bench/bench_compile.h"
#include "driver/simulate/simulate.h"

namespace cnnc {

// The tasks of each layer, timed on one thread for so many seconds on a random input, in a child process: a
// crash of the compiled code is a std::runtime_error as measure_in_child's.
std::vector<LayerTasks> time_tasks_in_child(const CompiledSchedule& compiled, double seconds);

// By the pool with two threads. Where this process may use one processor only, what they were elsewhere:
// a microsecond to hand tasks over, and 50 to wake a thread.
PoolCosts measure_pool();

}  // namespace cnnc
