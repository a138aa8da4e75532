// The limits of clip.
#pragma once
#include <cmath>
#include <limits>

namespace cnnc {

// Whether it limits anything: the greatest float, positive or negative, stands for no limit.
inline bool is_clip_limit(double value) {
  return std::fabs(value) < static_cast<double>(std::numeric_limits<float>::max());
}

}  // namespace cnnc
