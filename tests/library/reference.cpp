// reference IMAGES REFERENCE: the network's output for the first images of an IDX file against what PyTorch
// computed (reference.f32, written by the sample's train.py: of each output every STEP-th row and column).
// Exits with 1 if one differs by more than kTolerance.
//
//     g++ -DNETWORK=fashion -DPREFIX=FASHION -DHEADER='"fashion.h"' -DSIDE=1 -DSTEP=1 …
// SIDE: height and width of the output's maps.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include HEADER

#define JOIN(a, b) a##b
#define NAME(prefix, rest) JOIN(prefix, rest)

namespace {

// Probabilities are sums of some thousand products of float; two programs that sum in other orders differ in
// the last digits.
constexpr double kTolerance = 1e-4;

constexpr size_t kPixels = NAME(PREFIX, _PICTURE_ELEMENTS), kHeader = 16;
constexpr size_t kOutputs = NAME(PREFIX, _OUTPUT_ELEMENTS), kChannels = kOutputs / (SIDE * SIDE);

std::vector<char> read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<float> run(const char* pixels) {
  std::vector<float> picture(kPixels), output(kOutputs);
  std::transform(pixels, pixels + kPixels, picture.begin(),
                 [](char pixel) { return static_cast<uint8_t>(pixel) / 255.0f; });
  alignas(64) static unsigned char workspace[NAME(PREFIX, _WORKSPACE_BYTES)];
  if (NAME(NETWORK, _run)(picture.data(), output.data(), workspace) != 0) return {};
  std::vector<float> some;
  for (size_t c = 0; c < kChannels; ++c)
    for (size_t y = 0; y < SIDE; y += STEP)
      for (size_t x = 0; x < SIDE; x += STEP) some.push_back(output[(c * SIDE + y) * SIDE + x]);
  return some;
}

}  // namespace

int main(int, char** argv) {
  const std::vector<char> images = read_file(argv[1]), bytes = read_file(argv[2]);
  std::vector<float> reference(bytes.size() / sizeof(float));
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(reference.data()));
  double worst = 0;
  bool right = !reference.empty();
  size_t checked = 0, image = 0;
  for (; checked < reference.size(); ++image) {
    const std::vector<float> output = run(images.data() + kHeader + image * kPixels);
    if (output.empty() || checked + output.size() > reference.size()) return 1;
    for (float value : output) {
      const double difference = std::abs(static_cast<double>(value) - reference[checked++]);
      worst = std::max(worst, difference);
      right = right && difference <= kTolerance;  // false for NaN, too
    }
  }
  std::printf("%zu images, %zu values: the largest difference from PyTorch's is %.2g\n", image, checked,
              worst);
  return right ? 0 : 1;
}
