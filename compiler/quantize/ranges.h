// From the values that a tensor had to the scale and zero of its bytes.
#pragma once
#include <cstdint>
#include <vector>

#include "quantize/quantization.h"

namespace cnnc {

// What values lie between; always 0 too, so that zero, of which paddings are made and relus make much, is a
// byte exactly. Values that are no finite numbers count for nothing.
struct Range {
  float least = 0, greatest = 0;
};
Range with(Range range, const std::vector<float>& values);
Range join(const Range& a, const Range& b);

// The bytes that span a range, or as much of it as the greatest scale does: where nothing is below 0, zero is
// the byte 0.
ByteScale bytes_over(const Range& range);
// What bytes span: of bytes_over(r) at least r, but for the rounding of its zero.
Range span_of(const ByteScale& scale);

// How many values lay in each of equal parts of a range.
struct Histogram {
  Range range;
  std::vector<int64_t> counts;
};
constexpr size_t kParts = 4096;  // 16 for each byte
Histogram empty_histogram(const Range& range);
// The values lie in the range, as the first run over them found it.
void count(const std::vector<float>& values, Histogram& histogram);

// The range that is turned into bytes, by the method:
//   min-max        all of it
//   percentile P   without the P-th part on each side: so many values lie beyond, and become the outermost
//                  bytes
//   least-squares  the part of it whose bytes have the least sum of squared errors, of roundings and of what
//                  lies beyond (Nagel et al., A White Paper on Neural Network Quantization, 2021, section
//                  3.1; histograms as in Migacz, 8-bit Inference with TensorRT, 2017)
Range chosen_range(const Histogram& histogram, const RangeMethod& method);

}  // namespace cnnc
