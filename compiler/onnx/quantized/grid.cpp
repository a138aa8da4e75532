#include "onnx/quantized/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "onnx/dims.h"
#include "onnx/unmapped.h"

namespace cnnc::onnx {
namespace {

// How the scale of each element is found: along the axis, each `block` elements have one.
struct Scales {
  const Constant& scale;
  const Constant* zero;
  int64_t outer = 1, size = 1, inner = 1;  // elements before the axis, along it, behind it
  int64_t steps = 1;                       // scales along the axis
  int64_t block = 1;
};

// The element of the scale that belongs to element i of the tensor.
size_t place(const Scales& s, int64_t i) {
  if (s.scale.dims.empty() || s.steps == 0) return 0;
  const int64_t behind = i % s.inner, along = i / s.inner % s.size, before = i / s.inner / s.size;
  if (s.scale.dims.size() <= 1) return static_cast<size_t>(along);
  return static_cast<size_t>((before * s.steps + along / s.block) * s.inner + behind);
}

Scales scales_of(const Constant& tensor, const Constant& scale, const Constant* zero, int64_t axis,
                 int64_t block) {
  if (!scale.floats)
    throw Unmapped{fmt::format("its scale is of type {}, of which cnnc has no values", scale.type), ""};
  if (zero && (!zero->integers || zero->integers->size() != scale.floats->size()))
    throw Unmapped{fmt::format("its zero point is of {} {}, and its scale has {} values", zero->type,
                               to_string(zero->dims), scale.floats->size()),
                   ""};
  Scales s{scale, zero};
  if (scale.floats->size() == 1) {
    s.steps = 0;
    return s;
  }
  const size_t at = axis_of(axis, tensor.dims.size());
  for (size_t i = 0; i < tensor.dims.size(); ++i)
    (i < at ? s.outer : i == at ? s.size : s.inner) *= tensor.dims[i];
  s.block = std::clamp<int64_t>(block, 1, std::max<int64_t>(s.size, 1));
  s.steps = (s.size + s.block - 1) / s.block;
  const int64_t wanted = scale.dims.size() <= 1 ? s.size : s.outer * s.steps * s.inner;
  if (static_cast<int64_t>(scale.floats->size()) != wanted)
    throw Unmapped{fmt::format("its scale has {} values for a tensor of {}, along axis {}",
                               scale.floats->size(), to_string(tensor.dims), at),
                   ""};
  return s;
}

}  // namespace

bool operator==(const Grid& a, const Grid& b) {
  return a.scale == b.scale && a.zero == b.zero && a.least == b.least && a.greatest == b.greatest;
}

bool is_of_bytes(const Grid& grid) {
  return grid.greatest - grid.least == 255;
}

double least_value(const Grid& grid) {
  return static_cast<double>(grid.scale) * static_cast<double>(grid.least - grid.zero);
}

double greatest_value(const Grid& grid) {
  return static_cast<double>(grid.scale) * static_cast<double>(grid.greatest - grid.zero);
}

std::optional<NumberLimits> limits_of(const std::string& type) {
  if (type == "uint8") return NumberLimits{0, 255};
  if (type == "int8") return NumberLimits{-128, 127};
  if (type == "uint16") return NumberLimits{0, 65535};
  if (type == "int16") return NumberLimits{-32768, 32767};
  return std::nullopt;
}

Constant dequantized(const Constant& numbers, const Constant& scale, const Constant* zero, int64_t axis,
                     int64_t block) {
  if (!numbers.integers)
    throw Unmapped{
        fmt::format("its constant is of type {}, of which cnnc has no whole numbers", numbers.type), ""};
  const Scales s = scales_of(numbers, scale, zero, axis, block);
  std::vector<float> reals;
  reals.reserve(numbers.integers->size());
  for (size_t i = 0; i < numbers.integers->size(); ++i) {
    const size_t at = place(s, static_cast<int64_t>(i));
    const double from_zero =
        static_cast<double>((*numbers.integers)[i]) - static_cast<double>(zero ? (*zero->integers)[at] : 0);
    reals.push_back(static_cast<float>(from_zero) * (*scale.floats)[at]);
  }
  return {"float", numbers.dims, std::make_shared<const std::vector<float>>(std::move(reals)), nullptr};
}

Constant quantized(const Constant& reals, const Constant& scale, const Constant* zero,
                   const std::string& type, int64_t axis, int64_t block) {
  const auto limits = limits_of(type);
  if (!limits || !reals.floats)
    throw Unmapped{fmt::format("it makes {} of a constant of {}", type, reals.type), ""};
  const Scales s = scales_of(reals, scale, zero, axis, block);
  std::vector<int64_t> numbers;
  numbers.reserve(reals.floats->size());
  for (size_t i = 0; i < reals.floats->size(); ++i) {
    const size_t at = place(s, static_cast<int64_t>(i));
    const double nearest = std::nearbyint((*reals.floats)[i] / (*scale.floats)[at]);
    const double moved = nearest + static_cast<double>(zero ? (*zero->integers)[at] : 0);
    const double least = static_cast<double>(limits->least), greatest = static_cast<double>(limits->greatest);
    numbers.push_back(moved >= least ? static_cast<int64_t>(std::min(moved, greatest)) : limits->least);
  }
  return {type, reals.dims, nullptr, std::make_shared<const std::vector<int64_t>>(std::move(numbers))};
}

}  // namespace cnnc::onnx
