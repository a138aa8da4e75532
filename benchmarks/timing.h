// What the programs that time something have in common: the command line, the data, the loop, the result.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "target/target.h"

namespace benchmarks {

// PROGRAM FILE THREADS SECONDS ISA [more]
struct Request {
  std::string file;
  int threads = 1;
  double seconds = 1;  // to measure for, at least
  cnnc::Isa isa;       // whose peak is read
  std::vector<std::string> more;
};

// Throws std::runtime_error with a sentence on how the program is called.
Request parse_request(int argc, const char* const* argv);

// Uniform in [-1, 1), in steps of 2^-23: the same for every engine. `index` counts a network's inputs.
std::vector<float> input_values(size_t elements, uint64_t index);

struct Times {
  std::vector<double> seconds;  // of each run
  double peak = 0;  // FLOP/s of all threads: that of one, the median of readings in between, times them
};

// Warms up, then times runs one by one, with a short reading of the peak every tenth of the time.
Times time_runs(const Request& request, const std::function<void()>& run);

double median(std::vector<double> values);
double least(const std::vector<double>& values);

// The members of a JSON object: "median", "best" (seconds), "runs", "peak" (FLOP/s).
std::string members(const Times& times);

// Floats one after the other, as they lie in memory. Throws std::runtime_error.
void write_floats(const std::string& path, const std::vector<std::vector<float>>& tensors);

}  // namespace benchmarks
