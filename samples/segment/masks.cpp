// Finds handwritten digits in a cluttered picture, pixel by pixel, with segment.a, which cnnc made from
// segment.dsl.
//
//     masks          finds the digits in the test pictures, compares with the true masks, measures the time
//     masks FOLDER   the same with test-images.idx3-ubyte and test-masks.idx3-ubyte of that folder
//     masks X.png …  writes X-mask.png: the picture, and beside it the digits that were found, in colours
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "grey.h"
#include "idx.h"
#include "overlay.h"
#include "segment.h"
#include "timing.h"

#ifndef SAMPLE_FOLDER
#define SAMPLE_FOLDER "."
#endif

namespace {

constexpr int kSide = 64, kClasses = 11;

// Of each pixel 0 where no digit is the most probable, else the digit + 1.
Pixels find_digits(segment::Model& model, const segment::Picture& picture) {
  const segment::Output probabilities = model(picture);
  Pixels mask;
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x) {
      int best = 0;
      for (int c = 1; c < kClasses; ++c)
        if (probabilities(c, y, x) > probabilities(best, y, x)) best = c;
      mask.push_back(static_cast<uint8_t>(best));
    }
  return mask;
}

segment::Picture to_input(const Pixels& pixels) {
  segment::Picture picture;
  std::transform(pixels.begin(), pixels.end(), picture.begin(), [](uint8_t pixel) { return pixel / 255.0f; });
  return picture;
}

// Prints a mask in the digits' own characters, every second row.
void print_mask(const Pixels& mask) {
  for (int y = 0; y < kSide; y += 2) {
    std::string line;
    for (int x = 0; x < kSide; ++x) line += " 0123456789"[mask[static_cast<size_t>(y * kSide + x)]];
    std::printf("%s\n", line.substr(0, line.find_last_not_of(' ') + 1).c_str());
  }
}

// Intersection over union, the measure of segmentation: of each class, the pixels that are its in both masks
// / those that are in either, over all pictures; the mean of the classes that occur.
class Iou {
 public:
  void count(const Pixels& found, const Pixels& truth) {
    for (size_t i = 0; i < found.size(); ++i) {
      const bool same = found[i] == truth[i];
      both_[truth[i]] += same;
      ++either_[truth[i]];
      if (!same) ++either_[found[i]];
    }
  }
  double mean() const {
    double sum = 0;
    int classes = 0;
    for (int c = 0; c < kClasses; ++c)
      if (either_[c] != 0) sum += static_cast<double>(both_[c]) / either_[c], ++classes;
    return sum / classes;
  }

 private:
  std::array<long, kClasses> both_{}, either_{};
};

void test(segment::Model& model, const std::string& folder) {
  const std::vector<Pixels> images = read_images(folder + "/test-images.idx3-ubyte", kSide, kSide);
  const std::vector<Pixels> masks = read_images(folder + "/test-masks.idx3-ubyte", kSide, kSide);
  if (images.size() != masks.size() || images.empty())
    throw std::runtime_error("'" + folder + "': the test pictures and masks do not belong together");
  std::vector<segment::Picture> pictures;
  for (const Pixels& image : images) pictures.push_back(to_input(image));
  print_mask(find_digits(model, pictures[0]));

  Iou iou;
  size_t right = 0;
  for (size_t i = 0; i < pictures.size(); ++i) {
    const Pixels found = find_digits(model, pictures[i]);
    if (*std::max_element(masks[i].begin(), masks[i].end()) >= kClasses)
      throw std::runtime_error("'" + folder + "/test-masks.idx3-ubyte' has a class that is not 0 to 10");
    iou.count(found, masks[i]);
    for (size_t p = 0; p < found.size(); ++p) right += found[p] == masks[i][p];
  }
  std::printf("mean IoU  %.2f %% over %zu test pictures: %zu of %zu pixels are right\n", 100 * iou.mean(),
              pictures.size(), right, pictures.size() * kSide * kSide);
  segment::Output probabilities;
  print_time(pictures.size(), [&](size_t i) { model(pictures[i], probabilities); });
}

void segment_picture(segment::Model& model, const std::string& path) {
  const Grey grey = scale(read_png(path), kSide, kSide);
  segment::Picture picture;
  std::copy(grey.values.begin(), grey.values.end(), picture.begin());
  const Pixels mask = find_digits(model, picture);
  print_mask(mask);
  const std::filesystem::path file(path);
  const std::string result = (file.parent_path() / file.stem()).string() + "-mask.png";
  write_overlay(result, grey, mask);
  std::printf("%s: written\n", result.c_str());
}

}  // namespace

int main(int argc, char** argv) try {
  segment::Model model;
  if (argc == 1) test(model, SAMPLE_FOLDER);
  for (int i = 1; i < argc; ++i) {
    if (std::filesystem::is_directory(argv[i]))
      test(model, argv[i]);
    else
      segment_picture(model, argv[i]);
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "masks: %s\n", error.what());
  return 1;
}
