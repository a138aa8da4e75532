// A benchmark's report as text in columns.
#pragma once
#include <string>

#include "driver/bench/bench_report.h"

namespace cnnc {

// Of one schedule a table with all that is known of each layer; of several one of the totals, one of the
// layers' times, one of their speed and one of what was chosen.
std::string bench_table(const BenchReport& report);

}  // namespace cnnc
