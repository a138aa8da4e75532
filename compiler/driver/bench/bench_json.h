// A benchmark's report for programs.
#pragma once
#include <string>

#include "driver/bench/bench_report.h"

namespace cnnc {

// A JSON object, whose members docs/schedules.md lists. What is not known, or has no time, is null.
std::string bench_json(const BenchReport& report);

}  // namespace cnnc
