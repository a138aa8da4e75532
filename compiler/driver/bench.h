// What `cnnc bench` measures, for commands that say it in another way.
#pragma once
#include "driver/bench/bench_report.h"
#include "driver/options/options.h"

namespace cnnc {

// Compiles the network by each schedule, checks it, and times it, as the options say; what these have of
// files to write counts for nothing. Throws UsageError and InputError.
BenchReport measure_network(const BenchOptions& options);

}  // namespace cnnc
