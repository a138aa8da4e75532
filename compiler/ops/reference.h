// What reference evaluations have in common: the rounding of float arithmetic, as bounds, and bound
// parameters.
//
// Every bound is a first-order running error analysis (Higham, Accuracy and Stability of Numerical
// Algorithms, 2nd ed., chapter 3): what an exact evaluation makes of the inputs' bounds, plus what rounding
// to float adds. The evaluation itself is in double, whose own error, 2^-29 of float's, disappears in the
// constants.
#pragma once
#include <string_view>
#include <vector>

#include "ops/operator.h"

namespace cnnc {

// The unit roundoff of float.
constexpr double kRoundoff = 1.0 / (1 << 24);

// The least normal float: a result below it may be flushed to zero.
constexpr double kLeastNormal = 0x1p-126;

// gamma(k) = k u / (1 - k u): a bound on the relative error of k roundings in a row (Higham, lemma 3.1).
// Where k u comes near 1 it is 2 k u, which holds for sums of any length (Jeannerod and Rump 2013).
double gamma_k(int64_t k);

// The error that k roundings add to a result whose terms have the sum of magnitudes `magnitude`; 0 if there
// are none.
double rounding(int64_t k, double magnitude);

// What each input of a dot product adds to the bound, times the magnitude of its weight: e (1 + g) + g |x|.
std::vector<double> charges(const Reference& input, double g);

// The most that the computed elements can be: |x| + e.
std::vector<double> greatest_magnitudes(const Reference& input);

// The values of a node's parameter; throws std::logic_error if it has none or it is not bound.
const std::vector<float>& values_of(const Node& node, std::string_view parameter);

}  // namespace cnnc
