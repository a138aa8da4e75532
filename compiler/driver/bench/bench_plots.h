// A benchmark's report as pictures: pieces of a page with the styles of bench_html.cpp.
#pragma once
#include <string>
#include <vector>

#include "driver/bench/bench_report.h"

namespace cnnc {

// The report's layers, those first that take the most time by the first schedule that has a time of them;
// their places in this list, from 1 on, are their numbers in both pictures.
std::vector<size_t> layers_by_time(const BenchReport& report);

// An SVG element: each layer's speed over its operations a byte, both axes logarithmic, below the peak and
// what the measured bandwidths allow (Williams, Waterman and Patterson 2009). A filled point is of the
// multiply-adds that are made, a ring beside it of those of the definition, where they differ. "" if no
// layer's operations are counted, or none has a time.
std::string roofline_plot(const BenchReport& report);

// Whether that plot has the line of the report's i-th bandwidth; false: it lies left of it.
bool has_slope(const BenchReport& report, size_t i);

// A list: each layer's time, a bar a schedule on a linear axis, and its share of the whole. "" if there is no
// time at all.
std::string time_bars(const BenchReport& report);

}  // namespace cnnc
