// Ranges of values, and the bytes that span them.
#include "quantize/ranges.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace cnnc;

namespace {

bool operator==(const Range& a, const Range& b) {
  return a.least == b.least && a.greatest == b.greatest;
}

std::vector<float> normal_values(size_t count) {
  std::mt19937 generator(1);
  std::vector<float> values;
  for (size_t i = 0; i < count; ++i) {  // the sum of twelve uniform ones (Irwin-Hall), the same everywhere
    double sum = -6;
    for (int k = 0; k < 12; ++k) sum += generator() * 0x1p-32;
    values.push_back(static_cast<float>(sum));
  }
  return values;
}

Histogram histogram_of(const std::vector<float>& values) {
  Histogram histogram = empty_histogram(with(Range(), values));
  count(values, histogram);
  return histogram;
}

double squared_error(const std::vector<float>& values, const ByteScale& bytes) {
  double sum = 0;
  for (const float value : values) {
    const double byte =
        std::min(255.0, std::max(0.0, std::nearbyint(double{value} / bytes.scale) + bytes.zero_point));
    sum += std::pow((byte - bytes.zero_point) * bytes.scale - value, 2);
  }
  return sum;
}

}  // namespace

TEST_CASE("a range holds zero, and no values that are no numbers") {
  CHECK(with(Range(), {1, 3, 2}) == Range{0, 3});
  CHECK(with(Range{-1, 2}, {-3, std::numeric_limits<float>::infinity(), NAN}) == Range{-3, 2});
  CHECK(join(Range{-1, 2}, Range{0, 5}) == Range{-1, 5});
}

TEST_CASE("bytes over a range have zero as a byte, which is 0 where nothing is below zero") {
  CHECK(bytes_over({0, 2.55f}) == ByteScale{0.01f, 0});
  CHECK(bytes_over({-2.55f, 0}) == ByteScale{0.01f, 255});
  CHECK(bytes_over({-1, 3}).zero_point == 64);  // of 63.75
  CHECK(bytes_over({0, 0}) == ByteScale{1, 0});
  const Range span = span_of(bytes_over({-1, 3}));
  CHECK(span.least == doctest::Approx(-1).epsilon(0.01));
  CHECK(span.greatest == doctest::Approx(3).epsilon(0.01));
}

TEST_CASE("of a range beyond the greatest scale bytes span a part, with zero where it is in the range") {
  for (const float most : {1e21f, std::numeric_limits<float>::max()}) {
    CHECK(bytes_over({-most / 4, most}) == ByteScale{kGreatestScale, 51});
    CHECK(bytes_over({0, most}) == ByteScale{kGreatestScale, 0});
    CHECK(bytes_over({-most, 0}) == ByteScale{kGreatestScale, 255});
  }
}

TEST_CASE("min-max takes all of a range") {
  CHECK(chosen_range(histogram_of({-1, 5, 100}), {RangeMethod::Kind::min_max}) == Range{-1, 100});
}

TEST_CASE("a percentile leaves so many values out on each side") {
  std::vector<float> values;
  for (int i = 0; i < 1000; ++i) values.push_back(static_cast<float>(i) / 100 - 5);
  values.push_back(1000);
  const Range range = chosen_range(histogram_of(values), {RangeMethod::Kind::percentile, 99});
  CHECK(range.greatest == doctest::Approx(4.9).epsilon(0.06));  // a part is 0.245 wide
  CHECK(range.least == doctest::Approx(-4.9).epsilon(0.06));
  const Range positive = chosen_range(histogram_of({1, 2, 3, 4}), {RangeMethod::Kind::percentile, 60});
  CHECK(positive.least == 0);
  CHECK(chosen_range(histogram_of(values), {RangeMethod::Kind::percentile, 100}) == Range{-5, 1000});
  CHECK(chosen_range(histogram_of({0, 0}), {RangeMethod::Kind::percentile, 99}) == Range{0, 0});
}

TEST_CASE("least squares cut off what is rare, and have a smaller error than all of the range") {
  const std::vector<float> values = normal_values(20000);
  Histogram histogram = empty_histogram({-6, 40});
  count(values, histogram);
  for (int64_t& n : histogram.counts) n *= 100;  // 40 stands for one of two millions
  count({40}, histogram);
  const Range range = chosen_range(histogram, {RangeMethod::Kind::least_squares});
  CHECK(range.greatest < 20);
  CHECK(range.greatest > 3);
  CHECK(range.least < -2);
  const auto error = [&](const ByteScale& bytes) {
    return 100 * squared_error(values, bytes) + squared_error({40}, bytes);
  };
  CHECK(error(bytes_over(range)) < 0.7 * error(bytes_over(histogram.range)));
  // Whatever is beyond 0 on one side alone stays on that side.
  CHECK(chosen_range(histogram_of({1, 2, 3}), {RangeMethod::Kind::least_squares}).least == 0);
}
