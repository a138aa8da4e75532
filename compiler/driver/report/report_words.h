// What a report says in words: for someone who never saw the network.
#pragma once
#include <string>
#include <vector>

#include "driver/report/report.h"

namespace cnnc {

// "1.20 M", "61.7 K", "416": three digits at most. The space is one at which no line is broken.
std::string rounded_number(double number);

// "12.3 µs", "4.56 ms", "1.2 s".
std::string time_text(double seconds);

// A sentence each: what goes in and out, how large it is, how long a run takes and which layer most of it,
// how much memory it needs, and where the maps shrink or grow.
std::vector<std::string> headlines(const Report& report);

// The layers that take most of the time, the longest first, at most `count`.
std::vector<size_t> slowest_layers(const Report& report, size_t count);

}  // namespace cnnc
