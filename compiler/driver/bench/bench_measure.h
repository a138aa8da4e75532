// The time that a network takes by each of several schedules, measured in alternation.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "driver/bench/bench_compile.h"
#include "driver/run/child_run.h"
#include "emit/load/loaded_library.h"

namespace cnnc {

// A network in memory with all that a run takes.
struct Runner {
  size_t layers = 0;
  // Seconds of a run. `layer_seconds`: null, or where those of each layer go. Throws std::runtime_error if it
  // returns an error.
  std::function<double(double* layer_seconds)> run;
  // FLOP/s of one thread there, by multiplies and adds in registers, measured for so many seconds.
  std::function<double(double seconds)> peak;
  // The same of bytes (driver/bench/peak.h); null where no layer is of bytes, or it cannot be measured.
  std::function<double(double seconds)> byte_peak = nullptr;
};

// By so many threads, on a random input. `compiled` and `progress`, which hears of each run and, in timed
// ones, of each layer, must live as long; `number` is the schedule's there.
Runner runner_here(const CompiledSchedule& compiled, int threads, Progress& progress, int32_t number);
// The same on another machine, by the command `runner` (emit/load/remote.h).
Runner runner_elsewhere(const CompiledSchedule& compiled, int threads, Progress& progress, int32_t number,
                        const std::string& runner);

struct Samples {
  std::vector<double> runs;                 // seconds, of plain runs
  std::vector<std::vector<double>> layers;  // by layer: seconds, of timed runs
  std::vector<double> rounds;               // the median of the plain runs of each round
};

struct Measurement {
  std::vector<Samples> schedules;
  double peak = 0;       // FLOP/s of one thread, the median of readings in between
  double byte_peak = 0;  // the same of bytes; 0: none was measured
};

// In rounds, to and fro so that none is always behind the same: of each schedule a slice of a twentieth of
// `seconds`, at least a plain and a timed run, with a reading of the peak before. A schedule leaves when it
// has had its seconds and three rounds.
Measurement measure(const std::vector<Runner>& runners, double seconds);

// The same of schedules with these names, by a command `runner` if there is one, in a child process, so that
// a crash of the compiled code is this std::runtime_error: "by 'default', while it was timed: layer 'pool1'
// (maxpool) crashed: it was killed by signal 11 (Segmentation fault)".
Measurement measure_in_child(const std::vector<CompiledSchedule>& compiled,
                             const std::vector<std::string>& names, int threads, double seconds,
                             const std::optional<std::string>& runner = std::nullopt);

}  // namespace cnnc
