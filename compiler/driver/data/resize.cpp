#include <algorithm>
#include <cmath>

#include "driver/data/picture.h"

namespace cnnc {
namespace {

constexpr uint8_t kAround = 114;  // grey, as detectors are trained with it

// A part of a side of a picture, which need not begin at a pixel.
struct Range {
  double begin = 0, end = 0;
};

// What a pixel of the result is made of: the weights of the source's pixels from `first` on.
struct Taps {
  int first = 0;
  std::vector<double> weights;
};

// The triangle's weights for `count` pixels made of a range of `size` pixels.
std::vector<Taps> taps_of(int size, Range range, int count) {
  const double step = (range.end - range.begin) / count, support = std::max(step, 1.0);
  std::vector<Taps> all;
  for (int i = 0; i < count; ++i) {
    const double center = range.begin + (i + 0.5) * step;
    const int first = std::max(0, static_cast<int>(center - support + 0.5));
    const int last = std::min(size, static_cast<int>(center + support + 0.5));
    Taps taps{first, {}};
    double sum = 0;
    for (int k = first; k < last; ++k) {
      taps.weights.push_back(std::max(0.0, 1 - std::fabs((k + 0.5 - center) / support)));
      sum += taps.weights.back();
    }
    for (double& weight : taps.weights) weight /= sum;
    all.push_back(std::move(taps));
  }
  return all;
}

uint8_t level(double value) {
  return static_cast<uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

// Rows of another width.
Picture widened(const Picture& from, Range range, int width) {
  const std::vector<Taps> taps = taps_of(from.width, range, width);
  Picture to{width, from.height, from.channels, {}};
  for (int y = 0; y < from.height; ++y)
    for (const Taps& t : taps)
      for (int c = 0; c < from.channels; ++c) {
        double sum = 0;
        const uint8_t* row = &from.bytes[size_t{1} * y * from.width * from.channels + c];
        for (size_t k = 0; k < t.weights.size(); ++k)
          sum += t.weights[k] * row[(t.first + k) * static_cast<size_t>(from.channels)];
        to.bytes.push_back(level(sum));
      }
  return to;
}

Picture transposed(const Picture& from) {
  Picture to{from.height, from.width, from.channels, {}};
  for (int x = 0; x < from.width; ++x)
    for (int y = 0; y < from.height; ++y)
      for (int c = 0; c < from.channels; ++c)
        to.bytes.push_back(from.bytes[(size_t{1} * y * from.width + x) * from.channels + c]);
  return to;
}

Picture scaled(const Picture& from, Range columns, Range rows, int width, int height) {
  return transposed(widened(transposed(widened(from, columns, width)), rows, height));
}

// The middle part of a side that has so many pixels of its own.
Range middle(int size, double pixels) {
  const double begin = (size - pixels) / 2;
  return {begin, begin + pixels};
}

// In the middle of grey.
Picture framed(const Picture& picture, int width, int height) {
  Picture to{width, height, picture.channels, {}};
  to.bytes.assign(size_t{1} * width * height * picture.channels, kAround);
  const int left = (width - picture.width) / 2, top = (height - picture.height) / 2;
  const size_t row_bytes = size_t{1} * picture.width * picture.channels;
  for (int y = 0; y < picture.height; ++y)
    std::copy_n(picture.bytes.begin() + static_cast<std::ptrdiff_t>(y * row_bytes), row_bytes,
                to.bytes.begin() +
                    static_cast<std::ptrdiff_t>((size_t{1} * (top + y) * width + left) * picture.channels));
  return to;
}

int rounded(double pixels) {
  return std::max(1, static_cast<int>(std::lround(pixels)));
}

}  // namespace

Picture resized(const Picture& picture, int width, int height, Resize how) {
  const double across = static_cast<double>(picture.width) / width,
               down = static_cast<double>(picture.height) / height;
  Range columns{0, static_cast<double>(picture.width)}, rows{0, static_cast<double>(picture.height)};
  if (how == Resize::stretch) return scaled(picture, columns, rows, width, height);
  if (how == Resize::fit) {
    const double step = std::max(across, down);
    const int inner_width = std::min(width, rounded(picture.width / step)),
              inner_height = std::min(height, rounded(picture.height / step));
    return framed(scaled(picture, columns, rows, inner_width, inner_height), width, height);
  }
  const double step = std::min(across, down);
  return scaled(picture, middle(picture.width, width * step), middle(picture.height, height * step), width,
                height);
}

}  // namespace cnnc
