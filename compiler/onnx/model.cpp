#include "onnx/model.h"

#include <fmt/ranges.h>

namespace cnnc::onnx {

int64_t elements(const std::vector<int64_t>& dims) {
  int64_t product = 1;
  for (const int64_t dim : dims) product *= dim;
  return product;
}

std::string to_string(const std::vector<int64_t>& dims) {
  return fmt::format("{}", fmt::join(dims, "x"));
}

}  // namespace cnnc::onnx
