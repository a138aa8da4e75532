// A simulation of threads as text.
#pragma once
#include <string>
#include <vector>

#include "driver/bench/bench_report.h"
#include "driver/simulate/simulate.h"

namespace cnnc {

// A row a layer, whose names and families these are: its tasks, its time with one thread and with `threads`,
// how many times as fast that is, and what is lost; the same of the whole, and of fewer threads in a line.
std::string simulation_table(const std::vector<BenchLayer>& names, const std::vector<std::string>& families,
                             const std::vector<LayerTasks>& layers, int threads, const PoolCosts& costs);

}  // namespace cnnc
