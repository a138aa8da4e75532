// Pictures and arrays on their way into a network and out of it.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "driver/console/input_error.h"
#include "driver/data/answers.h"
#include "driver/data/inputs.h"
#include "driver/data/npy.h"
#include "driver/data/picture.h"

using namespace cnnc;
namespace fs = std::filesystem;

namespace {

// Each pixel of three channels is another.
Picture pattern(int width, int height) {
  Picture picture{width, height, 3, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c)
        picture.bytes.push_back(static_cast<uint8_t>((x * x * 37 + y * 59 + c * 101 + x * y * 5) % 256));
  return picture;
}

int largest_difference(const Picture& picture, const std::vector<int>& expected) {
  REQUIRE(picture.bytes.size() == expected.size());
  int largest = 0;
  for (size_t i = 0; i < expected.size(); ++i)
    largest = std::max(largest, std::abs(picture.bytes[i] - expected[i]));
  return largest;
}

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "cnnc_pictures_XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path / name, std::ios::binary) << bytes;
    return (path / name).string();
  }
};

template <class Function>
std::string refusal(Function function) {
  try {
    function();
  } catch (const InputError& error) {
    return error.text;
  } catch (const UsageError& error) {
    return error.message;
  }
  return "";
}

}  // namespace

// The values are those of Pillow 9.4: Image.resize(size, Image.BILINEAR, box=…).
TEST_CASE("a picture is resized as Pillow does it, within one level") {
  CHECK(largest_difference(
            resized(pattern(11, 7), 3, 4, Resize::stretch),
            {101, 158, 115, 130, 125, 119, 112, 121, 127, 137, 114, 130, 145, 132, 121, 124, 132, 131,
             138, 117, 144, 147, 165, 113, 136, 140, 133, 115, 115, 155, 125, 147, 126, 108, 146, 150}) <= 1);
  CHECK(largest_difference(
            resized(pattern(11, 7), 4, 3, Resize::crop),
            {114, 150, 124, 151, 118, 105, 128, 135, 140, 109, 115, 126, 136, 111, 142, 133, 151, 113,
             134, 159, 115, 131, 134, 134, 125, 112, 152, 132, 129, 147, 149, 157, 108, 115, 142, 153}) <= 1);
  CHECK(largest_difference(resized(pattern(2, 2), 5, 3, Resize::stretch),
                           {0,  101, 202, 4,  105, 206, 19, 120, 221, 33, 134, 235, 37,  138, 239,
                            30, 131, 104, 34, 135, 108, 50, 151, 124, 65, 166, 139, 69,  170, 143,
                            59, 160, 5,   63, 164, 9,   80, 181, 26,  97, 198, 43,  101, 202, 47}) <= 1);
}

TEST_CASE("a picture of the right size stays as it is; one that has to fit has grey around") {
  const Picture picture = pattern(4, 2);
  for (const Resize how : {Resize::crop, Resize::fit, Resize::stretch})
    CHECK(resized(picture, 4, 2, how).bytes == picture.bytes);
  const Picture framed = resized(picture, 4, 4, Resize::fit);
  for (int i = 0; i < 12; ++i) {
    CHECK(framed.bytes[i] == 114);
    CHECK(framed.bytes[12 + i] == picture.bytes[i]);
    CHECK(framed.bytes[36 + i] == 114);
  }
}

TEST_CASE(
    "channels of a picture become maps: levels by 255, less the mean, by the deviation; in either order") {
  const Folder folder;
  const Picture picture = pattern(3, 2);
  const std::string path = folder.write("a.png", png_bytes(picture));
  PictureOptions options;
  options.mean = {0.5f, 0.25f, 0.125f};
  options.deviation = {2};
  const std::vector<float> rgb = input_values(path, "image", {3, 2, 3}, options);
  options.bgr = true;
  const std::vector<float> bgr = input_values(path, "image", {3, 2, 3}, options);
  REQUIRE(rgb.size() == 18);
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < 6; ++i) {
      const float mean = options.mean[static_cast<size_t>(c)];
      CHECK(rgb[c * 6 + i] == doctest::Approx((picture.bytes[i * 3 + c] / 255.0f - mean) / 2));
      CHECK(bgr[c * 6 + i] == doctest::Approx((picture.bytes[i * 3 + 2 - c] / 255.0f - mean) / 2));
    }
  CHECK(refusal([&] {
          input_values(path, "image", {1, 2, 3}, options);
        }) == "'--mean' has 3 numbers, and the picture that the network reads 1 channel");
  CHECK(refusal([&] { input_values(path, "x", {10}, options); }) ==
        path +
            ": error: the input 'x' is 10; a picture becomes a map with one or three channels. Give an "
            "array, FILE.npy\n");
}

TEST_CASE("an array is written as NumPy reads it, and read again") {
  const Folder folder;
  const std::string path = folder.write("a.npy", npy_bytes({{2, 3}, {1, 2, 3, 4, 5, -6}}));
  CHECK(fs::file_size(path) == 128 + 24);
  const Array array = read_npy(path);
  CHECK(array.sizes == std::vector<int64_t>{2, 3});
  CHECK(array.values == std::vector<float>{1, 2, 3, 4, 5, -6});
  CHECK(read_npy(folder.write("scalar.npy", npy_bytes({{}, {7}}))).values == std::vector<float>{7});
  CHECK(read_npy(folder.write("one.npy", npy_bytes({{1}, {7}}))).sizes == std::vector<int64_t>{1});
}

TEST_CASE("an array of integers is read; one of another kind, or damaged, is refused") {
  const Folder folder;
  const auto with = [&](const std::string& type, const std::string& order, const std::string& shape,
                        const std::string& content) {
    const std::string header =
        "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
    std::string bytes = "\x93NUMPY";
    bytes += {'\1', '\0', static_cast<char>(header.size()), '\0'};
    return folder.write("x.npy", bytes + header + content);
  };
  CHECK(read_npy(with("|u1", "False", "(2,)", "\xff\x01")).values == std::vector<float>{255, 1});
  CHECK(read_npy(with("<i2", "False", "(1, 1)", std::string("\xfe\xff", 2))).values ==
        std::vector<float>{-2});
  const auto said = [&](const std::string& path) {
    const std::string text = refusal([&] { read_npy(path); });
    return text.substr(std::min(text.find(": error: ") + 9, text.size()));
  };
  CHECK(said(with("<c8", "False", "(1,)", "12345678")) ==
        "its elements are '<c8'; floats of 32 or 64 bits and integers are read: save "
        "array.astype('float32')\n");
  CHECK(said(with("<f4", "True", "(1,)", "1234")) ==
        "the array is in Fortran's order: save numpy.ascontiguousarray(array)\n");
  CHECK(said(with("<f4", "False", "(2,)", "1234")) ==
        "the file has not the bytes that its header promises\n");
  CHECK(said(with("<f4", "False", "(40000000000000, 2)", "1234")) == "the array is too large\n");
  CHECK(said(with("<f4", "False", "(2000000000, 2000000000, 2000000000)", "1234")) ==
        "the file has not the bytes that its header promises\n");
  CHECK(said(folder.write("y.npy", "\x93NUMPY\1")) ==
        "this is no array of NumPy, a file that numpy.save() writes\n");
  std::string cut = "\x93NUMPY";
  cut += {'\1', '\0', '\x76', '\0', '{', '}'};
  CHECK(said(folder.write("z.npy", cut)) == "the file is damaged, or cut short\n");
}

TEST_CASE("the greatest elements come first, NaN last, with their labels") {
  const std::vector<float> values = {0.25f, NAN, 0.5f, 0.25f};
  CHECK(answer({4}, values, 3, {}) == "    0.5000  2\n    0.2500  0\n    0.2500  3\n");
  CHECK(answer({4}, values, 9, {"a", "b", "c", "d"}) ==
        "    0.5000  2 c\n    0.2500  0 a\n    0.2500  3 d\n       nan  1 b\n");
  CHECK(answer({1, 2, 2}, {1, 2, 3, -4}, 5, {}) == "  1x2x2 floats from -4 to 3\n");
}

TEST_CASE("a map becomes a picture: grey, colours, or the greatest channel of each pixel") {
  CHECK(picture_of({1, 1, 3}, {0, 0.5f, 2}, "x").bytes == std::vector<uint8_t>{0, 128, 255});
  CHECK(picture_of({3, 1, 1}, {0, 1, 0.2f}, "x").bytes == std::vector<uint8_t>{0, 255, 51});
  const Picture classes = picture_of({4, 1, 2}, {9, 0, 0, 0, 0, 0, 0, 9}, "x");
  CHECK(classes.bytes == std::vector<uint8_t>{0, 0, 0, 255, 225, 25});
  CHECK(refusal([] {
          picture_of({4}, {1, 2, 3, 4}, "x.png");
        }) ==
        "x.png: error: the output is 4, and a picture is made of a map: channels, height and width. Write "
        "'-o FILE.npy'\n");
}
