// Files of quantisations: read, written, compared with a network's names; and every way in which one can be
// wrong.
#include "quantize/quantization.h"

#include <doctest/doctest.h>

#include "quantize/check_names.h"
#include "unit/passes/passes_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

const std::string kHead = "quantization 1\nnetwork net\n";

Quantization quantization_from(const std::string& text) {
  const Source source{"a.quant", text};
  Diagnostics diagnostics;
  const std::optional<Quantization> quantization = parse_quantization(source, diagnostics);
  REQUIRE_MESSAGE(quantization, render(diagnostics, source, false));
  return *quantization;
}

std::string error_of_text(const std::string& text) {
  const Source source{"a.quant", text};
  Diagnostics diagnostics;
  CHECK(!parse_quantization(source, diagnostics));
  return render(diagnostics, source, false);
}

// What is said of a file with this line behind the head, less where: "a.quant:3:".
std::string error_of(const std::string& line) {
  const std::string text = error_of_text(kHead + line);
  REQUIRE(text.rfind("a.quant:3:", 0) == 0);
  return text.substr(10);
}

Graph some_network() {
  Graph graph = with_input();
  const NodeId first = conv(graph, "conv1", 0);
  const NodeId relu = add(graph, "relu", "relu1", {first});
  return finished(graph, {relu});
}

// What is said of a file that does not fit the network.
std::string misfit(const std::string& line) {
  const Source source{"a.quant", kHead + line};
  Diagnostics diagnostics;
  const std::optional<Quantization> quantization = parse_quantization(source, diagnostics);
  REQUIRE(quantization);
  CHECK(!check_names(*quantization, some_network(), diagnostics));
  return render(diagnostics, source, false);
}

}  // namespace

TEST_CASE("a quantisation is read in any order of its lines, with comments") {
  const Quantization q = quantization_from(
      "# by hand\n\nquantization 1\n output probabilities u8\nfloat  fc # too coarse\r\n"
      "tensor relu1 scale 0.5 zero 0\ninputs 32\nweight conv1 scale 0.25 1e-3\nweights 7 bits\n"
      "method percentile 99.5\ntensor image scale 0.0186584 zero 114\ninput image u8\nnetwork lenet5\n"
      "correct fc by -0.5 1e-3\nequalise relu1 by 1 0.25");
  CHECK(q.network == "lenet5");
  CHECK(q.weight_bits == 7);
  CHECK(greatest_weight(q) == 64);
  CHECK(q.method == RangeMethod{RangeMethod::Kind::percentile, 99.5});
  CHECK(q.inputs == 32);
  REQUIRE(q.tensors.size() == 2);
  CHECK(q.tensors[0].name == "relu1");
  CHECK(q.tensors[0].scale == ByteScale{0.5f, 0});
  CHECK(q.tensors[1].name == "image");
  CHECK(q.tensors[1].scale == ByteScale{0.0186584f, 114});
  REQUIRE(q.weights.size() == 1);
  CHECK(q.weights[0].name == "conv1");
  CHECK(q.weights[0].scales == std::vector<float>{0.25f, 1e-3f});
  REQUIRE(q.equalised.size() == 1);
  CHECK(q.equalised[0].name == "relu1");
  CHECK(q.equalised[0].numbers == std::vector<float>{1, 0.25f});
  REQUIRE(q.corrections.size() == 1);
  CHECK(q.corrections[0].name == "fc");
  CHECK(q.corrections[0].numbers == std::vector<float>{-0.5f, 1e-3f});
  REQUIRE(q.floats.size() == 1);
  CHECK(q.floats[0].name == "fc");
  REQUIRE(q.byte_inputs.size() == 1);
  CHECK(q.byte_inputs[0].name == "image");
  REQUIRE(q.byte_outputs.size() == 1);
  CHECK(q.byte_outputs[0].name == "probabilities");
}

TEST_CASE("a quantisation is written in an order of its own, and read back as it was") {
  const std::string text =
      "quantization 1\nnetwork lenet5\nweights 8 bits\nmethod least-squares\ninputs 7\n"
      "tensor image scale 0.0186584 zero 114  # -2.127 to 2.631\n"
      "tensor relu1 scale 1.1754944e-18 zero 0  # 0 to 2.998e-16\n"
      "weight conv1 scale 0.1 0.33333334\nequalise relu1 by 1 0.003\n"
      "correct conv1 by -0.25 1e-05\nfloat fc\nfloat fc2\ninput image u8\noutput probabilities s8\n";
  CHECK(to_string(quantization_from(text)) == text);
  const std::string least = "quantization 1\nnetwork net\nweights 8 bits\n";
  CHECK(to_string(quantization_from(kHead)) == least);
  for (const char* method : {"min-max", "percentile 99.99", "least-squares"}) {
    const std::string with_method = least + "method " + method + "\n";
    CHECK(to_string(quantization_from(with_method)) == with_method);
  }
}

TEST_CASE("what is no file of a quantisation is said to be none") {
  CHECK(error_of_text("") ==
        "a.quant: error: a quantisation begins with 'quantization 1'; this file is empty\n");
  CHECK(error_of_text("network net\n") ==
        "a.quant:1:1: error: a quantisation begins with 'quantization 1'; found 'network net'\n"
        "  network net\n  ^~~~~~~~~~~\n");
  CHECK(error_of_text("quantization 1\nweights 8 bits\n") ==
        "a.quant: error: no line names the network\n  hint: write 'network NAME'\n");
}

TEST_CASE("lines of a quantisation that are of no known form are errors where they stand") {
  CHECK(error_of("tensors relu1 scale 1 zero 0") ==
        "1: error: a line begins with network, weights, method, inputs, tensor, weight, equalise, "
        "correct, float, input or output; found 'tensors'; did you mean 'tensor'?\n  tensors relu1 scale 1 "
        "zero 0\n  ^~~~~~~\n");
  CHECK(error_of("tensor relu1 scale 1") ==
        "1: error: a line of 'tensor' is 'tensor NAME scale NUMBER zero NUMBER'\n"
        "  tensor relu1 scale 1\n  ^~~~~~~~~~~~~~~~~~~~\n"
        "  hint: as in 'tensor relu1 scale 0.0123 zero 0'\n");
  CHECK(error_of("weight conv1 scale") ==
        "1: error: a line of 'weight' is 'weight NAME scale NUMBERS'\n  weight conv1 scale\n"
        "  ^~~~~~~~~~~~~~~~~~\n  hint: as in 'weight conv1 scale 0.01 0.012'\n");
  CHECK(error_of("weights 8") ==
        "1: error: a line of 'weights' is 'weights BITS bits'\n  weights 8\n  ^~~~~~~~~\n"
        "  hint: as in 'weights 8 bits'\n");
  CHECK(error_of("method percentile") ==
        "1: error: a line of 'method' is 'method percentile NUMBER'\n  method percentile\n"
        "  ^~~~~~~~~~~~~~~~~\n  hint: as in 'method percentile 99.99'\n");
  CHECK(error_of("method") ==
        "1: error: a line of 'method' is 'method NAME'\n  method\n  ^~~~~~\n"
        "  hint: as in 'method min-max'\n");
  CHECK(error_of("inputs") ==
        "1: error: a line of 'inputs' is 'inputs COUNT'\n  inputs\n  ^~~~~~\n  hint: as in 'inputs 32'\n");
  CHECK(error_of("equalise relu1 0.5") ==
        "1: error: a line of 'equalise' is 'equalise NAME by NUMBERS'\n  equalise relu1 0.5\n"
        "  ^~~~~~~~~~~~~~~~~~\n  hint: as in 'equalise relu1 by 1 0.25'\n");
  CHECK(error_of("correct conv1 by") ==
        "1: error: a line of 'correct' is 'correct NAME by NUMBERS'\n  correct conv1 by\n"
        "  ^~~~~~~~~~~~~~~~\n  hint: as in 'correct conv1 by 0.001 -0.02'\n");
  CHECK(error_of("float fc 1") ==
        "1: error: a line of 'float' is 'float NAME'\n  float fc 1\n  ^~~~~~~~~~\n"
        "  hint: as in 'float fc'\n");
  CHECK(error_of("input image u9") ==
        "1: error: a line of 'input' is 'input NAME u8', or s8 in the place of 'u8'\n  input image u9\n  "
        "^~~~~~~~~~~~~~\n"
        "  hint: as in 'input image u8'\n");
  CHECK(error_of("output mask") ==
        "1: error: a line of 'output' is 'output NAME u8', or s8 in the place of 'u8'\n  output mask\n  "
        "^~~~~~~~~~~\n"
        "  hint: as in 'output probabilities u8'\n");
  CHECK(error_of("network a b") ==
        "1: error: a line of 'network' is 'network NAME'\n  network a b\n  ^~~~~~~~~~~\n"
        "  hint: as in 'network lenet5'\n");
}

TEST_CASE("numbers of a quantisation that are out of their range are errors where they stand") {
  CHECK(error_of("weights 6 bits") ==
        "9: error: the number of a weight's bits is a whole number from 7 to 8; found '6'\n"
        "  weights 6 bits\n          ^\n");
  CHECK(error_of("inputs 0") ==
        "8: error: the number of inputs is a whole number from 1 to 2147483648; found '0'\n"
        "  inputs 0\n         ^\n");
  CHECK(error_of("tensor a scale 1 zero 256") ==
        "23: error: the byte of zero is a whole number from 0 to 255; found '256'\n"
        "  tensor a scale 1 zero 256\n                        ^~~\n");
  for (const char* scale : {"0", "-1", "nan", "1e30", "1e-30", "x", "1e999"})
    CHECK(error_of(std::string("tensor a scale ") + scale + " zero 0") ==
          std::string("16: error: a scale is a number from 1e-18 to 1e+18; found '") + scale +
              "'\n  tensor a scale " + scale + " zero 0\n                 ^" +
              std::string(std::string(scale).size() - 1, '~') + "\n");
  for (const char* factor : {"0", "-1", "nan", "1.5", "1e-7"})
    CHECK(error_of(std::string("equalise a by ") + factor) ==
          std::string("15: error: a channel is divided by a number from 1e-06 to 1; found '") + factor +
              "'\n  equalise a by " + factor + "\n                ^" +
              std::string(std::string(factor).size() - 1, '~') + "\n");
  CHECK(error_of("correct a by 1 inf") ==
        "16: error: a correction is a number from -1e+18 to 1e+18; found 'inf'\n"
        "  correct a by 1 inf\n                 ^~~\n");
  CHECK(error_of("method percentile 50") ==
        "19: error: a percentile is a number above 50, up to 100; found '50'\n"
        "  method percentile 50\n                    ^~\n  hint: as in 'method percentile 99.99'\n");
  CHECK(error_of("method minmax") ==
        "8: error: the method is min-max, percentile or least-squares; found 'minmax'; did you mean "
        "'min-max'?\n  method minmax\n         ^~~~~~\n");
}

TEST_CASE("what stands twice in a quantisation is an error") {
  CHECK(error_of("network other") ==
        "1: error: 'network' stands in line 2 already\n  network other\n  ^~~~~~~~~~~~~\n"
        "  hint: leave one of the two out\n");
  CHECK(error_of_text(kHead + "tensor a scale 1 zero 0\n\ntensor a scale 2 zero 0") ==
        "a.quant:5:1: error: 'tensor a' stands in line 3 already\n  tensor a scale 2 zero 0\n"
        "  ^~~~~~~~~~~~~~~~~~~~~~~\n  hint: leave one of the two out\n");
  quantization_from(kHead + "tensor a scale 1 zero 0\nweight a scale 1\nfloat a\ninput a u8\noutput a u8");
}

TEST_CASE("names that the network lacks are errors where they stand") {
  CHECK(misfit("tensor relu scale 1 zero 0") ==
        "a.quant:3:8: error: the network 'net' has no tensor 'relu'; did you mean 'relu1'?\n"
        "  tensor relu scale 1 zero 0\n         ^~~~\n");
  CHECK(misfit("float fc") ==
        "a.quant:3:7: error: the network 'net' has no tensor 'fc'\n  float fc\n        ^~\n");
  CHECK(misfit("weight conv2 scale 1") ==
        "a.quant:3:8: error: the network 'net' has no tensor 'conv2'; did you mean 'conv1'?\n"
        "  weight conv2 scale 1\n         ^~~~~\n");
  CHECK(misfit("weight relu1 scale 1") ==
        "a.quant:3:8: error: 'relu1' is no conv or dense layer, whose weights become bytes: it is 'relu'\n"
        "  weight relu1 scale 1\n         ^~~~~\n");
  CHECK(misfit("weight conv1 scale 1 2 3") ==
        "a.quant:3:8: error: 'conv1' has 4 output channels, and 3 scales; it wants one a channel, or one for "
        "all\n  weight conv1 scale 1 2 3\n         ^~~~~\n");
  CHECK(misfit("equalise relu by 1") ==
        "a.quant:3:10: error: the network 'net' has no tensor 'relu'; did you mean 'relu1'?\n"
        "  equalise relu by 1\n           ^~~~\n");
  CHECK(misfit("correct conv1 by 1 2 3") ==
        "a.quant:3:9: error: 'conv1' has 4 output channels, and 3 corrections; it wants one a channel\n"
        "  correct conv1 by 1 2 3\n          ^~~~~\n");
  CHECK(misfit("correct relu1 by 1") ==
        "a.quant:3:9: error: 'relu1' is no conv or dense layer, whose weights become bytes: it is 'relu'\n"
        "  correct relu1 by 1\n          ^~~~~\n");
  CHECK(misfit("input conv1 u8") ==
        "a.quant:3:7: error: the network 'net' has no input 'conv1'\n  input conv1 u8\n        ^~~~~\n");
  CHECK(misfit("output relu1 u8") ==
        "a.quant:3:8: error: the network 'net' has no output 'relu1'\n  output relu1 u8\n         ^~~~~\n");
  Diagnostics diagnostics;
  CHECK(check_names(quantization_from(kHead + "tensor relu1 scale 1 zero 0\nweight conv1 scale 1\n"
                                              "weight relu1 scale 1"),
                    some_network(), diagnostics) == false);
  Diagnostics none;
  CHECK(check_names(quantization_from(kHead + "tensor relu1 scale 1 zero 0\nweight conv1 scale 1 2 3 4\n"
                                              "input image u8\noutput out0 u8\nfloat relu1"),
                    some_network(), none));
}
