#include "quantize/ranges.h"

#include <algorithm>
#include <cmath>

namespace cnnc {

Range with(Range range, const std::vector<float>& values) {
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    range.least = std::min(range.least, value);
    range.greatest = std::max(range.greatest, value);
  }
  return range;
}

Range join(const Range& a, const Range& b) {
  return {std::min(a.least, b.least), std::max(a.greatest, b.greatest)};
}

ByteScale bytes_over(const Range& range) {
  const double width = static_cast<double>(range.greatest) - range.least;
  const auto wanted = static_cast<float>(width / 255);
  if (!(wanted >= kLeastScale)) return {};  // all 0, or nearly
  return {std::min(wanted, kGreatestScale), static_cast<int>(std::nearbyint(-range.least / wanted))};
}

Range span_of(const ByteScale& scale) {
  return {scale.scale * static_cast<float>(-scale.zero_point),
          scale.scale * static_cast<float>(255 - scale.zero_point)};
}

Histogram empty_histogram(const Range& range) {
  return {range, std::vector<int64_t>(kParts)};
}

namespace {

double part_width(const Histogram& histogram) {
  return (static_cast<double>(histogram.range.greatest) - histogram.range.least) / kParts;
}

double middle_of(const Histogram& histogram, size_t part) {
  return histogram.range.least + (static_cast<double>(part) + 0.5) * part_width(histogram);
}

}  // namespace

void count(const std::vector<float>& values, Histogram& histogram) {
  const double width = part_width(histogram);
  if (!(width > 0)) return;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    const double part = (value - static_cast<double>(histogram.range.least)) / width;
    ++histogram.counts[static_cast<size_t>(std::clamp(part, 0.0, kParts - 1.0))];
  }
}

namespace {

int64_t sum_of(const Histogram& histogram) {
  int64_t sum = 0;
  for (const int64_t n : histogram.counts) sum += n;
  return sum;
}

// The ends of the parts within which all lies but so much on each side, and always 0.
Range without_outermost(const Histogram& histogram, double beyond) {
  const auto most = static_cast<int64_t>(beyond * static_cast<double>(sum_of(histogram)));
  size_t first = 0, last = kParts;
  for (int64_t left = 0; first < kParts && left + histogram.counts[first] <= most; ++first)
    left += histogram.counts[first];
  for (int64_t right = 0; last > first && right + histogram.counts[last - 1] <= most; --last)
    right += histogram.counts[last - 1];
  const double width = part_width(histogram), least = histogram.range.least;
  return {std::min(0.0f, static_cast<float>(least + static_cast<double>(first) * width)),
          std::max(0.0f, static_cast<float>(least + static_cast<double>(last) * width))};
}

// The sum of squared errors of bytes over a range, of values in the middle of their parts.
double squared_errors(const Histogram& histogram, const Range& range) {
  const ByteScale bytes = bytes_over(range);
  double sum = 0;
  for (size_t part = 0; part < kParts; ++part) {
    if (histogram.counts[part] == 0) continue;
    const double value = middle_of(histogram, part);
    const double byte = std::clamp(std::nearbyint(value / bytes.scale) + bytes.zero_point, 0.0, 255.0);
    const double error = (byte - bytes.zero_point) * bytes.scale - value;
    sum += static_cast<double>(histogram.counts[part]) * error * error;
  }
  return sum;
}

// Of one end after the other that hundredth of its way from 0 that has the least errors, until both stay.
Range of_least_squares(const Histogram& histogram) {
  constexpr int kSteps = 100, kRounds = 4;
  Range best = histogram.range;
  double least = squared_errors(histogram, best);
  for (int round = 0; round < kRounds; ++round) {
    const double before = least;
    for (float Range::*end : {&Range::greatest, &Range::least})
      for (int step = 1; step <= kSteps; ++step) {
        Range range = best;
        range.*end = histogram.range.*end * static_cast<float>(step) / kSteps;
        if (const double errors = squared_errors(histogram, range); errors < least)
          least = errors, best = range;
      }
    if (least == before) break;
  }
  return best;
}

}  // namespace

Range chosen_range(const Histogram& histogram, const RangeMethod& method) {
  switch (method.kind) {
    case RangeMethod::Kind::min_max:
      break;
    case RangeMethod::Kind::percentile:
      return without_outermost(histogram, 1 - method.percentile / 100);
    case RangeMethod::Kind::least_squares:
      return of_least_squares(histogram);
  }
  return histogram.range;
}

}  // namespace cnnc
