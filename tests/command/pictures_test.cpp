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
      const auto mean = static_cast<float>(options.mean[static_cast<size_t>(c)]);
      CHECK(rgb[c * 6 + i] == doctest::Approx((picture.bytes[i * 3 + c] / 255.0f - mean) / 2));
      CHECK(bgr[c * 6 + i] == doctest::Approx((picture.bytes[i * 3 + 2 - c] / 255.0f - mean) / 2));
    }
  CHECK(refusal([&] {
          input_values(path, "image", {1, 2, 3}, options);
        }) == "'--mean' has 3 numbers, and the picture that the network reads 1 channel");
  const Pixels of_text{PixelFormat::bgr8, {0, 0, 0}, {1, 1, 1}, Resize::crop, 114};
  CHECK(input_values(path, "image", {3, 2, 3}, {}, &of_text)[0] ==
        doctest::Approx(picture.bytes[2] / 255.0f));
  CHECK(refusal([&] {
          input_values(path, "image", {3, 2, 3}, options, &of_text);
        }) ==
        "'--mean' has no meaning here: the network's text says how 'image' is made of pictures, 'from bgr8'");
  CHECK(refusal([&] { input_values(path, "x", {10}, options); }) ==
        path +
            ": error: the input 'x' is 10; a picture becomes a map with one or three channels. Give an "
            "array, FILE.npy\n");
  CHECK(refusal([&] {
          input_values(path, "x", {8, 8, 3}, {});
        }) ==
        path +
            ": error: the input 'x' is 8x8x3; a picture becomes a map with one or three channels. Give an "
            "array, "
            "FILE.npy; where it is height x width x channels, write 'from rgb8' behind the input in the "
            "network's text ('cnnc import' makes one of an ONNX model)\n");
}

TEST_CASE("a picture of height x width x channels is shown as it was read, as a picture and as an array") {
  const Folder folder;
  const Picture picture = pattern(3, 2);
  const std::string path = folder.write("a.png", png_bytes(picture));
  const Pixels pixels{PixelFormat::rgb8, {0.5, 0.25, 0}, {2, 1, 1}, Resize::crop, 114};
  const std::vector<float> values = input_values(path, "image", {2, 3, 3}, {}, &pixels);
  CHECK(values[1] == doctest::Approx(picture.bytes[1] / 255.0f - 0.25f));
  CHECK(as_picture(path, values, {2, 3, 3}, {}, &pixels).bytes == picture.bytes);
  std::vector<float> ramp(18);
  for (size_t i = 0; i < ramp.size(); ++i) ramp[i] = static_cast<float>(i);
  const picture::Raster shown = as_picture("a.npy", ramp, {2, 3, 3}, {}, &pixels);
  CHECK(shown.width == 3);
  CHECK(shown.height == 2);
  for (size_t i = 0; i < ramp.size(); ++i) CHECK(shown.bytes[i] == static_cast<uint8_t>(std::lround(i * 15)));
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
