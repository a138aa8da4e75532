#include "tune/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>
#include <stdexcept>

#include "emit/load/loaded_kernel.h"
#include "plan/choose/choose_winograd.h"

namespace cnnc {

namespace {

constexpr double kSliceSeconds = 2e-3;
constexpr int kLeastRounds = 4, kMostRounds = 60;
constexpr double kTooSlow = 3;  // times the standard: not worth a second look

double seconds_of(clockid_t clock) {
  timespec time = {};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double now() {
  return seconds_of(CLOCK_MONOTONIC);
}

// A kernel that can be run.
class Runner {
 public:
  Runner(Ground& ground, const Compiled& compiled, int threads)
      : ground_(ground),
        kernel_(compiled.subject.kernel, compiled.object),
        scratch_(0, compiled.subject.kernel.all_scratch(), kAlignment),
        weights_(compiled.weights),
        threads_(threads) {}

  void run() { kernel_.run(ground_.pointers_for_next_run(weights_), scratch_.data(), threads_); }

  // Finds out how many runs a slice has.
  void calibrate() {
    double seconds = slice();
    while (seconds * static_cast<double>(runs_) < kSliceSeconds) {
      const double runs =
          std::min(kSliceSeconds / std::max(seconds, 1e-9), 10.0 * static_cast<double>(runs_));
      runs_ = std::max(runs_ + 1, static_cast<int64_t>(runs));
      seconds = slice();
    }
  }

  // Seconds of a run, the mean of a slice. Of one thread's own time: a processor that others use as well does
  // not count for it.
  double slice() {
    const clockid_t clock = threads_ > 1 ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID;
    const double begin = seconds_of(clock);
    for (int64_t i = 0; i < runs_; ++i) run();
    return (seconds_of(clock) - begin) / static_cast<double>(runs_);
  }

 private:
  Ground& ground_;
  LoadedKernel kernel_;
  AlignedFloats scratch_;
  size_t weights_;
  int threads_;
  int64_t runs_ = 1;
};

// The whole result, as one run leaves it in memory that holds no numbers.
std::vector<float> result_of(Ground& ground, Runner& runner) {
  const Layout& layout = ground.layout();
  float* first = ground.result() - layout.origin();
  std::fill_n(first, layout.elements(), std::numeric_limits<float>::quiet_NaN());
  runner.run();
  return {first, first + layout.elements()};
}

void check(const Ground& ground, const std::vector<float>& result, const std::vector<float>& wanted,
           double tolerance) {
  const Layout& layout = ground.layout();
  for (int64_t image = 0; image < layout.images; ++image)
    for (int64_t c = 0; c < layout.channels; ++c)
      for (int64_t y = 0; y < layout.height; ++y)
        for (int64_t x = 0; x < layout.width; ++x) {
          const auto place = static_cast<size_t>(layout.index(c, y, x, image));
          const double error = std::fabs(static_cast<double>(result[place]) - wanted[place]);
          if (!(error <= tolerance * ground.magnitudes()[static_cast<size_t>(c)]))
            throw std::runtime_error(
                fmt::format("is wrong: channel {}, row {}, column {} is {:.9g}, not {:.9g}", c, y, x,
                            result[place], wanted[place]));
        }
}

double tolerance_of(const Kernel& kernel) {
  return winograd_of(kernel) ? kWinogradTolerance : kTolerance;
}

double quantile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5)];
}

Times times_of(const std::vector<double>& tries, const std::vector<double>& standards) {
  std::vector<double> ratios;
  for (size_t i = 0; i < tries.size(); ++i) ratios.push_back(tries[i] / standards[i]);
  std::sort(ratios.begin(), ratios.end());
  const double spread = quantile(ratios, 0.75) - quantile(ratios, 0.25);
  return {*std::min_element(standards.begin(), standards.end()), quantile(ratios, 0.5),
          1.57 * spread / std::sqrt(static_cast<double>(ratios.size()))};
}

}  // namespace

Times trial(Ground& ground, const Compiled& tried, const Compiled& standard, const Compiled& direct,
            const TrialOptions& options) {
  start_threads(options.threads);
  Runner runner(ground, tried, options.threads), beside(ground, standard, options.threads);
  Runner reference(ground, direct, options.threads);
  const std::vector<float> wanted = result_of(ground, reference);
  check(ground, result_of(ground, runner), wanted, tolerance_of(tried.subject.kernel));
  runner.calibrate();
  beside.calibrate();
  std::vector<double> tries, standards;
  const double end = now() + options.seconds;
  for (int round = 0; round < kMostRounds && (round < kLeastRounds || now() < end); ++round) {
    if (round % 2 == 0) standards.push_back(beside.slice());
    tries.push_back(runner.slice());
    if (round % 2 == 1) standards.push_back(beside.slice());
    if (tries.back() > kTooSlow * standards.back() && round > 0) break;
  }
  return times_of(tries, standards);
}

}  // namespace cnnc
