// Graphs of bytes: what becomes one, where conversions stand, and that its results are those of the graph of
// floats but for roundings.
#include "quantize/apply.h"

#include <doctest/doctest.h>

#include "unit/quantize/quantize_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

// The graph behind the passes, quantised by its own ranges.
Graph quantised(const Graph& graph, Quantization quantization = {}) {
  return apply_quantization(graph, calibrated(graph, std::move(quantization)));
}

NodeId relu(Graph& graph, const std::string& name, NodeId input) {
  return add(graph, "relu", name, {input});
}

const Node& node_of(const Graph& graph, const std::string& name) {
  for (const Node& node : graph.nodes)
    if (node.name == name) return node;
  FAIL("no node ", name);
  throw 0;
}

Graph two_convs() {
  Graph graph = with_input();
  const NodeId first = relu(graph, "relu1", conv(graph, "conv1", 0, true));
  return all_passes(finished(graph, {conv(graph, "conv2", first)}));
}

}  // namespace

TEST_CASE("a conv behind a relu is of bytes, which the relu needs no instruction for") {
  const Graph before = two_convs(), after = quantised(before);
  CHECK(outline(after) ==
        "image as bytes: quantize(image)\nrelu1: integer_conv(image as bytes) quantize\n"
        "conv2: integer_conv(relu1)\n");
  const Node first = node_of(after, "relu1");
  CHECK(first.covers == Names{"conv1", "relu1"});
  CHECK(real(first.epilogue[0].attributes, "scale") == 1);
  CHECK(integer(first.epilogue[0].attributes, "zero_point") == 0);
  CHECK(find_parameter(first, "weight")->type == ElementType::int8);
  CHECK(find_parameter(first, "bias")->type == ElementType::int32);
  CHECK(signal_to_noise(before, after) > 35);
}

TEST_CASE("without a line for its input a layer stays in floats, and so does one that is to") {
  const Graph before = two_convs();
  Quantization quantization = calibrated(before);
  quantization.tensors.erase(quantization.tensors.begin());  // of the image
  CHECK(outline(apply_quantization(before, quantization)) ==
        "relu1: conv(image) relu quantize\nconv2: integer_conv(relu1)\n");
  quantization = calibrated(before);
  quantization.floats = {{"conv1", {}}};  // a name that the fused node covers
  CHECK(outline(apply_quantization(before, quantization)) ==
        "relu1: conv(image) relu quantize\nconv2: integer_conv(relu1)\n");
  quantization.floats = {{"conv1", {}}, {"conv2", {}}};
  CHECK(outline(apply_quantization(before, quantization)) == outline(before));
  CHECK(outline(apply_quantization(before, Quantization())) == outline(before));
}

TEST_CASE("a tensor that is read as floats and as bytes is converted once") {
  Graph graph = with_input();
  const NodeId first = relu(graph, "relu1", conv(graph, "conv1", 0));
  const NodeId second = conv(graph, "conv2", first), third = conv(graph, "conv3", first),
               fourth = conv(graph, "conv4", first);
  const Graph before = all_passes(finished(graph, {second, third, fourth}));
  Quantization of_three;
  of_three.floats = {{"conv3", {}}, {"conv4", {}}};
  CHECK(outline(quantised(before, of_three)) ==
        "image as bytes: quantize(image)\nrelu1: integer_conv(image as bytes) quantize\n"
        "conv2: integer_conv(relu1)\nrelu1 as floats: dequantize(relu1)\nconv3: conv(relu1 as floats)\n"
        "conv4: conv(relu1 as floats)\n");
  of_three.floats = {{"relu1", {}}, {"conv4", {}}};
  CHECK(outline(quantised(before, of_three)) ==
        "relu1: conv(image) relu\nrelu1 as bytes: quantize(relu1)\nconv2: integer_conv(relu1 as bytes)\n"
        "conv3: integer_conv(relu1 as bytes)\nconv4: conv(relu1)\n");
}

TEST_CASE("a residual adds bytes, with the scale of the result in its own") {
  Graph graph = with_input();
  const NodeId first = relu(graph, "relu1", conv(graph, "conv1", 0));
  const NodeId sum = add(graph, "add", "sum", {conv(graph, "conv2", first), first});
  const NodeId last = conv(graph, "conv3", relu(graph, "relu2", sum));
  const Graph before = all_passes(finished(graph, {last}));
  const Quantization quantization = calibrated(before);
  const Graph after = apply_quantization(before, quantization);
  CHECK(outline(after) ==
        "image as bytes: quantize(image)\nrelu1: integer_conv(image as bytes) quantize\n"
        "relu2: integer_conv(relu1, relu1) add_dequantized:1 quantize\nconv3: integer_conv(relu2)\n");
  REQUIRE(quantization.tensors.size() == 3);
  const float scale = quantization.tensors[1].scale.scale / quantization.tensors[2].scale.scale;
  CHECK(real(node_of(after, "relu2").epilogue[0].attributes, "scale") == doctest::Approx(scale));
  CHECK(signal_to_noise(before, after) > 32);
}

TEST_CASE("a sum that no conv computes is one node, and so is an activation") {
  Graph graph = with_input();
  const NodeId first = relu(graph, "relu1", conv(graph, "conv1", 0));
  const NodeId pool = add(graph, "maxpool", "pool1", {first},
                          {{"filter", std::vector<int64_t>{3, 3}},
                           {"stride", std::vector<int64_t>{1, 1}},
                           {"pad", std::vector<int64_t>{1, 1, 1, 1}}});
  const NodeId sum = add(graph, "add", "sum", {pool, first});
  const NodeId squashed = add(graph, "sigmoid", "squashed", {sum});
  const NodeId mirrored = add(graph, "tanh", "mirrored", {sum});
  const Graph before =
      all_passes(finished(graph, {conv(graph, "conv2", squashed), conv(graph, "conv3", mirrored)}));
  const Graph after = quantised(before);
  CHECK(outline(after) ==
        "image as bytes: quantize(image)\nrelu1: integer_conv(image as bytes) quantize\n"
        "pool1: maxpool(relu1)\nsum: dequantize(pool1, relu1) add_dequantized:1 quantize\n"
        "squashed: dequantize(sum) sigmoid quantize\nmirrored: dequantize(sum) tanh quantize\n"
        "conv2: integer_conv(squashed)\nconv3: integer_conv(mirrored)\n");
  CHECK(signal_to_noise(before, after) > 32);
}

TEST_CASE("a sum of bytes of two scales takes each tensor by its own") {
  Graph graph = with_input();
  const NodeId first = relu(graph, "relu1", conv(graph, "conv1", 0));
  const NodeId mean = add(graph, "avgpool", "mean", {first},
                          {{"filter", std::vector<int64_t>{3, 3}},
                           {"stride", std::vector<int64_t>{1, 1}},
                           {"pad", std::vector<int64_t>{1, 1, 1, 1}},
                           {"include_pad", true}});
  const Graph before =
      all_passes(finished(graph, {conv(graph, "conv2", add(graph, "add", "sum", {mean, first}))}));
  const Quantization quantization = calibrated(before);
  const Graph after = apply_quantization(before, quantization);
  REQUIRE(quantization.tensors.size() == 4);  // image, relu1, mean, sum
  const auto scale = [&](size_t tensor) { return quantization.tensors[tensor].scale.scale; };
  CHECK(scale(1) > 1.2 * scale(2));
  const Node sum = node_of(after, "sum");
  CHECK(real(sum.attributes, "scale") == doctest::Approx(scale(2) / scale(3)));
  CHECK(real(sum.epilogue[0].attributes, "scale") == doctest::Approx(scale(1) / scale(3)));
  CHECK(signal_to_noise(before, after) > 32);
}

TEST_CASE("what is joined has one scale, that of all that it spans") {
  Graph graph = with_input();
  const NodeId first = relu(graph, "relu1", conv(graph, "conv1", 0));
  const NodeId second = conv(graph, "conv2", 0);
  const NodeId joined = add(graph, "concat", "joined", {first, second});
  const Graph before = all_passes(finished(graph, {conv(graph, "conv3", joined)}));
  const Quantization quantization = calibrated(before);
  CHECK(outline(apply_quantization(before, quantization)) ==
        "image as bytes: quantize(image)\nrelu1: integer_conv(image as bytes) relu quantize\n"
        "conv2: integer_conv(image as bytes) quantize\njoined: concat(relu1, conv2)\n"
        "conv3: integer_conv(joined)\n");
  REQUIRE(quantization.tensors.size() == 4);
  for (size_t i : {1, 2}) CHECK(quantization.tensors[i].scale == quantization.tensors[3].scale);
  CHECK(signal_to_noise(before, apply_quantization(before, quantization)) > 35);
  // Lines by hand may differ.
  Quantization by_hand = quantization;
  by_hand.tensors[1].scale = {0.01f, 0};
  by_hand.tensors[2].scale = {0.02f, 128};
  by_hand.tensors[3].scale = {0.01f, 100};
  const Graph after = apply_quantization(before, by_hand);
  for (const char* name : {"relu1", "conv2"})
    CHECK(integer(node_of(after, name).epilogue.back().attributes, "zero_point") == 128);
  CHECK(integer(node_of(after, "conv3").attributes, "input_zero_point") == 128);  // -2.56 to 2.55
}

TEST_CASE("means of bytes have the filter's taps in their scale") {
  Graph graph = with_input({4, 8, 8});
  const NodeId first = relu(graph, "relu1", conv(graph, "conv1", 0));
  const NodeId means = add(graph, "avgpool", "means", {first}, {{"filter", std::vector<int64_t>{2, 2}}});
  const NodeId second = relu(graph, "relu2", conv(graph, "conv2", means));
  const NodeId global = add(graph, "global_avgpool", "global", {second});
  const NodeId flat = add(graph, "flatten", "flat", {global});
  const NodeId scores = add(graph, "dense", "scores", {flat}, {{"features", int64_t{5}}});
  const Graph before = all_passes(finished(graph, {scores}));
  const Graph after = quantised(before);
  CHECK(outline(after) ==
        "image as bytes: quantize(image)\nrelu1: integer_conv(image as bytes) quantize\n"
        "means: integer_avgpool(relu1) quantize\nrelu2: integer_conv(means) quantize\n"
        "global: integer_avgpool(relu2) quantize\nflat: flatten(global)\nscores: integer_dense(flat)\n");
  CHECK(signal_to_noise(before, after) > 32);
}

TEST_CASE("means of windows that reach over the edge stay in floats where the edge does not count") {
  Graph graph = with_input({4, 8, 8});
  const NodeId first = relu(graph, "relu1", conv(graph, "conv1", 0));
  const Attributes window = {{"filter", std::vector<int64_t>{3, 3}},
                             {"stride", std::vector<int64_t>{2, 2}},
                             {"pad", std::vector<int64_t>{1, 1, 1, 1}}};
  Attributes without = window;
  without["include_pad"] = false;
  const NodeId a = conv(graph, "conv2", add(graph, "avgpool", "means", {first}, without)),
               b = conv(graph, "conv3", add(graph, "avgpool", "with_edge", {first}, window));
  const Graph before = all_passes(finished(graph, {a, b}));
  const Graph after = quantised(before);
  CHECK(node_of(after, "means").op == "avgpool");
  CHECK(node_of(after, "with_edge").op == "integer_avgpool");
  CHECK(signal_to_noise(before, after) > 32);
}

TEST_CASE("limits are divided by the scale, and left out where bytes have them anyway") {
  Graph graph = with_input();
  const NodeId limited = add(graph, "relu6", "limited", {conv(graph, "conv1", 0)});
  const NodeId clipped =
      add(graph, "clip", "clipped", {conv(graph, "conv2", limited)}, {{"min", -0.5}, {"max", 0.25}});
  const Graph before = all_passes(finished(graph, {conv(graph, "conv3", clipped)}));
  Quantization quantization = calibrated(before);
  REQUIRE(quantization.tensors.size() == 3);
  quantization.tensors[1].scale = {0.05f, 0};  // up to 12.75
  quantization.tensors[2].scale = {0.003f, 170};
  const Graph after = apply_quantization(before, quantization);
  CHECK(outline(after) ==
        "image as bytes: quantize(image)\nlimited: integer_conv(image as bytes) clip quantize\n"
        "clipped: integer_conv(limited) clip quantize\nconv3: integer_conv(clipped)\n");
  CHECK(real(node_of(after, "limited").epilogue[0].attributes, "max") == doctest::Approx(120));
  CHECK(real(node_of(after, "clipped").epilogue[0].attributes, "min") == doctest::Approx(-500 / 3.0));
  quantization.tensors[1].scale = {6.0f / 255, 0};
  quantization.tensors[2].scale = {0.75f / 255, 170};
  CHECK(outline(apply_quantization(before, quantization)) ==
        "image as bytes: quantize(image)\nlimited: integer_conv(image as bytes) quantize\n"
        "clipped: integer_conv(limited) quantize\nconv3: integer_conv(clipped)\n");
}

TEST_CASE("an activation that keeps no factor stands before a quantize step of the tensor's own scale") {
  Graph graph = with_input();
  const NodeId silu = add(graph, "silu", "silu1", {conv(graph, "conv1", 0)});
  const Graph before = all_passes(finished(graph, {conv(graph, "conv2", silu)}));
  const Quantization quantization = calibrated(before);
  const Graph after = apply_quantization(before, quantization);
  CHECK(outline(after) ==
        "image as bytes: quantize(image)\nsilu1: integer_conv(image as bytes) silu quantize\n"
        "conv2: integer_conv(silu1)\n");
  CHECK(real(node_of(after, "silu1").epilogue[1].attributes, "scale") ==
        static_cast<double>(quantization.tensors[1].scale.scale));
  CHECK(signal_to_noise(before, after) > 32);
}

TEST_CASE("depthwise convs and dense layers are of bytes; a layer of other operators gets floats") {
  Graph graph = with_input();
  const NodeId first = relu(graph, "relu1", conv(graph, "conv1", 0, true, 4, 4));
  const NodeId up = add(graph, "upconv", "up", {first},
                        {{"channels", int64_t{4}},
                         {"filter", std::vector<int64_t>{2, 2}},
                         {"stride", std::vector<int64_t>{2, 2}}});
  const NodeId second = conv(graph, "conv2", up);
  const Graph before = all_passes(finished(graph, {second}));
  const Graph after = quantised(before);
  CHECK(outline(after) ==
        "image as bytes: quantize(image)\nrelu1: integer_conv(image as bytes) relu\n"
        "up: upconv(relu1) quantize\nconv2: integer_conv(up)\n");
  CHECK(signal_to_noise(before, after) > 32);
}

TEST_CASE("a layer of floats that computes a map element by element stores bytes itself") {
  for (const int64_t channels : {int64_t{4}, int64_t{8}}) {  // of which bytes are words, and blocks
    Graph graph = with_input();
    const NodeId pool = add(graph, "maxpool", "pool", {conv(graph, "conv1", 0, true, channels)},
                            {{"filter", std::vector<int64_t>{2, 2}}});
    const NodeId norm = relu(graph, "relu1", add(graph, "batchnorm", "bn1", {pool}));
    const Graph before = all_passes(finished(graph, {conv(graph, "conv2", norm)}));
    const Graph after = quantised(before);
    CHECK(outline(after) == (channels == 4
                                 ? "image as bytes: quantize(image)\nconv1: integer_conv(image as bytes)\n"
                                   "pool: maxpool(conv1)\nrelu1: batchnorm(pool) relu\n"
                                   "relu1 as bytes: quantize(relu1)\nconv2: integer_conv(relu1 as bytes)\n"
                                 : "image as bytes: quantize(image)\nconv1: integer_conv(image as bytes)\n"
                                   "pool: maxpool(conv1)\nrelu1: batchnorm(pool) relu quantize\n"
                                   "conv2: integer_conv(relu1)\n"));
    CHECK(signal_to_noise(before, after) > 32);
  }
}

TEST_CASE("weights that are not bound stay so, and the graph is the same") {
  Graph graph = with_input();
  const NodeId first = relu(graph, "relu1", conv(graph, "conv1", 0, true));
  const Graph unbound = all_passes(finished(graph, {conv(graph, "conv2", first)}, false));
  const Graph after = apply_quantization(unbound, calibrated(two_convs()));
  CHECK(outline(after) == outline(quantised(two_convs())));
  CHECK(!find_parameter(node_of(after, "relu1"), "weight")->integers);
  CHECK(!find_parameter(node_of(after, "relu1"), "scale")->values);
}
