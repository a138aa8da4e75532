// The shape of one tensor of one image: channels x height x width of a map, or the length of a vector.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cnnc {

struct Shape {
  std::vector<int64_t> sizes;

  Shape() = default;
  Shape(std::initializer_list<int64_t> s) : sizes(s) {}
  explicit Shape(std::vector<int64_t> s) : sizes(std::move(s)) {}

  size_t rank() const { return sizes.size(); }
  bool is_map() const { return sizes.size() == 3; }
  bool is_vector() const { return sizes.size() == 1; }
  // Of a map; of a vector: its length, 1 and 1.
  int64_t channels() const { return sizes.at(0); }
  int64_t height() const { return is_map() ? sizes[1] : 1; }
  int64_t width() const { return is_map() ? sizes[2] : 1; }

  // The number of elements; empty if it does not fit into 63 bits. `elements` is for shapes that were
  // checked.
  std::optional<int64_t> checked_elements() const;
  int64_t elements() const;

  friend bool operator==(const Shape& a, const Shape& b) { return a.sizes == b.sizes; }
  friend bool operator!=(const Shape& a, const Shape& b) { return a.sizes != b.sizes; }
};

// "64x56x56"
std::string to_string(const Shape& shape);

}  // namespace cnnc
