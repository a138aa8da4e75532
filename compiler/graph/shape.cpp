#include "graph/shape.h"

#include <fmt/format.h>

#include <stdexcept>

#include "support/checked.h"

namespace cnnc {

std::optional<int64_t> Shape::checked_elements() const {
  int64_t product = 1;
  for (int64_t size : sizes) {
    if (size < 0) return std::nullopt;
    const auto next = checked_multiply(product, size);
    if (!next) return std::nullopt;
    product = *next;
  }
  return product;
}

int64_t Shape::elements() const {
  if (const auto n = checked_elements()) return *n;
  throw std::logic_error(fmt::format("the shape {} was never checked", to_string(*this)));
}

int64_t Shape::size_of_map(size_t axis) const {
  if (is_map()) return sizes[axis];
  if (is_vector()) return axis == 0 ? sizes[0] : 1;
  throw std::logic_error(fmt::format("a tensor of {} is neither a map nor a vector", to_string(*this)));
}

std::string to_string(const Shape& shape) {
  return fmt::format("{}", fmt::join(shape.sizes, "x"));
}

}  // namespace cnnc
