// Sizes of inputs: what is known of them, what the user gives, and what is wrong.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cnnc::onnx {

// What is wrong with an input: "is of type int64", and what to do about it.
struct Wrong {
  std::string what, hint;
};

// The sizes of an input as far as they are known; where not, empty. Only that of the batch, the first, may be
// empty.
using Known = std::vector<std::optional<int64_t>>;

// What the options say, by what it is of. A name may be both an input's and a dimension's: then one number is
// the dimension's size, and several are the input's shape.
struct GivenSizes {
  std::map<std::string, std::vector<int64_t>> shapes;      // of inputs
  std::map<std::string, std::vector<int64_t>> dimensions;  // one number each, where the user wrote it so
  std::set<std::string> shared;                            // names that are both, given or not
};

}  // namespace cnnc::onnx
