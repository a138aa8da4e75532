// Pictures as the runtime reads them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "runtime/cnnc_rt.h"

namespace {

using Bytes = std::vector<uint8_t>;
using Floats = std::vector<float>;

// Rows of pixels without gaps.
struct Picture {
  int width = 0, height = 0, format = CNNC_RT_RGB8;
  Bytes bytes;
};

int bytes_of_pixel(int format) {
  return format == CNNC_RT_GREY8 ? 1 : format == CNNC_RT_RGBA8 || format == CNNC_RT_BGRA8 ? 4 : 3;
}

// Each pixel of three channels is another.
Picture pattern(int width, int height) {
  Picture picture{width, height, CNNC_RT_RGB8, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c)
        picture.bytes.push_back(static_cast<uint8_t>((x * x * 37 + y * 59 + c * 101 + x * y * 5) % 256));
  return picture;
}

// Levels without normalisation.
cnnc_rt_picture wanted(int width, int height, int resize = CNNC_RT_STRETCH, int format = CNNC_RT_RGB8) {
  const int channels = format == CNNC_RT_GREY8 ? 1 : 3;
  return {1, channels, height, width, format, resize, 114, {1, 1, 1}, {0, 0, 0}};
}

Floats read(const Picture& picture, const cnnc_rt_picture& as, int stride = 0) {
  Floats values(static_cast<size_t>(as.images) * as.channels * as.height * as.width, -1);
  REQUIRE(cnnc_rt_read_pixels(picture.bytes.data(), picture.width, picture.height, stride, picture.format,
                              &as, values.data()) == CNNC_RT_OK);
  return values;
}

// Of values by channel, against pixels.
float largest_difference(const Floats& values, const std::vector<int>& pixels) {
  REQUIRE(values.size() == pixels.size());
  const size_t count = pixels.size() / 3;
  float largest = 0;
  for (size_t i = 0; i < pixels.size(); ++i)
    largest = std::max(largest, std::fabs(values[i % 3 * count + i / 3] - static_cast<float>(pixels[i])));
  return largest;
}

// The same picture in another form.
Picture in_format(const Picture& rgb, int format) {
  const bool reversed = format == CNNC_RT_BGR8 || format == CNNC_RT_BGRA8;
  Picture picture{rgb.width, rgb.height, format, {}};
  for (size_t i = 0; i < rgb.bytes.size(); i += 3) {
    for (size_t c = 0; c < 3; ++c) picture.bytes.push_back(rgb.bytes[i + (reversed ? 2 - c : c)]);
    if (bytes_of_pixel(format) == 4) picture.bytes.push_back(99);
  }
  return picture;
}

// The triangle's sum for a row of levels that becomes `count`, in double precision.
double row_by_definition(const Bytes& levels, int count, int pixel) {
  const double step = static_cast<double>(levels.size()) / count, support = std::max(step, 1.0);
  double sum = 0, weights = 0;
  for (size_t k = 0; k < levels.size(); ++k) {
    const double distance = (static_cast<double>(k) + 0.5 - (pixel + 0.5) * step) / support;
    const double weight = std::max(0.0, 1 - std::fabs(distance));
    weights += weight;
    sum += weight * levels[k];
  }
  return sum / weights;
}

}  // namespace

// The values are those of Pillow 9.4: Image.resize(size, Image.BILINEAR, box=…).
TEST_CASE("a picture is resized as Pillow does it, within one level") {
  CHECK(largest_difference(
            read(pattern(11, 7), wanted(3, 4)),
            {101, 158, 115, 130, 125, 119, 112, 121, 127, 137, 114, 130, 145, 132, 121, 124, 132, 131,
             138, 117, 144, 147, 165, 113, 136, 140, 133, 115, 115, 155, 125, 147, 126, 108, 146, 150}) <= 1);
  CHECK(largest_difference(
            read(pattern(11, 7), wanted(4, 3, CNNC_RT_CROP)),
            {114, 150, 124, 151, 118, 105, 128, 135, 140, 109, 115, 126, 136, 111, 142, 133, 151, 113,
             134, 159, 115, 131, 134, 134, 125, 112, 152, 132, 129, 147, 149, 157, 108, 115, 142, 153}) <= 1);
  CHECK(largest_difference(read(pattern(2, 2), wanted(5, 3)),
                           {0,  101, 202, 4,  105, 206, 19, 120, 221, 33, 134, 235, 37,  138, 239,
                            30, 131, 104, 34, 135, 108, 50, 151, 124, 65, 166, 139, 69,  170, 143,
                            59, 160, 5,   63, 164, 9,   80, 181, 26,  97, 198, 43,  101, 202, 47}) <= 1);
}

TEST_CASE("pictures that are wider than what is resized at once are right up to their last pixel") {
  for (const int size : {3, 700, 5000}) {
    Picture row{9001, 1, CNNC_RT_GREY8, {}};
    for (int x = 0; x < row.width; ++x) row.bytes.push_back(static_cast<uint8_t>((x * 7919 + x / 3) % 251));
    Picture column{1, row.width, CNNC_RT_GREY8, row.bytes};
    // Shrunk 3000 times it is more than is read.
    if (size == 3) row.width = 1500;
    const Bytes levels(row.bytes.begin(), row.bytes.begin() + row.width);
    column.height = row.width;
    const Floats across = read(row, wanted(size, 1, CNNC_RT_STRETCH, CNNC_RT_GREY8));
    const Floats down = read(column, wanted(1, size, CNNC_RT_STRETCH, CNNC_RT_GREY8));
    // Levels are rounded. Before that, sums of few pixels are off by a 256th of a level for each at most
    // (resize.h); as they begin with half a step, their errors go to both sides, and most of them cancel.
    double largest = 0, largest_down = 0;
    for (int x = 0; x < size; ++x) {
      const double expected = row_by_definition(levels, size, x);
      largest = std::max(largest, std::fabs(across[static_cast<size_t>(x)] - expected));
      largest_down = std::max(largest_down, std::fabs(down[static_cast<size_t>(x)] - expected));
    }
    const double most = size == 3 ? 0.501 : size == 700 ? 0.5 + 8.0 / 256 : 0.5 + 2.0 / 256;
    CHECK(largest <= most);
    CHECK(largest_down <= most);
  }
}

TEST_CASE("wide pictures of several formats are the same") {
  const Picture rgb = pattern(9001, 3);
  const Floats expected = read(rgb, wanted(1000, 2));
  CHECK(read(in_format(rgb, CNNC_RT_BGRA8), wanted(1000, 2)) == expected);
  CHECK(read(in_format(rgb, CNNC_RT_BGR8), wanted(1000, 2)) == expected);
}

TEST_CASE("each format of the same picture gives the same values, in the network's order") {
  const Picture rgb = pattern(13, 9);
  for (const cnnc_rt_picture& as : {wanted(13, 9), wanted(5, 4, CNNC_RT_CROP), wanted(20, 30, CNNC_RT_FIT)}) {
    const Floats expected = read(rgb, as);
    for (const int format : {CNNC_RT_BGR8, CNNC_RT_RGBA8, CNNC_RT_BGRA8})
      CHECK(read(in_format(rgb, format), as) == expected);
    cnnc_rt_picture reversed = as;
    reversed.format = CNNC_RT_BGR8;
    const Floats values = read(rgb, reversed);
    const auto plane = static_cast<std::ptrdiff_t>(expected.size() / 3);
    CHECK(std::equal(values.begin(), values.begin() + plane, expected.begin() + 2 * plane));
    CHECK(std::equal(values.begin() + plane, values.begin() + 2 * plane, expected.begin() + plane));
  }
}

TEST_CASE("the channels of a pixel may follow one another, in each format, resized and framed") {
  const Picture rgb = pattern(13, 9);
  for (const int channels_of : {CNNC_RT_RGB8, CNNC_RT_GREY8})
    for (const int size : {0, 5, 20})
      for (const int format : {CNNC_RT_RGB8, CNNC_RT_BGRA8}) {
        cnnc_rt_picture as = wanted(size ? size : 13, size ? size + 3 : 9, CNNC_RT_FIT, channels_of);
        as.images = 2;
        as.scale[1] = 2;
        Picture picture = in_format(rgb, format);
        const Bytes once = picture.bytes;
        picture.bytes.insert(picture.bytes.end(), once.begin(), once.end());
        const Floats first = read(picture, as);
        Floats last(first.size(), -1);
        REQUIRE(cnnc_rt_read_pixels_channels_last(picture.bytes.data(), 13, 9, 0, format, &as, last.data()) ==
                CNNC_RT_OK);
        const size_t channels = static_cast<size_t>(as.channels), pixels = first.size() / 2 / channels;
        Floats expected;
        for (size_t image = 0; image < 2; ++image)
          for (size_t i = 0; i < pixels * channels; ++i)
            expected.push_back(first[(image * channels + i % channels) * pixels + i / channels]);
        CHECK(last == expected);
      }
}

TEST_CASE("grey serves for colours, and colours become grey") {
  Picture grey{6, 5, CNNC_RT_GREY8, {}}, colours{6, 5, CNNC_RT_RGB8, {}};
  for (int i = 0; i < 30; ++i) {
    grey.bytes.push_back(static_cast<uint8_t>(i * 8));
    colours.bytes.insert(colours.bytes.end(), 3, grey.bytes.back());
  }
  for (const int size : {3, 5, 11}) {
    CHECK(read(grey, wanted(size, size)) == read(colours, wanted(size, size)));
    const cnnc_rt_picture as_grey = wanted(size, size, CNNC_RT_FIT, CNNC_RT_GREY8);
    CHECK(read(grey, as_grey) == read(colours, as_grey));
  }
  const Picture red{1, 1, CNNC_RT_RGB8, {255, 0, 0}}, blue{1, 1, CNNC_RT_BGR8, {255, 0, 0}};
  CHECK(read(red, wanted(1, 1, CNNC_RT_CROP, CNNC_RT_GREY8)) == Floats{76});
  CHECK(read(blue, wanted(1, 1, CNNC_RT_CROP, CNNC_RT_GREY8)) == Floats{29});
}

TEST_CASE("NV12 becomes the colours of BT.601") {
  // Two columns and rows share a chroma: black, white, and the reds that 81, 90, 240 stands for.
  const Picture picture{4, 2, CNNC_RT_NV12, {16, 235, 81, 81, 16, 235, 81, 81, 128, 128, 90, 240}};
  const Floats values = read(picture, wanted(4, 2));
  CHECK(values ==
        Floats{0, 255, 255, 255, 0, 255, 255, 255, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0});
  const Picture tall{2, 4, CNNC_RT_NV12, {126, 126, 126, 126, 100, 100, 100, 100, 128, 128, 90, 110}};
  CHECK(read(tall, wanted(2, 4)) == Floats{128, 128, 128, 128, 69,  69,  69,  69,  128, 128, 128, 128,
                                           127, 127, 127, 127, 128, 128, 128, 128, 21,  21,  21,  21});
  const Floats half = read(picture, wanted(2, 1));
  CHECK(half[1] > 200);
  CHECK(half[3] < 60);
}

TEST_CASE("NV12 is resized as the colours that it stands for, whose rows many rows of the result share") {
  Picture camera{6, 40, CNNC_RT_NV12, {}}, colours{6, 40, CNNC_RT_RGB8, {}};
  for (int i = 0; i < 6 * 60; ++i) camera.bytes.push_back(static_cast<uint8_t>(i * 53 % 241));
  const Floats levels = read(camera, wanted(6, 40));
  for (size_t i = 0; i < 6 * 40; ++i)
    for (size_t c = 0; c < 3; ++c) colours.bytes.push_back(static_cast<uint8_t>(levels[c * 240 + i]));
  for (const int height : {1, 7, 13, 90})
    CHECK(read(camera, wanted(4, height)) == read(colours, wanted(4, height)));
}

TEST_CASE("a picture of the right size stays as it is; one that has to fit has the level around") {
  const Picture picture = pattern(4, 2);
  std::vector<int> pixels(picture.bytes.begin(), picture.bytes.end());
  for (const int how : {CNNC_RT_CROP, CNNC_RT_FIT, CNNC_RT_STRETCH})
    CHECK(largest_difference(read(picture, wanted(4, 2, how)), pixels) == 0);
  cnnc_rt_picture as = wanted(4, 4, CNNC_RT_FIT);
  as.fill = 7;
  const Floats framed = read(picture, as);
  for (size_t i = 0; i < 4; ++i) {
    CHECK(framed[i] == 7);
    CHECK(framed[4 + i] == picture.bytes[3 * i]);
    CHECK(framed[12 + i] == 7);
    CHECK(framed[32 + 12 + i] == 7);
  }
}

TEST_CASE(
    "levels are scaled and shifted by channel, rows may have gaps, and a batch has pictures behind each "
    "other") {
  Picture gaps{2, 2, CNNC_RT_RGB8, {10, 20, 30, 40, 50, 60, 0, 0, 11, 21, 31, 41, 51, 61, 0, 0,
                                    1,  2,  3,  4,  5,  6,  0, 0, 7,  8,  9,  10, 11, 12, 0, 0}};
  cnnc_rt_picture as = wanted(2, 2);
  as.images = 2;
  const float scale[3] = {0.5f, 2, 4}, shift[3] = {1, 0, -8};
  std::copy(scale, scale + 3, as.scale);
  std::copy(shift, shift + 3, as.shift);
  CHECK(read(gaps, as, 8) == Floats{6,    21, 6.5f, 21.5f, 40, 100, 42, 102, 112, 232, 116, 236,
                                    1.5f, 3,  4.5f, 6,     4,  10,  16, 22,  4,   16,  28,  40});
}

TEST_CASE("what cannot be read is an error, and nothing is written") {
  const Picture picture = pattern(8, 8);
  const cnnc_rt_picture as = wanted(2, 2);
  Floats values(12, -1);
  const auto code = [&](const uint8_t* pixels, int width, int height, int stride, int format) {
    return cnnc_rt_read_pixels(pixels, width, height, stride, format, &as, values.data());
  };
  const uint8_t* pixels = picture.bytes.data();
  CHECK(code(nullptr, 8, 8, 0, CNNC_RT_RGB8) == CNNC_RT_ERROR_NULL);
  CHECK(code(pixels, 0, 8, 0, CNNC_RT_RGB8) == CNNC_RT_ERROR_PIXELS);
  CHECK(code(pixels, 8, -1, 0, CNNC_RT_RGB8) == CNNC_RT_ERROR_PIXELS);
  CHECK(code(pixels, 1001, 1, 0, CNNC_RT_RGB8) == CNNC_RT_ERROR_PIXELS);
  CHECK(code(pixels, 1, 1001, 0, CNNC_RT_RGB8) == CNNC_RT_ERROR_PIXELS);
  CHECK(code(pixels, 8, 8, 23, CNNC_RT_RGB8) == CNNC_RT_ERROR_PIXELS);
  CHECK(code(pixels, 8, 8, -24, CNNC_RT_RGB8) == CNNC_RT_ERROR_PIXELS);
  CHECK(code(pixels, 8, 8, 0, 7) == CNNC_RT_ERROR_PIXELS);
  CHECK(code(pixels, 8, 8, 0, -1) == CNNC_RT_ERROR_PIXELS);
  CHECK(code(pixels, 3, 4, 0, CNNC_RT_NV12) == CNNC_RT_ERROR_PIXELS);
  CHECK(code(pixels, 4, 3, 0, CNNC_RT_NV12) == CNNC_RT_ERROR_PIXELS);
  CHECK(code(pixels, 4, 4, 3, CNNC_RT_NV12) == CNNC_RT_ERROR_PIXELS);
  CHECK(values == Floats(12, -1));
  CHECK(code(pixels, 8, 8, 24, 0) == CNNC_RT_OK);  // 0: the network's own format
}

TEST_CASE("the greatest elements come in their order, equal ones by their places, NaN last") {
  const Floats values = {3, NAN, 7, 7, -INFINITY, 5};
  const auto top = [&](int elements, int count) {
    std::vector<int32_t> indices(static_cast<size_t>(count) + 1, 77);
    cnnc_rt_top(values.data(), elements, count, indices.data());
    CHECK(indices.back() == 77);
    indices.pop_back();
    return indices;
  };
  CHECK(top(6, 3) == std::vector<int32_t>{2, 3, 5});
  CHECK(top(6, 8) == std::vector<int32_t>{2, 3, 5, 0, 4, 1, -1, -1});
  CHECK(top(1, 2) == std::vector<int32_t>{0, -1});
  CHECK(top(6, 0).empty());
}
