// Says which country's flag a picture shows, with flags.a, which cnnc made from flags.dsl.
//
//     country               counts how many of the 100 pictures of test.jpg are right, and measures the time
//     country SHEET.jpg …   the same of other sheets that compose.py made, each with SHEET.txt beside it
//     country PHOTO.jpg …   the three likeliest countries of each photo
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#include <stb/stb_image.h>

#include "flags.h"
#include "timing.h"

#ifndef SAMPLE_FOLDER
#define SAMPLE_FOLDER "."
#endif

namespace {

constexpr int kWidth = 128, kHeight = 96;  // of a picture of a sheet

// Rows of red, green and blue bytes, with nothing between.
struct Photo {
  int width = 0, height = 0;
  std::unique_ptr<unsigned char, void (*)(void*)> pixels;
};

Photo read_photo(const std::string& path) {
  int width = 0, height = 0;
  unsigned char* pixels = stbi_load(path.c_str(), &width, &height, nullptr, 3);
  if (!pixels) throw std::runtime_error("'" + path + "': " + stbi_failure_reason());
  return {width, height, {pixels, stbi_image_free}};
}

std::string countries_of(const std::string& sheet) {
  return std::filesystem::path(sheet).replace_extension(".txt").string();
}

// Each picture where it lies in the sheet, row by row: a row of its pixels is a row of the sheet behind the
// one before.
std::vector<flags::Pixels> pictures_of(const Photo& sheet) {
  std::vector<flags::Pixels> pictures;
  for (int y = 0; y + kHeight <= sheet.height; y += kHeight)
    for (int x = 0; x + kWidth <= sheet.width; x += kWidth)
      pictures.push_back({sheet.pixels.get() + 3 * (y * sheet.width + x), kWidth, kHeight, 3 * sheet.width});
  return pictures;
}

void test(flags::Model& model, const std::string& path) {
  const Photo sheet = read_photo(path);
  const std::vector<flags::Pixels> pictures = pictures_of(sheet);
  std::ifstream countries(countries_of(path));
  size_t right = 0, count = 0;
  for (std::string country; std::getline(countries, country) && count < pictures.size(); ++count) {
    const auto best = flags::Model::top(model(pictures[count]), 1)[0];
    right += country == best.label;
    if (country != best.label)
      std::printf("row %zu, picture %zu: %s, taken for %s (%.1f %%)\n", count / 10 + 1, count % 10 + 1,
                  country.c_str(), best.label, 100.0 * best.value);
  }
  if (count == 0) throw std::runtime_error("'" + path + "': there are no pictures, or no countries");
  std::printf("accuracy  %.2f %%: %zu of %zu pictures\n", 100.0 * right / count, right, count);
  flags::Output output;
  print_time(count, [&](size_t i) { model(pictures[i], output); });
}

void show(flags::Model& model, const std::string& path) {
  const Photo photo = read_photo(path);
  std::printf("%s:", path.c_str());
  const char* between = " ";
  for (const auto& [index, value, label] :
       flags::Model::top(model({photo.pixels.get(), photo.width, photo.height}), 3)) {
    std::printf("%s%s (%.1f %%)", between, label, 100.0 * value);
    between = ", ";
  }
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) try {
  flags::Model model;
  if (argc == 1) test(model, SAMPLE_FOLDER "/test.jpg");
  for (int i = 1; i < argc; ++i) {
    if (std::filesystem::exists(countries_of(argv[i])))
      test(model, argv[i]);
    else
      show(model, argv[i]);
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "country: %s\n", error.what());
  return 1;
}
