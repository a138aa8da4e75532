// A benchmark's report as a page.
#pragma once
#include <string>

#include "driver/bench/bench_report.h"

namespace cnnc {

// An HTML file that needs no other: the totals, a roofline of the layers, bars of their times, and the
// tables.
std::string bench_html(const BenchReport& report);

}  // namespace cnnc
