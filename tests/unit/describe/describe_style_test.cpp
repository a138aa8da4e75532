// Texts that a person would have written, where other texts of the same network are as right.
#include <doctest/doctest.h>

#include <string>

#include "unit/describe/describe_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

TEST_CASE("a sequence or repeat begins where a stage does, not with what belongs to the one before") {
  for (const std::string text : {
           R"(network resnet
input image 3x32x32

sequence stage(channels, count, filter = 1) {
    conv channels filter pad filter/2 bias off; batchnorm; relu
    repeat count {
        residual {
            conv channels 3x3 pad 1 bias off; batchnorm; relu
            conv channels 3x3 pad 1 bias off; batchnorm
        }
        relu
    }
}

stage(16, 3, filter = 3); maxpool 2x2
stage(32, 4); stage(64, 4)
)",
           R"(network chain
input image 3x32x32

conv 16 5x5 pad 2 bias off; batchnorm; relu
repeat 4 { conv 16 3x3 pad 1 bias off; batchnorm; relu }
)",
           R"(network separable
input image 8x32x32

conv 16 1x1; relu
repeat 4 { conv 16 3x3 pad 1 groups 16; relu; conv 16 1x1; relu }
conv 16 3x3 stride 2 pad 1 groups 16; tanh
)",
       })
    CHECK(described(graph_of(text)) == text);
}

TEST_CASE("steps of what a tensor and another make are a repeat") {
  const std::string text = R"(network enhance
input image 3x8x8
input curve 3x8x8

from image
repeat 8 { residual { residual { gate { } } shortcut { batchnorm }; multiply with curve } }
)";
  CHECK(described(graph_of(text)) == text);
}

TEST_CASE("padding that only 'same' gives is called so, with all that is the same in such a network") {
  const std::string numbers = R"(network keras
input x 3x8x8

conv 8 3x3 stride 2 pad 0 1 0 1
conv 8 5x3 pad 2x1
conv 8 3x3 stride 2 pad 1
maxpool 3x3 stride 2 pad 0 1 0 1
)";
  const std::string words = R"(network keras
input x 3x8x8

conv 8 3x3 stride 2 pad same
conv 8 5x3 pad same
conv 8 3x3 stride 2 pad 1; maxpool 3x3 stride 2 pad same
)";
  CHECK(checked(graph_of(numbers)) == words);
  const std::string even =
      "network net\ninput x 3x8x8\n\nconv 8 3x3 pad 1\nconv 8 5x5 stride 2 pad 2 1 2 1\n";
  CHECK(described(graph_of(even)) == even);
}

TEST_CASE("what is read further down is called skip1, skip2 in the order of the text") {
  const std::string text = R"(network pyramid
input x 3x32x32

conv 4 3x3 stride 2 pad 1
relu as skip1
conv 4 3x3 stride 2 pad 1
relu as skip2
conv 4 3x3 stride 2 pad 1; relu; upsample 2
concat with skip2
conv 4 3x3 pad 1; upsample 2
concat with skip1
conv 4 3x3 pad 1
)";
  CHECK(described(without_names(graph_of(text), true)) == text);
}

TEST_CASE("the way up and down again of a feature pyramid is no body of a concat") {
  const std::string text = R"(network pyramid
input x 8x16x16

conv 8 3x3 stride 2 pad 1
relu as skip1
upsample 2
concat with x
repeat 3 { conv 8 3x3 pad 1; relu }
conv 8 3x3 stride 2 pad 1
concat with skip1
conv 8 3x3 pad 1
)";
  CHECK(described(graph_of(text)) == text);
}

TEST_CASE("an inverted bottleneck's parameter is what it gives, and its padding follows the dilation") {
  const std::string text = R"(network dilated
input x 16x32x32

sequence bottleneck(channels, dilation = 1) {
    conv 6*channels 1x1 bias off; batchnorm; relu6
    conv 6*channels 3x3 pad dilation dilation dilation groups 6*channels bias off; batchnorm; relu6
    conv channels 1x1 bias off; batchnorm
}

bottleneck(16); bottleneck(24)
bottleneck(24, dilation = 2)
bottleneck(32, dilation = 4); bottleneck(48)
)";
  CHECK(described(graph_of(text)) == text);
}

TEST_CASE("a depthwise conv is in one sequence with the conv behind it") {
  const std::string text = R"(network separable
input x 3x32x32

sequence conv_bn_relu_twice(input_channels, channels, stride = 1) {
    conv input_channels 3x3 stride stride pad 1 groups input_channels bias off; batchnorm; relu
    conv channels 1x1 bias off; batchnorm; relu
}

conv 8 3x3 stride 2 pad 1 bias off; batchnorm; relu
conv_bn_relu_twice(8, 16)
conv_bn_relu_twice(16, 32, stride = 2); conv_bn_relu_twice(32, 32)
conv_bn_relu_twice(32, 64, stride = 2); conv_bn_relu_twice(64, 64); global_avgpool
)";
  CHECK(described(graph_of(text)) == text);
}

TEST_CASE("a pool without padding does not say whether it counts it") {
  const std::string text = "network net\ninput x 3x8x8\n\navgpool 2x2\n";
  Graph graph = graph_of(text);
  graph.nodes[1].attributes["include_pad"] = false;
  CHECK(described(graph) == text);
  CHECK_NOTHROW(match(graph, graph_of(text)));
  const std::string padded = "network net\ninput x 3x8x8\n\navgpool 2x2 pad 1 include_pad off\n";
  CHECK(described(graph_of(padded)) == padded);
}

TEST_CASE("parameters of square filters are called filter and stride, also where there are several") {
  const std::string text = R"(network net
input x 16x32x32

sequence conv_block(channels, filter1 = 3, stride1 = 1, filter2 = 3, stride2 = 1) {
    conv channels filter1 stride stride1 pad filter1/2; leaky_relu slope 0.125
    conv channels filter2 stride stride2 pad filter2/2; elu alpha 0.125
}

conv_block(16)
conv_block(16, filter1 = 1, stride2 = 2)
conv_block(32, filter2 = 5)
conv_block(32, stride1 = 2); conv_block(64)
)";
  CHECK(described(graph_of(text)) == text);
}

TEST_CASE("a network without names is as short as a person writes it") {
  const std::string texts[] = {
      R"(network rec_new
input x 3x32x320

sequence bottleneck(expanded, channels, stride = 1) {
    conv expanded 1x1 bias off; batchnorm; hardswish
    conv expanded 5x5 stride (stride)x1 pad 2 groups expanded bias off; batchnorm; hardswish
    gate { global_avgpool; conv expanded/4 1x1; relu; conv expanded 1x1; hardsigmoid slope 0.2 }
    conv channels 1x1 bias off; batchnorm
}

conv 8 3x3 stride 2 pad 1 bias off; batchnorm; hardswish
conv 8 1x1 bias off; batchnorm; relu
conv 8 3x3 pad 1 groups 8 bias off; batchnorm; relu
gate { global_avgpool; conv 2 1x1; relu; conv 8 1x1; hardsigmoid slope 0.2 }
conv 8 1x1 bias off; batchnorm
conv 40 1x1 bias off; batchnorm; relu
conv 40 3x3 stride 2x1 pad 1 groups 40 bias off; batchnorm; relu
conv 16 1x1 bias off; batchnorm
residual {
    conv 48 1x1 bias off; batchnorm; relu
    conv 48 3x3 pad 1 groups 48 bias off; batchnorm; relu
    conv 16 1x1 bias off; batchnorm
}
bottleneck(48, 24, stride = 2)
repeat 2 { residual { bottleneck(120, 24) } }
residual { bottleneck(64, 24) }
residual { bottleneck(72, 24) }
bottleneck(144, 48, stride = 2)
repeat 2 { residual { bottleneck(288, 48) } }
conv 288 1x1 bias off; batchnorm; hardswish; maxpool 2x2
)",
      R"(network resvd_new
input x 3x64x64

sequence conv_block(channels, stride = 1) {
    conv channels 3x3 stride stride pad 1 bias off; batchnorm; relu
    conv channels 3x3 pad 1 bias off; batchnorm
}

sequence stage(channels, count) {
    residual { conv_block(channels, stride = 2) } shortcut {
        avgpool 2x2
        conv channels 1x1 bias off; batchnorm
    }
    relu
    repeat count { residual { conv_block(channels) }; relu }
}

conv_block(32, stride = 2); relu
conv 64 3x3 pad 1 bias off; batchnorm; relu; maxpool 3x3 stride 2 pad 1
residual { conv_block(64) } shortcut { conv 64 1x1 bias off; batchnorm }
relu
repeat 2 { residual { conv_block(64) }; relu }
stage(128, 3); stage(256, 5); stage(512, 2); global_avgpool
flatten
dense 100
softmax
)",
      R"(network lcnet_new
input x 3x64x64

sequence conv_bn_hardswish(channels, filter, stride = 1, groups = 1) {
    conv channels filter stride stride pad filter/2 groups groups bias off; batchnorm; hardswish
}

sequence conv_bn_hardswish_block(channels, stride = 1) {
    conv_bn_hardswish(channels, 5, stride = stride, groups = channels)
    gate { global_avgpool; conv channels/4 1x1; relu; conv channels 1x1; hardsigmoid }
    conv_bn_hardswish(512, 1)
}

conv_bn_hardswish(16, 3, stride = 2)
conv_bn_hardswish(16, 3, groups = 16); conv_bn_hardswish(32, 1)
conv_bn_hardswish(32, 3, stride = 2, groups = 32); conv_bn_hardswish(64, 1)
conv_bn_hardswish(64, 3, groups = 64); conv_bn_hardswish(64, 1)
conv_bn_hardswish(64, 3, stride = 2, groups = 64); conv_bn_hardswish(128, 1)
conv_bn_hardswish(128, 3, groups = 128); conv_bn_hardswish(128, 1)
conv_bn_hardswish(128, 3, stride = 2, groups = 128); conv_bn_hardswish(256, 1)
repeat 5 { conv_bn_hardswish(256, 5, groups = 256); conv_bn_hardswish(256, 1) }
conv_bn_hardswish_block(256, stride = 2); conv_bn_hardswish_block(512); global_avgpool
)",
      R"(network det_new
input x 3x160x160

sequence conv_bn(channels, filter = 1, stride = 1, groups = 1) {
    conv channels filter stride stride pad filter/2 groups groups bias off; batchnorm
}

sequence bottleneck(expanded, channels, stride = 1) {
    conv_bn(expanded); hardswish
    conv_bn(expanded, filter = 5, stride = stride, groups = expanded); hardswish
    gate { global_avgpool; conv expanded/4 1x1; relu; conv expanded 1x1; hardsigmoid slope 0.2 }
    conv_bn(channels)
}

sequence conv_bn_relu_twice(channels, stride = 1) {
    conv_bn(channels); relu
    conv_bn(channels, filter = 3, stride = stride, groups = channels); relu
}

conv_bn(16, filter = 3, stride = 2); hardswish
conv_bn_relu_twice(16)
gate { global_avgpool; conv 4 1x1; relu; conv 16 1x1; hardsigmoid slope 0.2 }
conv_bn(16)
conv_bn_relu_twice(72, stride = 2); conv_bn(24)
residual { conv_bn_relu_twice(88); conv_bn(24) }
bottleneck(96, 40, stride = 2)
repeat 2 { residual { bottleneck(240, 40) } }
bottleneck(120, 48)
residual { bottleneck(144, 48) }
bottleneck(288, 96, stride = 2)
repeat 2 { residual { bottleneck(576, 96) } }
conv_bn(576); hardswish
conv 96 1x1 bias off       as skip1
upsample 2                 as skip2
from residual4
conv 96 1x1 bias off
add with skip2             as skip3
upsample 2                 as skip4
from residual1
conv 96 1x1 bias off
add with skip4
conv 24 3x3 pad 1 bias off as skip5
from skip3
conv 24 3x3 pad 1 bias off
upsample 2                 as skip6
from skip1
conv 24 3x3 pad 1 bias off; upsample 4
concat with skip6, skip5
conv_bn(24, filter = 3); relu
upconv 24 2x2 stride 2; batchnorm; relu
upconv 1 2x2 stride 2; sigmoid
)"};
  for (const std::string& text : texts) CHECK(described(without_names(graph_of(text), true)) == text);
}

TEST_CASE("what is said of pictures stays, as short as it is") {
  for (const std::string pixels : {"3x8x8 from rgb8", "1x8x8 from grey8 mean 0.5",
                                   "3x8x8 from bgr8 mean 0.485 (-0.25) 1 deviation 0.25 resize fit fill 0"}) {
    const std::string text = "network photo\ninput image " + pixels + "\n\nconv 4 3x3\n";
    CHECK(described(graph_of(text)) == text);
  }
  const Graph graph =
      graph_of("network photo\ninput image 3x8x8 from rgb8 mean 1 2 3 deviation 0.25\nrelu\n");
  CHECK(graph.nodes[0].pixels->mean == std::vector<double>{1, 2, 3});
  CHECK(graph.nodes[0].pixels->deviation == std::vector<double>{0.25, 0.25, 0.25});
  CHECK(!graph.nodes[1].pixels);
}
