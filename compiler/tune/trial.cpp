#include "tune/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

#include "plan/choose/choose_winograd.h"

namespace cnnc {

namespace {

constexpr double kSliceSeconds = 2e-3;
constexpr int kLeastRounds = 4, kMostRounds = 60;
constexpr double kTooSlow = 3;  // times the standard: not worth a second look

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A kernel that is timed in slices.
class Runner {
 public:
  explicit Runner(const Runnable& kernel) : kernel_(kernel) {}

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

  // Seconds of a run, the mean of a slice.
  double slice() { return kernel_.run(runs_) / static_cast<double>(runs_); }

 private:
  const Runnable& kernel_;
  int64_t runs_ = 1;
};

void check(const Ground& ground, const std::vector<float>& result, const std::vector<float>& wanted,
           double tolerance) {
  const Layout& layout = ground.layout();
  // A float that lies halfway between two bytes may become either.
  const double rounding = layout.type == ElementType::uint8 && tolerance > 0 ? 1 : 0;
  for (int64_t image = 0; image < layout.images; ++image)
    for (int64_t c = 0; c < layout.channels; ++c)
      for (int64_t y = 0; y < layout.height; ++y)
        for (int64_t x = 0; x < layout.width; ++x) {
          const auto place = static_cast<size_t>(layout.index(c, y, x, image));
          const double error = std::fabs(static_cast<double>(result[place]) - wanted[place]);
          if (!(error <= tolerance * ground.magnitudes()[static_cast<size_t>(c)] + rounding))
            throw std::runtime_error(
                fmt::format("is wrong: channel {}, row {}, column {} is {:.9g}, not {:.9g}", c, y, x,
                            result[place], wanted[place]));
        }
}

bool sums_bytes(const Kernel& kernel) {
  const auto* conv = std::get_if<ConvParameters>(&kernel.parameters);
  const auto* dense = std::get_if<DenseParameters>(&kernel.parameters);
  return (conv && conv->weight_bits > 0) || (dense && dense->weight_bits > 0);
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

double tolerance_of(const Kernel& kernel) {
  if (sums_bytes(kernel)) return 0;
  return winograd_of(kernel) ? 0x1p-14 : 0x1p-19;
}

Times trial(const Ground& ground, const Trial& kernels, double seconds) {
  Runner runner(kernels.tried), beside(kernels.standard);
  const std::vector<float> wanted = kernels.direct.result();
  check(ground, kernels.tried.result(), wanted, kernels.tolerance);
  runner.calibrate();
  beside.calibrate();
  std::vector<double> tries, standards;
  const double end = now() + seconds;
  for (int round = 0; round < kMostRounds && (round < kLeastRounds || now() < end); ++round) {
    if (round % 2 == 0) standards.push_back(beside.slice());
    tries.push_back(runner.slice());
    if (round % 2 == 1) standards.push_back(beside.slice());
    if (tries.back() > kTooSlow * standards.back() && round > 0) break;
  }
  return times_of(tries, standards);
}

}  // namespace cnnc
