// A kernel's time beside another's.
#pragma once
#include "tune/ground.h"
#include "tune/runnable.h"

namespace cnnc {

// What was measured.
struct Times {
  double standard = 0;  // seconds of a run of the standard kernel, the least of all slices
  // The tried kernel's time to the standard's: the median of the ratios of neighbouring slices, since a
  // machine is now fast and now slow. The true one lies within this distance with a probability of some 95 %
  // (the notch of McGill, Tukey & Larsen 1978).
  double ratio = 1, uncertainty = 0;
};

// The kernel that is tried, the standard one, and the direct one, whose result is right.
struct Trial {
  Runnable tried, standard, direct;
  double tolerance = 0;  // tolerance_of() the tried one
};

// Checks the tried kernel's result against the direct one's, then times it and the standard kernel for about
// so many seconds in alternation, in slices of some milliseconds. Throws std::runtime_error if the result is
// wrong: an element is off by more than the tolerance of the sum of the absolute values of all its terms.
// What is tried may crash or never end: to be called in a child process.
Times trial(const Ground& ground, const Trial& kernels, double seconds);

// 2^-19; of Winograd's transforms 2^-14; of sums of bytes, which are exact, 0.
double tolerance_of(const Kernel& kernel);

}  // namespace cnnc
