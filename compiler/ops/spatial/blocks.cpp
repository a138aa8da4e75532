#include "ops/spatial/blocks.h"

namespace cnnc {

std::vector<double> move_blocks(const std::vector<double>& values, const Shape& fine, int64_t block,
                                bool back) {
  const int64_t rows = fine.height() / block, columns = fine.width() / block;
  std::vector<double> result(values.size());
  size_t i = 0;  // of (c, y, x)
  for (int64_t c = 0; c < fine.channels(); ++c)
    for (int64_t y = 0; y < fine.height(); ++y)
      for (int64_t x = 0; x < fine.width(); ++x, ++i) {
        const int64_t channel = (c * block + y % block) * block + x % block;
        const int64_t at = (channel * rows + y / block) * columns + x / block;
        if (back)
          result[i] = values[at];
        else
          result[at] = values[i];
      }
  return result;
}

AttributeRule block_rule() {
  return {"block", AttributeKind::integer, true, std::nullopt, 1, 2147483647, "2"};
}

}  // namespace cnnc
