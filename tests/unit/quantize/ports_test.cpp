// Inputs and outputs that are bytes to who runs the library, and outputs that are rounded to bytes.
#include <doctest/doctest.h>

#include "ops/quantized/quantized.h"
#include "quantize/check_names.h"
#include "unit/quantize/quantize_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

Graph net_of_convs() {
  Graph graph = with_input();
  const NodeId first = add(graph, "relu", "relu1", {conv(graph, "conv1", 0, true)});
  return all_passes(finished(graph, {conv(graph, "conv2", first)}));
}

// With a line for the output, too.
Quantization with_ports(const Graph& graph, bool has_sign) {
  Quantization ports;
  ports.byte_inputs = {{"image", has_sign, {}}};
  ports.byte_outputs = {{"out0", has_sign, {}}};
  return calibrated(graph, ports);
}

using Values = std::vector<double>;

Values output_of(const Graph& graph, const std::vector<float>& image) {
  return evaluate(graph, {image})[graph.outputs[0].node].values;
}

// The numbers that stand for the values: 0 to 255.
template <class T>
std::vector<T> bytes_of(const std::vector<T>& values, const ByteScale& scale) {
  std::vector<T> bytes;
  for (const T value : values) {
    const auto steps = static_cast<float>(value) * (1 / scale.scale);
    bytes.push_back(static_cast<T>(
        std::clamp(std::nearbyint(static_cast<double>(steps)) + scale.zero_point, 0.0, 255.0)));
  }
  return bytes;
}

template <class T>
std::vector<T> flipped(std::vector<T> bytes) {
  for (T& byte : bytes) byte = static_cast<T>(static_cast<int>(byte) ^ 128);
  return bytes;
}

std::string requests_of(const Graph& graph, const std::string& lines) {
  const Source source{"a.quant", "quantization 1\nnetwork net\n" + lines};
  Diagnostics diagnostics;
  const std::optional<Quantization> quantization = parse_quantization(source, diagnostics);
  REQUIRE(quantization);
  const bool can_be_done = check_requests(*quantization, graph, diagnostics);
  CHECK(can_be_done == !diagnostics.has_errors());
  return render(diagnostics, source, false);
}

}  // namespace

TEST_CASE("a network whose inputs and outputs are bytes computes what it would of floats") {
  const Graph graph = net_of_convs();
  const std::vector<float> image = some_image(graph.nodes[0].shape);
  Quantization quantization = with_ports(graph, false);
  const ByteScale in = quantization.tensors.front().scale, out = quantization.tensors.back().scale;
  REQUIRE(quantization.tensors.back().name == "conv2");
  const Graph of_bytes = apply_quantization(graph, quantization);
  CHECK(outline(of_bytes) == "relu1: integer_conv(image) quantize\nconv2: integer_conv(relu1) quantize\n");
  quantization.byte_inputs.clear();
  quantization.byte_outputs.clear();
  const Graph of_floats = apply_quantization(graph, quantization);
  CHECK(outline(of_floats) ==
        "image as bytes: quantize(image)\nrelu1: integer_conv(image as bytes) quantize\n"
        "conv2: integer_conv(relu1) quantize\nconv2 as floats: dequantize(conv2)\n");
  const Values bytes = output_of(of_bytes, bytes_of(image, in)), reals = output_of(of_floats, image);
  for (size_t i = 0; i < bytes.size(); ++i)
    CHECK(reals[i] == to_float((bytes[i] - out.zero_point) * static_cast<double>(out.scale)));
}

TEST_CASE("bytes with a sign are those without, less 128") {
  const Graph graph = net_of_convs();
  const Quantization with_sign = with_ports(graph, true), without = with_ports(graph, false);
  const ByteScale in = without.tensors.front().scale;
  const std::vector<float> image = bytes_of(some_image(graph.nodes[0].shape), in);
  const Graph after = apply_quantization(graph, with_sign);
  CHECK(outline(after) ==
        "image as u8: flip_sign_bit(image)\nrelu1: integer_conv(image as u8) quantize\n"
        "conv2: integer_conv(relu1) quantize\nconv2 as s8: flip_sign_bit(conv2)\n");
  CHECK(output_of(after, flipped(image)) == flipped(output_of(apply_quantization(graph, without), image)));
}

TEST_CASE("bytes of an input that layers read as floats are made floats") {
  const Graph graph = net_of_convs();
  Quantization quantization = with_ports(graph, false);
  quantization.floats = {{"conv1", {}}, {"conv2", {}}};
  CHECK(outline(apply_quantization(graph, quantization)) ==
        "image as floats: dequantize(image)\nrelu1: conv(image as floats) relu\n"
        "conv2: conv(relu1) quantize\n");
}

TEST_CASE("an output of floats whose tensor has a line is rounded") {
  const Graph graph = net_of_convs();
  Quantization quantization = with_ports(graph, false);
  quantization.byte_inputs.clear();
  quantization.byte_outputs.clear();
  quantization.floats = {{"conv1", {}}, {"conv2", {}}};
  CHECK(outline(apply_quantization(graph, quantization)) ==
        "relu1: conv(image) relu\nconv2: conv(relu1) quantize\nconv2 as floats: dequantize(conv2)\n");
  // One that is read as floats, too, has these for whom reads it so.
  Graph both = with_input();
  const NodeId first = conv(both, "conv1", 0), second = add(both, "tanh", "tanh1", {first});
  both = all_passes(finished(both, {first, second}));
  Quantization of_first;
  of_first.tensors = {{"conv1", {0.05f, 128}, {}}};
  CHECK(outline(apply_quantization(both, of_first)) ==
        "conv1: conv(image)\ntanh1: tanh(conv1)\nconv1 as bytes: quantize(conv1)\n"
        "conv1 as floats: dequantize(conv1 as bytes)\n");
}

TEST_CASE("calibration gives an output no line unless the library has it as bytes or a layer reads it so") {
  const Graph graph = net_of_convs();
  const Quantization quantization = calibrated(graph);
  CHECK(quantization.tensors.size() == 2);
  CHECK(with_ports(graph, false).tensors.size() == 3);
}

TEST_CASE("what cannot be bytes to who runs a library is an error where it stands") {
  const Graph graph = net_of_convs();
  CHECK(requests_of(graph, "input image u8\ntensor image scale 1 zero 0") == "");
  CHECK(requests_of(graph, "input image u8") ==
        "a.quant:3:7: error: no line says what the bytes of 'image' stand for\n  input image u8\n        "
        "^~~~~\n"
        "  hint: write 'tensor image scale NUMBER zero BYTE'\n");
  CHECK(requests_of(graph, "output out0 s8") ==
        "a.quant:3:8: error: no line says what the bytes of 'conv2' stand for\n  output out0 s8\n"
        "         ^~~~\n  hint: write 'tensor conv2 scale NUMBER zero BYTE'\n");
  Graph other = with_input();
  const NodeId classes = add(other, "int32", "classes", {0});
  const NodeId matrix = add(other, "reshape", "matrix", {0}, {{"shape", std::vector<int64_t>{4, 30}}});
  other = finished(other, {classes, matrix});
  CHECK(requests_of(other, "output out0 u8\ntensor classes scale 1 zero 0") ==
        "a.quant:3:8: error: 'out0' is of whole numbers already\n  output out0 u8\n         ^~~~\n"
        "  hint: leave the line out\n");
  CHECK(requests_of(other, "output out1 u8\ntensor matrix scale 1 zero 0") ==
        "a.quant:3:8: error: 'out1' is 4x30; maps and vectors can be bytes\n  output out1 u8\n"
        "         ^~~~\n  hint: leave the line out\n");
  CHECK(requests_of(graph, "equalise image by 1 1 1 1") ==
        "a.quant:3:10: error: the channels of 'image' cannot be divided: those of 'image' (input) would be, "
        "too\n  equalise image by 1 1 1 1\n           ^~~~~\n  hint: leave the line out\n");
}
