// Finds a schedule for each problem of a network.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plan/records/records.h"
#include "tune/problems.h"

namespace cnnc {

struct TuningOptions {
  int threads = 1;       // of a run
  int jobs = 1;          // compilations at a time
  double seconds = 600;  // in all
  PlanOptions plan;
  std::optional<std::string> runner = std::nullopt;  // the command by which kernels run; here without one
};

// What became of one problem.
struct Tuned {
  Problem problem;
  RecordKey key;
  Record record;
  size_t tried = 0;
};

// What is heard of the work.
struct TuneEvents {
  std::function<void(size_t number, const Problem& problem, size_t tried, double best_ratio)> progress;
  std::function<void(const Problem& problem, const std::string& line)> log;
  std::function<void(const Tuned& tuned)> found;  // as soon as a problem is done
  std::function<bool()> goes_on;                  // asked often: false ends all, and what was begun is lost
};

// For less than this, or less than the uncertainty of the measurement, the default stays.
constexpr double kLeastGain = 1.03;

// Tunes the problems in their order, each for its share of the time by its share of the network's. A problem
// that is begun gets a record, the default's own schedule where none is better. Those that the time does not
// suffice for get none.
void tune(const Graph& graph, const Target& target, const std::vector<Problem>& problems,
          const TuningOptions& options, const TuneEvents& events);

}  // namespace cnnc
