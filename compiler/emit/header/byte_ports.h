// Inputs and outputs of a library that the caller has as bytes.
#pragma once
#include <cstddef>
#include <map>

namespace cnnc {

struct BytePort {
  bool has_sign = false;  // int8_t; else uint8_t
  float scale = 1;        // real = scale * (byte - zero_point)
  int zero_point = 0;     // 0 to 255, or -128 to 127
};

// By their numbers in the plan.
struct BytePorts {
  std::map<size_t, BytePort> inputs, outputs;
};

}  // namespace cnnc
