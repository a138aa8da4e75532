// The time that a network takes by each of several schedules, measured in alternation.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "driver/bench/bench_compile.h"
#include "driver/run/child_run.h"
#include "emit/load/loaded_library.h"

namespace cnnc {

// A network in memory with all that a run takes.
class Runner {
 public:
  // By so many threads, on a random input. `compiled` and `progress`, which hears of each run and, in timed
  // ones, of each layer, must live as long; `number` is the schedule's there.
  Runner(const CompiledSchedule& compiled, int threads, Progress& progress, int32_t number);
  // Seconds of a run. `layer_seconds`: see LoadedLibrary::run. Throws std::runtime_error if it returns an
  // error.
  double run(double* layer_seconds = nullptr);
  size_t layers() const { return layers_; }

 private:
  size_t layers_;
  Progress& progress_;
  int32_t number_;
  LoadedLibrary library_;
  cnnc_rt_threads threads_;
  std::vector<std::vector<float>> inputs_, outputs_;
  Workspace workspace_;
  std::vector<const float*> input_pointers_;
  std::vector<float*> output_pointers_;
};

struct Samples {
  std::vector<double> runs;                 // seconds, of plain runs
  std::vector<std::vector<double>> layers;  // by layer: seconds, of timed runs
  std::vector<double> rounds;               // the median of the plain runs of each round
};

struct Measurement {
  std::vector<Samples> schedules;
  double peak = 0;  // FLOP/s of one thread, the median of readings in between
};

// In rounds, to and fro so that none is always behind the same: of each schedule a slice of a twentieth of
// `seconds`, at least a plain and a timed run, with a reading of the peak before. A schedule leaves when it
// has had its seconds and three rounds.
Measurement measure(const std::vector<Runner*>& runners, double seconds, Isa isa);

// The same of schedules with these names, in a child process, so that a crash of the compiled code is this
// std::runtime_error: "by 'default', while it was timed: layer 'pool1' (maxpool) crashed: it was killed by
// signal 11 (Segmentation fault)".
Measurement measure_in_child(const std::vector<CompiledSchedule>& compiled,
                             const std::vector<std::string>& names, int threads, double seconds, Isa isa);

}  // namespace cnnc
