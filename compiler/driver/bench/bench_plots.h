// A benchmark's report as pictures: SVG elements for a page with the styles of bench_html.cpp.
#pragma once
#include <string>

#include "driver/bench/bench_report.h"

namespace cnnc {

// Each layer's speed over its operations a byte, both axes logarithmic, below the peak and what the measured
// bandwidths allow (Williams, Waterman and Patterson 2009). "" if no layer's operations are counted, or none
// has a time.
std::string roofline_plot(const BenchReport& report);

// The time of the whole and of each layer, a bar a schedule on a logarithmic axis. "" if there is no time at
// all.
std::string time_bars(const BenchReport& report);

}  // namespace cnnc
