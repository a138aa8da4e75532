// Says what piece of clothing a picture shows, with fashion.a, which cnnc made from fashion.dsl.
//
//     clothes          shows some of the 1,000 test images, counts how many are right, measures the time
//     clothes FOLDER   the same with test-images.idx3-ubyte and test-labels.idx1-ubyte of that folder
//     clothes X.png …  says what each picture shows
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "draw.h"
#include "fashion.h"
#include "grey.h"
#include "idx.h"
#include "timing.h"

#ifndef SAMPLE_FOLDER
#define SAMPLE_FOLDER "."
#endif

namespace {

constexpr int kSide = 28;
constexpr float kGround = 0.05f;  // less is no clothing; Xiao et al. 2017 cut their pictures at this
constexpr const char* kNames[] = {"T-shirt/top", "trouser", "pullover", "dress", "coat",
                                  "sandal",      "shirt",   "sneaker",  "bag",   "ankle boot"};

struct Answer {
  int label = 0;
  float probability = 0;
  std::string text() const {
    char text[64];
    std::snprintf(text, sizeof text, "%s (%.1f %%)", kNames[label], 100.0 * probability);
    return text;
  }
};

Answer ask(fashion::Model& model, const fashion::Picture& picture) {
  const fashion::Output probabilities = model(picture);
  const auto best = std::max_element(probabilities.begin(), probabilities.end());
  return {static_cast<int>(best - probabilities.begin()), *best};
}

fashion::Picture to_input(const Pixels& pixels) {
  fashion::Picture picture;
  std::transform(pixels.begin(), pixels.end(), picture.begin(), [](uint8_t pixel) { return pixel / 255.0f; });
  return picture;
}

Grey to_grey(const fashion::Picture& picture) {
  return {kSide, kSide, {picture.begin(), picture.end()}};
}

// As Xiao et al. 2017, section 2, made Fashion-MNIST's images: cut to the object, its longer side 28 pixels,
// in the middle, 0 around it. A picture of 28x28 is taken to be such an image already.
fashion::Picture read_picture(const std::string& path) {
  Grey grey = read_png(path);
  if (grey.width != kSide || grey.height != kSide) grey = fit(crop(object_of(grey, path), kGround), kSide);
  const int left = (kSide - grey.width) / 2, top = (kSide - grey.height) / 2;
  fashion::Picture picture;
  for (int y = 0; y < grey.height; ++y)
    for (int x = 0; x < grey.width; ++x) picture(0, top + y, left + x) = grey.at(x, y);
  return picture;
}

void show_some(fashion::Model& model, const std::vector<fashion::Picture>& pictures) {
  const int margin = 2, column = kSide - 2 * margin + 2;
  std::vector<Grey> shown;
  std::string answers;
  for (size_t i = 0; i < 3; ++i) {
    shown.push_back(to_grey(pictures[i]));
    answers += "    " + ask(model, pictures[i]).text();
    answers.resize((i + 1) * column, ' ');
  }
  draw(shown, margin);
  print_line(answers);
  std::printf("\n");
}

void test(fashion::Model& model, const std::string& folder) {
  const std::vector<Pixels> images = read_images(folder + "/test-images.idx3-ubyte", kSide, kSide);
  const std::vector<uint8_t> labels = read_labels(folder + "/test-labels.idx1-ubyte");
  if (images.size() != labels.size() || images.size() < 3)
    throw std::runtime_error("'" + folder + "': the test images and labels do not belong together");
  std::vector<fashion::Picture> pictures;
  for (const Pixels& image : images) pictures.push_back(to_input(image));
  show_some(model, pictures);

  size_t right = 0;
  for (size_t i = 0; i < pictures.size(); ++i) right += ask(model, pictures[i]).label == labels[i];
  std::printf("accuracy  %.2f %%: %zu of %zu test images\n", 100.0 * right / images.size(), right,
              images.size());
  fashion::Output probabilities;
  print_time(pictures.size(), [&](size_t i) { model(pictures[i], probabilities); });
}

void show_picture(fashion::Model& model, const std::string& path) {
  const fashion::Picture picture = read_picture(path);
  draw({to_grey(picture)}, 0);
  std::printf("%s: %s\n", path.c_str(), ask(model, picture).text().c_str());
}

}  // namespace

int main(int argc, char** argv) try {
  fashion::Model model;
  if (argc == 1) test(model, SAMPLE_FOLDER);
  for (int i = 1; i < argc; ++i) {
    if (std::filesystem::is_directory(argv[i]))
      test(model, argv[i]);
    else
      show_picture(model, argv[i]);
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "clothes: %s\n", error.what());
  return 1;
}
