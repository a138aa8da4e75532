// test IMAGES LABELS: how many digits lenet5 reads right, and the bits of all outputs, its own and those of
// another network for pictures. The results of one thread and of two are compared. Exits with the line of
// what fails.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "idx.h"
#include "lenet5.h"
#include "other.h"

#define CHECK(condition) \
  if (!(condition)) std::exit(__LINE__)

namespace {

template <class Tensor>
void print(const Tensor& tensor) {
  for (const float& value : tensor) {
    uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    std::printf("%08x\n", static_cast<unsigned>(bits));
  }
}

template <class Tensor>
bool are_same(const Tensor& one, const Tensor& other) {
  return std::memcmp(one.data(), other.data(), one.size() * sizeof(float)) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  CHECK(argc == 3);
  const std::vector<Pixels> images = read_images(argv[1], lenet5::Digit::height, lenet5::Digit::width);
  const std::vector<uint8_t> labels = read_labels(argv[2]);
  lenet5::Model alone, together;
  together.threads(2);
  std::vector<lenet5::Output> outputs;
  int right = 0;
  for (size_t i = 0; i < images.size(); ++i) {
    lenet5::Digit digit;
    for (size_t p = 0; p < digit.size(); ++p) digit[p] = images[i][p] / 255.0f;
    outputs.push_back(alone(digit));
    CHECK(are_same(outputs.back(), together(digit)));
    size_t answer = 0;
    for (size_t k = 1; k < lenet5::Output::elements; ++k)
      if (outputs.back()[k] > outputs.back()[answer]) answer = k;
    right += answer == labels[i];
  }
  std::printf("%d right\n", right);
  for (const lenet5::Output& output : outputs) print(output);

  other::Model other_alone, other_together;
  other_together.threads(2);
  std::vector<unsigned char> pixels(size_t{3} * 90 * 70);
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<unsigned char>(i * 7919 % 251);
  for (int width = 41; width <= 90; ++width) {
    const other::Pixels picture = {pixels.data(), width, 70};
    const other::Output output = other_alone(picture);
    CHECK(are_same(output, other_together(picture)));
    print(output);
  }
  return 0;
}
