// Channels brought to like ranges, and mean errors taken away: that the network stays what it was, and that
// bytes lose less.
#include "quantize/equalise.h"

#include <doctest/doctest.h>

#include <cmath>

#include "quantize/bias_correction.h"
#include "quantize/byte_tensors.h"
#include "quantize/choose/choose_equalisation.h"
#include "quantize/integer_node.h"
#include "support/pieces.h"
#include "unit/quantize/quantize_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

const std::vector<float> kFactors = {1, 0.25f, 0.03f, 0.5f};

Quantization by(const std::string& name, std::vector<float> factors = kFactors) {
  Quantization quantization;
  quantization.equalised = {{name, std::move(factors), {}}};
  return quantization;
}

double greatest_difference(const Graph& a, const Graph& b) {
  const auto x = outputs_of(a), y = outputs_of(b);
  double greatest = 0;
  for (size_t o = 0; o < x.size(); ++o)
    for (size_t i = 0; i < x[o].size(); ++i) greatest = std::max(greatest, std::fabs(x[o][i] - y[o][i]));
  return greatest;
}

// Of a line for that tensor: the network computes the same, of other weights.
void check_same(const Graph& graph, const std::string& name) {
  const Graph after = equalised(graph, by(name));
  CHECK(greatest_difference(graph, after) < 1e-5);
  CHECK(*find_parameter(graph.nodes[1], "weight")->values !=
        *find_parameter(after.nodes[1], "weight")->values);
}

std::string obstacle(const Graph& graph, const Quantization& quantization) {
  try {
    equalised(graph, quantization);
    return "";
  } catch (const Fault& fault) {
    return fault.message + (fault.hint.empty() ? "" : "\n" + fault.hint);
  }
}

void scale_channel(Node& node, size_t channel, float factor) {
  for (Parameter& parameter : node.parameters) {
    std::vector<float> values = *parameter.values;
    const size_t row = values.size() / static_cast<size_t>(node.shape.sizes[0]);
    for (size_t i = 0; i < row; ++i) values[channel * row + i] *= factor;
    parameter.values = std::make_shared<const std::vector<float>>(std::move(values));
  }
}

// conv, depthwise conv, 1x1 conv, where channels of the first differ by factors of ten, and the depthwise one
// makes up for it: as behind the folding of batchnorms.
Graph of_unlike_channels(const std::string& activation = "relu") {
  Graph graph = with_input({4, 16, 16});
  const NodeId first = add(graph, activation, "relu1", {conv(graph, "conv1", 0, true)});
  const NodeId second = add(graph, activation, "relu2", {conv(graph, "dw", first, true, 4, 4)});
  graph = finished(graph, {conv(graph, "conv2", second, true)});
  for (const auto& [channel, factor] : {std::pair<size_t, float>{0, 0.02f}, {2, 0.001f}}) {
    scale_channel(graph.nodes[1], channel, factor);
    scale_channel(graph.nodes[3], channel, 1 / factor);
  }
  return all_passes(graph);
}

// As `cnnc quantize` makes it, of one example.
Quantization with_equalisation(const Graph& graph) {
  std::vector<std::optional<ChannelValues>> values(graph.nodes.size());
  const std::vector<Reference> all = evaluate(graph, some_images(graph));
  for (size_t id = 0; id < all.size(); ++id)
    add({all[id].values.begin(), all[id].values.end()}, static_cast<size_t>(graph.nodes[id].shape.sizes[0]),
        values[id].emplace());
  Quantization quantization;
  quantization.equalised = choose_equalisation(graph, values, {});
  return calibrated(equalised(graph, quantization), std::move(quantization));
}

}  // namespace

TEST_CASE("a network computes the same where the channels of a tensor are divided") {
  Graph graph = with_input();
  const NodeId first = add(graph, "relu", "relu1", {conv(graph, "conv1", 0, true)});
  const NodeId pool = add(graph, "maxpool", "pool1", {first}, {{"filter", std::vector<int64_t>{2, 2}}});
  const NodeId flat = add(graph, "flatten", "flat1", {pool});
  const NodeId last = add(graph, "dense", "dense1", {flat}, {{"features", int64_t{3}}, {"bias", true}});
  graph = finished(graph, {last, conv(graph, "conv2", pool, false, 6, 2)});
  for (const char* name : {"conv1", "relu1", "pool1"}) check_same(graph, name);
  check_same(all_passes(graph), "relu1");
}

TEST_CASE("a depthwise conv is divided by one tensor's factors and multiplied by another's") {
  const Graph graph = of_unlike_channels();
  Quantization both = by("relu1");
  both.equalised.push_back({"relu2", {0.5f, 1, 1, 0.125f}, {}});
  CHECK(greatest_difference(graph, equalised(graph, both)) < 1e-4);
  check_same(graph, "relu1");
}

TEST_CASE("what is summed is divided alike, by all convs that make it") {
  Graph graph = with_input();
  const NodeId first = conv(graph, "conv1", 0, true);
  const NodeId sum = add(graph, "add", "sum", {conv(graph, "conv2", first, true), first});
  graph = finished(graph, {conv(graph, "conv3", add(graph, "relu", "relu1", {sum}))});
  check_same(graph, "sum");
  check_same(all_passes(graph), "relu1");
  const auto region = std::get<EqualisedRegion>(equalised_region(all_passes(graph), 1));
  CHECK(region.tensors == std::vector<NodeId>{1, 2});
  CHECK(region.makers == std::vector<NodeId>{1, 2});
  CHECK(region.readers == std::vector<NodeId>{2, 3});
}

TEST_CASE("relu6 cuts a divided channel at its factor times 6") {
  const Graph graph = of_unlike_channels("relu6");
  CHECK(std::get<EqualisedRegion>(equalised_region(graph, 1)).limit == 6);
  const Quantization quantization = with_equalisation(graph);
  REQUIRE(!quantization.equalised.empty());
  CHECK(greatest_difference(graph, equalised(graph, quantization)) < 1e-4);
}

TEST_CASE("a line is an error where dividing channels would change what the network computes") {
  Graph graph = with_input();
  const NodeId first = add(graph, "sigmoid", "squashed", {conv(graph, "conv1", 0)});
  const NodeId second = add(graph, "relu", "relu2", {conv(graph, "conv2", first)});
  const NodeId third = add(graph, "relu", "relu3", {conv(graph, "conv3", second)});
  graph = finished(graph, {conv(graph, "conv4", third)});
  CHECK(obstacle(graph, by("conv1")) ==
        "the channels of 'conv1' cannot be divided: those of 'squashed' (sigmoid) would be, too\n"
        "leave the line out");
  CHECK(obstacle(graph, by("image")) ==
        "the channels of 'image' cannot be divided: those of 'image' (input) would be, too\nleave the line "
        "out");
  CHECK(
      obstacle(graph, by("conv4")) ==
      "the channels of 'conv4' cannot be divided: those of 'conv4' (conv) would be, too\nleave the line out");
  CHECK(obstacle(all_passes(graph), by("conv2")) ==
        "the channels of 'conv2' cannot be divided: it is computed together with the layers behind it\n"
        "name the last of them");
  CHECK(obstacle(graph, by("conv2", {1, 1})) ==
        "'conv2' has 4 channels, and 2 numbers to divide them by; it wants one a channel");
  Quantization twice = by("conv2");
  twice.equalised.push_back({"relu2", kFactors, {}});
  CHECK(obstacle(graph, twice) ==
        "the channels of 'relu2' are divided already, by those of another line\nleave one of the two out");
}

TEST_CASE("bytes lose less where unlike channels are brought to like ranges") {
  const Graph graph = of_unlike_channels();
  const Quantization plain = calibrated(graph), with = with_equalisation(graph);
  REQUIRE(with.equalised.size() == 1);
  CHECK(with.equalised[0].name == "relu1");
  CHECK(signal_to_noise(graph, apply_quantization(graph, with)) >
        signal_to_noise(graph, apply_quantization(graph, plain)) + 10);
}

TEST_CASE("no channel is divided where it gains nothing") {
  Graph graph = with_input({4, 16, 16});
  graph = all_passes(
      finished(graph, {conv(graph, "conv2", add(graph, "relu", "relu1", {conv(graph, "conv1", 0)}))}));
  CHECK(with_equalisation(graph).equalised.empty());
}

TEST_CASE("a correction takes a layer's mean error away") {
  Graph graph = with_input({4, 16, 16});
  const Graph floats = all_passes(finished(graph, {conv(graph, "conv1", 0, false, 6, 2)}));
  Quantization quantization;
  quantization.weight_bits = 7;
  quantization.tensors = {{"image", {0.05f, 20}, {}}};  // cuts many values off
  LayerInputs seen;
  const std::vector<float> image = some_image(floats.nodes[0].shape);
  add(image, floats.nodes[1], floats.nodes[0].shape, quantization.tensors[0].scale, seen);
  const std::vector<double> errors = mean_errors(floats.nodes[1], quantization.tensors[0].scale,
                                                 weight_rules(quantization, floats.nodes[1]), seen);
  REQUIRE(errors.size() == 6);
  const auto means = [&] {
    const auto a = outputs_of(floats), b = outputs_of(apply_quantization(floats, quantization));
    std::vector<double> means(6);
    for (size_t i = 0; i < a[0].size(); ++i) means[i / 256] += (b[0][i] - a[0][i]) / 256;
    return means;
  };
  const std::vector<double> before = means();
  for (size_t c = 0; c < 6; ++c) CHECK(errors[c] == doctest::Approx(before[c]).epsilon(1e-4));
  Quantization::Channels line{"conv1", {}, {}};
  for (const double error : errors) line.numbers.push_back(static_cast<float>(-error));
  quantization.corrections = {line};
  const std::vector<double> after = means();
  for (size_t c = 0; c < 6; ++c) CHECK(std::fabs(after[c]) < 1e-3);
  quantization.floats = {{"conv1", {}}};  // of floats there is nothing to correct
  CHECK(greatest_difference(floats, apply_quantization(floats, quantization)) == 0);
}
