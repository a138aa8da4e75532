// From tensors by name to the parameters of a network, and back.
#include "weights/weights.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "unit/weights/weights_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

// A network of one conv and one batchnorm, as far as weights see it.
Graph small_graph() {
  Graph graph;
  graph.name = "small";
  Node input{"image", "input", {}, {}, {1, 4, 4}, {}, {}, {"image"}, {}};
  Node conv{"c1", "conv", {}, {0}, {2, 4, 4}, {{"weight", {2, 1, 1, 2}, nullptr}, {"bias", {2}, nullptr}},
            {},   {"c1"}, {}};
  Node bn{"bn1", "batchnorm", {}, {1}, {2, 4, 4}, {{"running_var", {2}, nullptr}}, {}, {"bn1"}, {}};
  graph.nodes = {input, conv, bn};
  graph.inputs = {0};
  graph.outputs = {{"output", 2}};
  return graph;
}

NamedTensor tensor(Shape shape, std::vector<float> values) {
  return {std::move(shape), "F32", std::make_shared<const std::vector<float>>(std::move(values))};
}

NamedTensors small_tensors() {
  return {{"c1.weight", tensor({2, 1, 1, 2}, {1, 2, 3, 4})},
          {"c1.bias", tensor({2}, {5, 6})},
          {"bn1.running_var", tensor({2}, {1, 2})}};
}

// The one error of binding, or "".
std::string bind_errors(const NamedTensors& tensors, Graph graph = small_graph()) {
  Diagnostics diagnostics;
  bool bound = cnnc::bind(graph, tensors, "w.safetensors", diagnostics);
  CHECK(bound == !diagnostics.has_errors());
  CHECK(diagnostics.count() <= 1);
  if (bound) return "";
  CHECK(diagnostics.all()[0].file == "w.safetensors");
  for (const Node& node : graph.nodes)
    for (const Parameter& parameter : node.parameters) CHECK(parameter.values == nullptr);
  return errors_text(diagnostics);
}

}  // namespace

TEST_CASE("bind gives every parameter the tensor of its name, and ignores num_batches_tracked") {
  Graph graph = small_graph();
  NamedTensors tensors = small_tensors();
  tensors["bn1.num_batches_tracked"] = {Shape{}, "I64", nullptr};
  Diagnostics diagnostics;
  REQUIRE(cnnc::bind(graph, tensors, "w.safetensors", diagnostics));
  CHECK(*find_parameter(graph.nodes[1], "weight")->values == std::vector<float>{1, 2, 3, 4});
  CHECK(*find_parameter(graph.nodes[1], "bias")->values == std::vector<float>{5, 6});
  CHECK(*find_parameter(graph.nodes[2], "running_var")->values == std::vector<float>{1, 2});
}

TEST_CASE("bind lists all that is wrong in one error") {
  NamedTensors tensors = {{"c1.weigth", tensor({2, 1, 1, 2}, {1, 2, 3, 4})},
                          {"c1.bias", tensor({3}, {5, 6, 7})},
                          {"bn1.running_var", {Shape{2}, "F64", nullptr}},
                          {"fc.weight", tensor({1}, {1})}};
  CHECK(bind_errors(tensors) ==
        "the weights do not fit network 'small': 1 missing, 2 unexpected, 1 of the wrong shape, 1 of the "
        "wrong type\n"
        "  missing: 'c1.weight' (2x1x1x2); the nearest name in the file is 'c1.weigth' (2x1x1x2)\n"
        "  unexpected: 'c1.weigth' (2x1x1x2)\n"
        "  unexpected: 'fc.weight' (1)\n"
        "  of the wrong shape: 'c1.bias' is 3, expected 2\n"
        "  of the wrong type: 'bn1.running_var' is 'F64', expected F32, F16 or BF16");
}

TEST_CASE("bind shows ten of a kind, and how many more there are") {
  NamedTensors tensors = small_tensors();
  for (int i = 0; i < 13; ++i) tensors[fmt::format("x{:02}", i)] = tensor({1}, {0});
  std::string text = bind_errors(tensors);
  CHECK(text.find("  unexpected: 'x09' (1)\n  unexpected: and 3 more") != std::string::npos);
  CHECK(text.find("x10") == std::string::npos);
  tensors.erase("x12");
  tensors.erase("x11");
  CHECK(bind_errors(tensors).find("  unexpected: 'x09' (1)\n  unexpected: 'x10' (1)") != std::string::npos);
}

TEST_CASE("bind sees that all names in the file have a prefix") {
  NamedTensors tensors;
  for (const auto& [name, t] : small_tensors()) tensors["module." + name] = t;
  std::string text = bind_errors(tensors);
  CHECK(text.substr(text.rfind('\n') + 1) ==
        "hint: the file has them with 'module.' before each name; save the weights without it");
}

// What bind says of a constant tensor with these values.
static std::string with_constant(std::vector<float> values) {
  Graph graph;
  Node mask;
  mask.name = "mask";
  mask.op = "add_constant";
  mask.parameters = {{"value", {3}, nullptr}};
  graph.nodes.push_back(mask);
  const std::string text = bind_errors({{"mask.value", tensor({3}, std::move(values))}}, graph);
  return text.substr(text.find('\n') + 1);
}

TEST_CASE("bind refuses values that are not finite, and variances below zero, with their place") {
  float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  auto with = [](const std::string& name, Shape shape, std::vector<float> values) {
    NamedTensors tensors = small_tensors();
    tensors[name] = tensor(std::move(shape), std::move(values));
    std::string text = bind_errors(tensors);
    return text.substr(text.find('\n') + 1);
  };
  CHECK(with("c1.weight", {2, 1, 1, 2}, {1, 2, nan, nan}) ==
        "  with a bad value: 'c1.weight' holds nan at [1, 0, 0, 0]; expected a finite number");
  CHECK(with("c1.bias", {2}, {0, -inf}) ==
        "  with a bad value: 'c1.bias' holds -inf at [1]; expected a finite number");
  CHECK(with_constant({0, -inf, inf}).empty());
  CHECK(with_constant({0, -inf, nan}) ==
        "  with a bad value: 'mask.value' holds nan at [2]; expected a number, or an infinity");
  CHECK(with("bn1.running_var", {2}, {-1, 0}) ==
        "  with a bad value: 'bn1.running_var' holds -1 at [0]; expected a variance of at least 0");
}

TEST_CASE(
    "weights that are written are read again as they were, and the file's header is padded to 8 bytes") {
  Graph graph = small_graph();
  REQUIRE(bind_errors(small_tensors(), small_graph()).empty());
  Diagnostics diagnostics;
  REQUIRE(cnnc::bind(graph, small_tensors(), "w.safetensors", diagnostics));
  std::string bytes;
  const ByteSource source = safetensors_bytes(graph);
  const auto take = [&](const void* data, size_t size) {
    bytes.append(static_cast<const char*>(data), size);
  };
  source(take);
  const std::string header = R"({"c1.weight":{"dtype":"F32","shape":[2,1,1,2],"data_offsets":[0,16]},)"
                             R"("c1.bias":{"dtype":"F32","shape":[2],"data_offsets":[16,24]},)"
                             R"("bn1.running_var":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}})";
  CHECK(bytes == safetensors(header + std::string(8 - header.size() % 8, ' '),
                             bytes_of<float>({1, 2, 3, 4, 5, 6, 1, 2})));
  const Result again = read_bytes(bytes);
  REQUIRE(again.tensors.has_value());
  Graph other = small_graph();
  REQUIRE(cnnc::bind(other, *again.tensors, "w.safetensors", diagnostics));
  CHECK(*other.nodes[1].parameters[0].values == std::vector<float>{1, 2, 3, 4});
  CHECK(*other.nodes[2].parameters[0].values == std::vector<float>{1, 2});
  bytes.clear();
  safetensors_bytes(Graph{})(take);
  CHECK(read_bytes(bytes).tensors->empty());
}

TEST_CASE("values that a graph has are checked as those that are bound") {
  Graph graph = small_graph();
  Diagnostics diagnostics;
  CHECK(check_values(graph, "net.onnx", diagnostics));
  REQUIRE(cnnc::bind(graph, small_tensors(), "w.safetensors", diagnostics));
  CHECK(check_values(graph, "net.onnx", diagnostics));
  graph.nodes[1].parameters[0].values = tensor({}, {1, 2, NAN, 4}).values;
  graph.nodes[2].parameters[0].values = tensor({}, {1, -2}).values;
  CHECK_FALSE(check_values(graph, "net.onnx", diagnostics));
  CHECK(errors_text(diagnostics) ==
        "the weights do not fit network 'small': 2 with a bad value\n"
        "  with a bad value: 'c1.weight' holds nan at [1, 0, 0, 0]; expected a finite number\n"
        "  with a bad value: 'bn1.running_var' holds -2 at [1]; expected a variance of at least 0");
}

TEST_CASE("random weights are the same on every machine") {
  Graph graph = small_graph();
  bind_random(graph, 1);
  CHECK(*graph.nodes[1].parameters[0].values ==
        std::vector<float>{1.31865263f, 0.128311023f, 1.17784417f, -1.5999949f});
  CHECK(*graph.nodes[1].parameters[1].values == std::vector<float>{0.0286243781f, 0.079531692f});
  CHECK(*graph.nodes[2].parameters[0].values == std::vector<float>{1.09502363f, 1.08536971f});
}

TEST_CASE("random weights depend on the seed and the parameter's name, not on the rest of the network") {
  Graph a = small_graph(), b = small_graph(), c = small_graph();
  b.nodes.erase(b.nodes.begin() + 1);
  bind_random(a, 7), bind_random(b, 7), bind_random(c, 8);
  CHECK(*a.nodes[2].parameters[0].values == *b.nodes[1].parameters[0].values);
  CHECK(*a.nodes[2].parameters[0].values != *c.nodes[2].parameters[0].values);
  CHECK(*a.nodes[1].parameters[1].values != *a.nodes[2].parameters[0].values);
}

TEST_CASE("random weights have He's variance, 2 / fan_in, and random variances are positive") {
  Graph graph = small_graph();
  graph.nodes[1].parameters[0].shape = Shape{64, 32, 3, 3};
  graph.nodes[2].parameters[0].shape = Shape{1000};
  bind_random(graph, 3);
  double sum = 0, squares = 0, fan_in = 32 * 9;
  const std::vector<float>& weight = *graph.nodes[1].parameters[0].values;
  for (float w : weight) sum += w, squares += double{w} * w;
  double n = static_cast<double>(weight.size());
  CHECK(std::fabs(sum / n) < 4 * std::sqrt(2 / fan_in / n));
  CHECK(squares / n == doctest::Approx(2 / fan_in).epsilon(0.03));
  for (float w : weight) REQUIRE(std::fabs(w) <= std::sqrt(6 / fan_in));
  for (float v : *graph.nodes[2].parameters[0].values) REQUIRE((v > 0.75f && v < 1.25f));
}
