#include <doctest/doctest.h>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

TEST_CASE("a convolution of one pixel is a matrix for each pixel, plus the bias") {
  const Model net = model_of("Conv", {1, 2, 1, 2}, {floats({1, 2, 1, 1}, {10, 1}), floats({1}, {100})});
  CHECK(run(net, {{1, 2, 3, 4}}) == Values{113, 124});
}
