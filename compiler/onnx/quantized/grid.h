// Whole numbers that stand for real ones, as QuantizeLinear makes them: real = scale * (number - zero).
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "onnx/model.h"
#include "quantize/quantization.h"

namespace cnnc::onnx {

// Of a tensor as a whole.
struct Grid {
  float scale = 1;
  int64_t zero = 0;
  int64_t least = 0, greatest = 255;  // of the type
};
bool operator==(const Grid& a, const Grid& b);
bool is_of_bytes(const Grid& grid);
double least_value(const Grid& grid);     // that has a number
double greatest_value(const Grid& grid);  // that has a number

// What a model says of the numbers that its tensors and weights are stored as.
struct QuantizedValues {
  // By the value's name: those of which it has bytes. Of int8 with zero z it is the uint8 one with z + 128.
  std::map<std::string, ByteScale> tensors;
  // By the value that a Conv, Gemm or MatMul computes: the scales of its weight, one or one for each output.
  std::map<std::string, std::vector<float>> weights;
};

// The whole numbers of a type ("uint8"); empty where it is no type of at most 16 bits.
struct NumberLimits {
  int64_t least, greatest;
};
std::optional<NumberLimits> limits_of(const std::string& type);

// Constants of whole numbers as reals, and of reals as whole numbers. Scale and zero (null: 0) are a number,
// a row along the axis, or of blocks along it, as DequantizeLinear defines them. Throw Unmapped.
Constant dequantized(const Constant& numbers, const Constant& scale, const Constant* zero, int64_t axis,
                     int64_t block);
Constant quantized(const Constant& reals, const Constant& scale, const Constant* zero,
                   const std::string& type, int64_t axis, int64_t block);

}  // namespace cnnc::onnx
