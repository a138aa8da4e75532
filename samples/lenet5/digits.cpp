// Recognises handwritten digits with lenet5.a, which cnnc made from lenet5.dsl.
//
//     digits          shows some of the 1,000 test images, counts how many are right, measures the time
//     digits X.png …  says which digit each picture shows
#include <algorithm>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "draw.h"
#include "idx.h"
#include "lenet5.h"
#include "picture.h"
#include "timing.h"

#ifndef SAMPLE_FOLDER
#define SAMPLE_FOLDER "."
#endif

namespace {

lenet5::Digit to_input(const Pixels& pixels) {
  lenet5::Digit digit;
  std::transform(pixels.begin(), pixels.end(), digit.begin(), [](uint8_t pixel) { return pixel / 255.0f; });
  return digit;
}

// The digit with the greatest probability.
int answer(const lenet5::Output& probabilities) {
  return static_cast<int>(std::max_element(probabilities.begin(), probabilities.end()) -
                          probabilities.begin());
}

constexpr int kMargin = 2;  // columns at the left and right, where MNIST has no ink

Grey to_grey(const lenet5::Digit& digit) {
  return {lenet5::Digit::width, lenet5::Digit::height, {digit.begin(), digit.end()}};
}

void show_some(lenet5::Model& model, const std::vector<lenet5::Digit>& digits) {
  std::vector<Grey> shown;
  std::string answers;
  for (size_t i = 0; i < 3; ++i) {
    const lenet5::Digit& digit = digits[i];
    shown.push_back(to_grey(digit));
    const lenet5::Output probabilities = model(digit);
    const int digit_read = answer(probabilities);
    char text[32];
    std::snprintf(text, sizeof text, "%8d (%.1f %%)", digit_read, 100.0 * probabilities[digit_read]);
    answers += text;
    answers.resize((answers.size() / 26 + 1) * 26, ' ');
  }
  draw(shown, kMargin);
  print_line(answers);
  std::printf("\n");
}

void count_right(lenet5::Model& model, const std::vector<lenet5::Digit>& digits,
                 const std::vector<uint8_t>& labels) {
  size_t right = 0;
  for (size_t i = 0; i < digits.size(); ++i) right += answer(model(digits[i])) == labels[i];
  std::printf("accuracy  %.2f %%: %zu of %zu test images\n", 100.0 * right / digits.size(), right,
              digits.size());
}

void measure(lenet5::Model& model, const std::vector<lenet5::Digit>& digits) {
  lenet5::Output probabilities;
  print_time(digits.size(), [&](size_t i) { model(digits[i], probabilities); });
}

void test_images(lenet5::Model& model) {
  const std::string folder = SAMPLE_FOLDER;
  const std::vector<Pixels> images =
      read_images(folder + "/test-images.idx3-ubyte", lenet5::Digit::height, lenet5::Digit::width);
  const std::vector<uint8_t> labels = read_labels(folder + "/test-labels.idx1-ubyte");
  if (images.size() != labels.size() || images.size() < 3)
    throw std::runtime_error("'" + folder + "': the test images and labels do not belong together");
  std::vector<lenet5::Digit> digits;
  for (const Pixels& image : images) digits.push_back(to_input(image));
  show_some(model, digits);
  count_right(model, digits, labels);
  measure(model, digits);
}

void picture(lenet5::Model& model, const std::string& path) {
  const lenet5::Digit digit = read_digit(path);
  const lenet5::Output probabilities = model(digit);
  const int digit_read = answer(probabilities);
  draw({to_grey(digit)}, kMargin);
  std::printf("%s: %d (%.1f %%)\n", path.c_str(), digit_read, 100.0 * probabilities[digit_read]);
}

}  // namespace

int main(int argc, char** argv) try {
  lenet5::Model model;
  if (argc == 1) test_images(model);
  for (int i = 1; i < argc; ++i) picture(model, argv[i]);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "digits: %s\n", error.what());
  return 1;
}
