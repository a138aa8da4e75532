// Constant matrices along any dimension of a tensor.
#pragma once
#include <string>

#include "onnx/mappings/matrix.h"
#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// alpha times the matrix times each vector along a dimension of x: a dense layer along the last axis. Throws
// Unmapped.
View times_matrix(Translation& t, const std::string& name, const View& x, size_t dim, const Matrix& m,
                  double alpha);

}  // namespace cnnc::onnx
