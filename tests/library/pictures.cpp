// Pictures through the classes of C++; see the script 'pictures'.
#include <cstdio>
#include <cstring>
#include <vector>

#include "net.h"

#define CHECK(condition)                                                         \
  do {                                                                           \
    if (!(condition)) {                                                          \
      std::fprintf(stderr, "line %d: %s does not hold\n", __LINE__, #condition); \
      return 1;                                                                  \
    }                                                                            \
  } while (0)

int main() {
  std::vector<unsigned char> pixels(6 * 4 * 3), large(12 * 8 * 3, 200);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<unsigned char>(i * 5);
  net::Model model;
  net::Image image;
  net::Other other;
  net::Maps by_floats, by_pixels;
  net::Answer answer;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < 24; ++i) {
      const float scale[] = {1 / 0.5f, 1 / -0.25f, 1 / 2.0f}, mean[] = {0.5f, 0.25f, 0.125f};
      image[c * 24 + i] = (static_cast<float>(pixels[i * 3 + c]) / 255 - mean[c]) * scale[c];
    }
  model(image, other, by_floats, answer);
  model({pixels.data(), 6, 4}, other, by_pixels, answer);
  for (std::size_t i = 0; i < by_floats.size(); ++i) {
    const float difference = by_floats[i] - by_pixels[i];
    CHECK(difference < 1e-5f && difference > -1e-5f);
  }
  const std::vector<net::Model::answer> top = net::Model::top(answer, 2);
  CHECK(top.size() == 2 && top[0].value >= top[1].value);
  CHECK(top[0].value == answer[static_cast<std::size_t>(top[0].index)]);
  CHECK(!std::strcmp(top[0].label, net_label(top[0].index)));
  CHECK(net::Model::top(answer, 9).size() == 3 && net::Model::top(answer, -1).empty());

  // A picture of one level has that level whatever its size.
  model(net::Pixels{large.data(), 12, 8, 36, NET_BGR8}, other, by_pixels, answer);
  CHECK(by_pixels(0, 0, 0) == by_pixels(0, 3, 5));
  try {
    model(net::Pixels{large.data(), 0, 8}, other, by_pixels, answer);
    CHECK(false);
  } catch (const std::runtime_error& error) {
    CHECK(!std::strcmp(error.what(),
                       "net: width, height, stride or format of the pixels is none that can be read"));
  }
}
