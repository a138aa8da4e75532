// The shape of one tensor of one image: one to limits::kRank sizes, the last of which runs fastest in memory.
// Three are a map, channels x height x width, to every operator that wants one; one is the length of a
// vector.
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
  // Of a map; of a vector: its length, 1 and 1. A tensor of another rank has none of these: throws
  // std::logic_error.
  int64_t channels() const { return size_of_map(0); }
  int64_t height() const { return size_of_map(1); }
  int64_t width() const { return size_of_map(2); }

  // The number of elements; empty if it does not fit into 63 bits. `elements` is for shapes that were
  // checked.
  std::optional<int64_t> checked_elements() const;
  int64_t elements() const;

  friend bool operator==(const Shape& a, const Shape& b) { return a.sizes == b.sizes; }
  friend bool operator!=(const Shape& a, const Shape& b) { return a.sizes != b.sizes; }

 private:
  int64_t size_of_map(size_t axis) const;
};

// "64x56x56"
std::string to_string(const Shape& shape);

}  // namespace cnnc
