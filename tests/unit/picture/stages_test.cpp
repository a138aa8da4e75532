#include <doctest/doctest.h>

#include "unit/picture/picture_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

TEST_CASE("stages: what keeps a layer's shape belongs to it, and dense layers are bars of their own") {
  CHECK(lines(pictured("input digit 1x28x28\n"
                       "conv 6 5x5 pad 2 as conv1\nrelu\nmaxpool 2x2\n"
                       "conv 16 5x5 stride 2 as conv2\nbatchnorm\nrelu\navgpool 3x3 stride 1\n"
                       "flatten\ndense 10 as fc\nsoftmax\n")
                  .stages) ==
        "digit: input, 1x28x28\n"
        "conv1: conv 5x5, 6x28x28, from digit\n"
        "maxpool1: max 2x2, 6x14x14, from conv1\n"
        "conv2: conv 5x5 / 2, 16x5x5, from maxpool1\n"
        "avgpool1: avg 3x3 / 1, 16x3x3, from conv2\n"
        "fc: dense, 10, from avgpool1, output\n");
}

constexpr const char* kResidual =
    "input image 3x8x8\n"
    "block basic(channels, stride = 1) {\n"
    "residual {\nconv channels 3x3 stride stride pad 1\nrelu\nconv channels 3x3 pad 1\n} shortcut "
    "project\nrelu\n}\n"
    "conv 4 3x3 pad 1 as conv1\n"
    "group layer1 { repeat 2 { basic(4) } }\n"
    "group layer2 { basic(8, stride = 2); basic(8) }\n";

TEST_CASE("stages: a group at one resolution is one, with its block's name and the shortcuts inside") {
  CHECK(lines(pictured(kResidual).stages) ==
        "image: input, 3x8x8\n"
        "conv1: conv 3x3, 4x8x8, from image\n"
        "layer1: 2 × basic, 4x8x8, identity within, from conv1\n"
        "layer2: 2 × basic, 8x4x4, projection within, identity within, from layer1, output\n");
}

TEST_CASE("stages: expanded, each layer is one, and a shortcut is a link that says what it is") {
  const std::string all = lines(pictured(kResidual, {true}).stages);
  CHECK(all.find("layer1.0.residual1: +, 4x8x8, from layer1.0.conv2, identity from conv1\n") !=
        std::string::npos);
  CHECK(
      all.find("layer2.0.residual1: +, 8x4x4, from layer2.0.conv2, projection from layer2.0.shortcut.0\n") !=
      std::string::npos);
}

TEST_CASE("stages: equal layers that follow each other are one with a count") {
  CHECK(lines(pictured("input image 3x8x8\nrepeat 3 { conv 4 3x3 pad 1; relu }\nconv 4 1x1\n").stages) ==
        "image: input, 3x8x8\n"
        "conv1–3: 3 × conv 3x3, 4x8x8, from image\n"
        "conv4: conv 1x1, 4x8x8, from conv1–3, output\n");
}

TEST_CASE("stages: a layer that is read again further on, or is an output, is none of several") {
  CHECK(lines(pictured("input image 3x8x8\nconv 4 3x3 pad 1 as a\noutput\nconv 4 3x3 pad 1 as b\n"
                       "conv 4 3x3 pad 1 as c\nconcat with b\n")
                  .stages) ==
        "image: input, 3x8x8\n"
        "a: conv 3x3, 4x8x8, from image, output\n"
        "b: conv 3x3, 4x8x8, from a\n"
        "c: conv 3x3, 4x8x8, from b\n"
        "concat1: ‖, 8x8x8, concat from c, concat from b\n");
}

TEST_CASE("stages: a U-Net's groups are stages, its pools and upsamplings stand by themselves") {
  CHECK(lines(pictured("input image 1x8x8\n"
                       "group down { conv 4 3x3 pad 1; relu; conv 4 3x3 pad 1 }\nmaxpool 2x2\n"
                       "group bottom { conv 8 3x3 pad 1; conv 8 3x3 pad 1 }\nupsample 2\nconcat with down\n"
                       "group up { conv 4 3x3 pad 1; conv 4 3x3 pad 1 }\n")
                  .stages) ==
        "image: input, 1x8x8\n"
        "down: 2 × conv 3x3, 4x8x8, from image\n"
        "maxpool1: max 2x2, 4x4x4, from down\n"
        "bottom: 2 × conv 3x3, 8x4x4, from maxpool1\n"
        "upsample1: nearest × 2, 8x8x8, from bottom\n"
        "concat1: ‖, 12x8x8, concat from upsample1, concat from down\n"
        "up: 2 × conv 3x3, 4x8x8, from concat1, output\n");
}

TEST_CASE("stages: a group that is read from its middle, or that has a pool in its way, is taken apart") {
  CHECK(lines(pictured("input image 1x8x8\n"
                       "group body { conv 4 3x3 pad 1; conv 6 3x3 pad 1 }\n"
                       "from body.0\nconv 2 1x1 as head\noutput\nfrom body\n"
                       "group half { conv 4 1x1; maxpool 2x2 }\n")
                  .stages) ==
        "image: input, 1x8x8\n"
        "body.0: conv 3x3, 4x8x8, from image\n"
        "body.1: conv 3x3, 6x8x8, from body.0\n"
        "head: conv 1x1, 2x8x8, from body.0, output\n"
        "half.0: conv 1x1, 4x8x8, from body.1\n"
        "half.1: max 2x2, 4x4x4, from half.0\n");
}

TEST_CASE("stages: convolutions of volumes are stages though they keep the shape") {
  CHECK(lines(pictured("input frames 3x4x8x8\nconv3d 4 3 pad 1 as a\nrelu\nconv3d 4 3 pad 1 as b\nrelu\n"
                       "upconv3d 2 2 stride 2 as c\n")
                  .stages) ==
        "frames: input, 3x4x8x8\n"
        "a–b: 2 × conv3d 3, 4x4x8x8, from frames\n"
        "c: upconv3d 2 / 2, 2x8x16x16, from a–b, output\n");
}

TEST_CASE("stages: a gate's vector does not break a stage, and its product says gate") {
  CHECK(lines(pictured("input image 4x8x8\n"
                       "block se(n) { conv n 3x3 pad 1; gate { global_avgpool; conv n 1x1; sigmoid } }\n"
                       "se(4) as one\n")
                  .stages) ==
        "image: input, 4x8x8\n"
        "one: se, 4x8x8, gate within, from image, output\n");
}

TEST_CASE(
    "stages: a group whose resolution changes twice is taken apart, one that begins with a stride is not") {
  CHECK(pictured("input image 3x16x16\n"
                 "group body { conv 4 3x3 stride 2 pad 1; conv 6 3x3 stride 2 pad 1; conv 6 1x1 }\n")
            .stages.size() == 4);
  CHECK(pictured("input image 3x16x16\n"
                 "group body { conv 4 1x1; conv 4 3x3 stride 2 pad 1; conv 6 1x1 }\n")
            .stages.size() == 2);
}
