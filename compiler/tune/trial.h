// A kernel's time beside another's, in this process.
#pragma once
#include <string>
#include <vector>

#include "tune/ground.h"
#include "tune/problems.h"

namespace cnnc {

// A kernel, compiled.
struct Compiled {
  Subject subject;
  std::string object;
  size_t weights = 0;  // Ground::prepare
};

// What was measured.
struct Times {
  double standard = 0;  // seconds of a run of the standard kernel, the least of all slices
  // The tried kernel's time to the standard's: the median of the ratios of neighbouring slices, since a
  // machine is now fast and now slow. The true one lies within this distance with a probability of some 95 %
  // (the notch of McGill, Tukey & Larsen 1978).
  double ratio = 1, uncertainty = 0;
};

struct TrialOptions {
  int threads = 1;
  double seconds = 0.15;  // to measure for, about
};

// Checks the tried kernel's result against the direct one's, then times it and the standard kernel in
// alternation, in slices of some milliseconds. Throws std::runtime_error if the result is wrong: an element
// is off by more than kTolerance (of Winograd's transforms: kWinogradTolerance) of the sum of the absolute
// values of all its terms. To be called in a child process: what is tried may crash or never end.
constexpr double kTolerance = 0x1p-19, kWinogradTolerance = 0x1p-14;
Times trial(Ground& ground, const Compiled& tried, const Compiled& standard, const Compiled& direct,
            const TrialOptions& options);

}  // namespace cnnc
