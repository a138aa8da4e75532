#include "onnx/mappings/matrix.h"

#include <fmt/format.h>

namespace cnnc::onnx {

Matrix matrix_of(const Constant& constant, bool transposed) {
  if (constant.dims.size() != 2)
    throw Unmapped{fmt::format("its weight is {}, and no matrix", to_string(constant.dims)), ""};
  const int64_t rows = constant.dims[0], columns = constant.dims[1];
  return {constant.floats, transposed ? columns : rows, transposed ? rows : columns, transposed};
}

std::shared_ptr<const std::vector<float>> weight_of(Translation& t, const Matrix& m, double alpha,
                                                    const std::vector<int64_t>& order) {
  if (!m.transposed && alpha == 1 && order.empty()) return m.values;
  spend(t, m.out * m.in);
  std::vector<float> weight(static_cast<size_t>(m.out * m.in));
  for (int64_t o = 0; o < m.out; ++o)
    for (int64_t k = 0; k < m.in; ++k) {
      const int64_t from = m.transposed ? k * m.out + o : o * m.in + k;
      const int64_t input = order.empty() ? k : order[static_cast<size_t>(k)];
      weight[static_cast<size_t>(o * m.in + input)] =
          static_cast<float>(alpha * (*m.values)[static_cast<size_t>(from)]);
    }
  return std::make_shared<const std::vector<float>>(std::move(weight));
}

void want_features(const Matrix& m, int64_t features) {
  if (m.in != features)
    throw Unmapped{fmt::format("its weight takes {} features, and its input has {}", m.in, features), ""};
}

}  // namespace cnnc::onnx
