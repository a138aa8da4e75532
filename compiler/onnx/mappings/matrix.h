// Constant matrices as the weights of layers.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// A constant matrix, out x in or, transposed, in x out.
struct Matrix {
  std::shared_ptr<const std::vector<float>> values;
  int64_t out = 0, in = 0;
  bool transposed = false;
};

// Throws Unmapped where it has another number of dimensions than two.
Matrix matrix_of(const Constant& constant, bool transposed);

// alpha times the matrix, out x in; element (o, k) is multiplied with input order[k], or k where there is no
// order.
std::shared_ptr<const std::vector<float>> weight_of(Translation& t, const Matrix& m, double alpha,
                                                    const std::vector<int64_t>& order);

// Throws Unmapped where the matrix takes another number of features.
void want_features(const Matrix& m, int64_t features);

}  // namespace cnnc::onnx
