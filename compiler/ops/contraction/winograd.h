// The transforms of Winograd's minimal filtering (Winograd 1980; Lavin & Gray 2015, "Fast Algorithms for
// Convolutional Neural Networks"): F(m, r), m outputs of a filter of r taps from n = m + r - 1 inputs with n
// multiplications,
//   y = output · [(filter · g) ⊙ (input · d)]
// by the Cook–Toom construction on the points 0, 1, -1, 2, -2, 1/2, -1/2 (the first n - 1 of them) and
// infinity.
#pragma once
#include <cstdint>
#include <vector>

namespace cnnc {

using Matrix = std::vector<std::vector<double>>;  // rows

struct Winograd {
  int outputs = 0, taps = 0;                         // m, r
  int points() const { return outputs + taps - 1; }  // n
  Matrix output;                                     // m x n: Aᵀ
  Matrix filter;                                     // n x r: G
  Matrix input;                                      // n x n: Bᵀ
};

// 4 <= m + r - 1 <= 8. Of an even number of points, number 2k - 1 and 2k (k >= 1, of the finite ones) are
// each other's negative, so that rows 2k - 1 and 2k of `input` agree in even columns and differ in sign in
// odd ones; likewise the columns of `output`.
Winograd winograd(int outputs, int taps);

// The same with the points' divisors taken from `filter` to `input`: the rows of `filter` are powers of the
// points, which takes fewer operations to apply.
Winograd with_plain_filters(Winograd w);

}  // namespace cnnc
