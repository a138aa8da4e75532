#include "ops/tensor/padding.h"

#include <algorithm>

namespace cnnc {

AxisPadding padding_along(const Attributes& attributes, const Shape& input) {
  return {integer(attributes, "before"), input.sizes.at(static_cast<size_t>(integer(attributes, "axis"))),
          integer(attributes, "after")};
}

int64_t source_of(const AxisPadding& padding, const std::string& mode, int64_t i) {
  const int64_t kept = padding.kept(), at = i - std::max<int64_t>(padding.before, 0);
  const auto source = [&](int64_t place) { return padding.first() + place; };
  if (at >= 0 && at < kept) return source(at);
  if (mode == "constant") return -1;
  if (mode == "replicate") return source(std::clamp<int64_t>(at, 0, kept - 1));
  if (mode == "wrap") return source(at < 0 ? at + kept : at - kept);
  return source(at < 0 ? -at : 2 * (kept - 1) - at);
}

}  // namespace cnnc
