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

// A sentence each: what goes in and out, how large it is, what a run takes and what is most of it,
// how much memory it needs, and where the maps shrink or grow.
std::vector<std::string> headlines(const Report& report);

// Seconds or multiply-adds, as the report has them.
std::string work_text(const Report& report, double work);

// Of all steps.
double total_work(const Report& report);

// What shares are of, as those of 'cnnc bench' are: the time of a run as a whole, else all multiply-adds.
double work_of_run(const Report& report);

// The steps that are most of a run, the largest first, at most `count`; none that is nothing.
std::vector<size_t> steps_with_most_work(const Report& report, size_t count);

}  // namespace cnnc
