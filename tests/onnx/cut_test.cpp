// Parts of models, by the names of their values; and what a refusal says of where to cut.
#include "onnx/import/cut.h"

#include <doctest/doctest.h>

#include <sstream>

#include "model_fixture.h"
#include "read_fixture.h"

namespace cnnc::onnx::test {
namespace {

// x → a = x + 1 → b = relu a → c = b * 2 → y = c + a.
Model chain() {
  return model({value("x", {-1, 4})},
               {node("Add", {"x", "one"}, {"a"}), node("Relu", {"a"}, {"b"}),
                node("Mul", {"b", "two"}, {"c"}), node("Add", {"c", "a"}, {"y"})},
               {"y"}, {{"one", scalar(1)}, {"two", scalar(2)}});
}

TranslateOptions between(std::vector<std::string> inputs, std::vector<std::string> outputs) {
  TranslateOptions options;
  options.inputs = std::move(inputs);
  options.outputs = std::move(outputs);
  return options;
}

std::string refusal_of_cut(const Model& model, const TranslateOptions& options) {
  Diagnostics diagnostics;
  CHECK_FALSE(cut(model, options, "m.onnx", diagnostics));
  return errors_text(diagnostics);
}

Network network_of(const Model& model, const TranslateOptions& options) {
  Diagnostics diagnostics;
  const std::optional<Model> part = cut(model, options, "m.onnx", diagnostics);
  INFO(errors_text(diagnostics));
  REQUIRE(part.has_value());
  return translated(*part, options);
}

// The names behind "--output" in what a refusal says.
std::vector<std::string> outputs_advised(const std::string& errors) {
  std::vector<std::string> names;
  std::istringstream words(errors);
  for (std::string word; words >> word;)
    if (word == "--output" && words >> word) names.push_back(word);
  return names;
}

// What the network computes that the hint of the model's refusal leads to.
std::vector<Values> run_as_advised(const Model& model, const std::vector<float>& input) {
  const std::string errors = errors_of(model);
  INFO(errors);
  const std::vector<std::string> outputs = outputs_advised(errors);
  REQUIRE(!outputs.empty());
  return run(network_of(model, between({}, outputs)), {input});
}

}  // namespace

TEST_CASE("a model is cut at the values that are to be its inputs and outputs, in their order") {
  const std::vector<float> x = {1, -2, 3, -4};
  CHECK(run(network_of(chain(), between({}, {"b"})), {x}) == std::vector<Values>{{2, 0, 4, 0}});
  CHECK(run(network_of(chain(), between({}, {"c", "a"})), {x}) ==
        std::vector<Values>{{4, 0, 8, 0}, {2, -1, 4, -3}});
  CHECK(run(network_of(chain(), between({"b"}, {"c"})), {x}) == std::vector<Values>{{2, -4, 6, -8}});
  CHECK(operators_of(network_of(chain(), between({"b"}, {"c"}))) == "batchnorm");
}

TEST_CASE("inputs of the model that the outputs need beside those named stay, behind them") {
  const Network network = network_of(chain(), between({"c"}, {}));
  REQUIRE(network.graph.inputs.size() == 2);
  CHECK(network.graph.nodes[network.graph.inputs[0]].name == "c");
  CHECK(network.graph.nodes[network.graph.inputs[1]].name == "x");
  CHECK(run(network, {{10, 20, 30, 40}, {1, 2, 3, 4}}) == std::vector<Values>{{12, 23, 34, 45}});
}

TEST_CASE("a value that is an input may be one of several outputs of a node, an initializer, or an input") {
  const Model parts = model({value("x", {1, 4})},
                            {node("Split", {"x"}, {"p", "q"}, {{"axis", int64_t{1}}}),
                             node("Add", {"p", "q"}, {"s"}), node("Add", {"s", "w"}, {"y"})},
                            {"y"}, {{"w", floats({1, 2}, {5, 6})}});
  CHECK(run(network_of(parts, between({"q"}, {"s"})), {{10, 20}, {1, 2, 3, 4}}) ==
        std::vector<Values>{{11, 22}});
  CHECK(run(network_of(parts, between({"x", "w"}, {})), {{1, 2, 3, 4}, {7, 8}}) ==
        std::vector<Values>{{11, 14}});
}

TEST_CASE(
    "an input has the sizes that the model computes, else those that the file declares, else is given one") {
  CHECK(network_of(chain(), between({"b"}, {})).graph.nodes[0].shape == Shape({4}));
  Model odd = model({value("x", {-1, 4})}, {node("Foo", {"x"}, {"a"}), node("Relu", {"a"}, {"y"})}, {"y"});
  TranslateOptions options = between({"a"}, {});
  Diagnostics diagnostics;
  const std::optional<Model> part = cut(odd, options, "m.onnx", diagnostics);
  REQUIRE(part.has_value());
  CHECK(errors_of(*part, options) ==
        "input 'a' has no shape in the model; hint: give it one, such as '--shape a=3x224x224'");
  options.sizes = {{"a", {3, 5, 5}}};
  CHECK(network_of(odd, options).graph.nodes[0].shape == Shape({3, 5, 5}));
  odd.values = {value("a", {-1, 7})};
  CHECK(network_of(odd, between({"a"}, {})).graph.nodes[0].shape == Shape({7}));
}

TEST_CASE(
    "a batch that the model leaves open stays open behind a cut; a size of what is cut away may be given") {
  TranslateOptions options = between({"b"}, {"c"});
  options.images = 2;
  CHECK(network_of(chain(), options).images == 2);
  const Model open =
      model({value("x", {1, 2, -1, 3})}, {node("Relu", {"x"}, {"a"}), node("Neg", {"a"}, {"y"})}, {"y"});
  options = between({"a"}, {});
  options.sizes = {{"d2", {5}}};
  CHECK(network_of(open, options).graph.nodes[0].shape == Shape({2, 5, 3}));
}

TEST_CASE("names that a cut cannot use are errors, with those that may be meant") {
  Model net = chain();
  net.nodes[1].name = "act";
  CHECK(refusal_of_cut(net, between({}, {"act"})) ==
        "the model has no tensor called 'act' | it is a node, which computes 'b'");
  CHECK(refusal_of_cut(net, between({"tow"}, {"on"})) ==
        "the model has no tensor called 'tow' | names close to it: 'two'\n"
        "the model has no tensor called 'on' | names close to it: 'one'");
  CHECK(refusal_of_cut(net, between({"features"}, {})) ==
        "the model has no tensor called 'features' | '--input' wants a name that the file has, as Netron "
        "shows it");
  CHECK(refusal_of_cut(net, between({"y"}, {"b"})) ==
        "no output depends on the input 'y' | leave it out, or name an output behind it");
}

TEST_CASE("a refusal says where to cut, and the model cut there is a network") {
  const std::vector<float> x = {1, -2, 3, -4};
  Model net = chain();
  net.nodes.insert(net.nodes.begin() + 3, node("NonMaxSuppression", {"c", "b"}, {"n"}));
  net.nodes.back().inputs = {"n", "a"};
  CHECK(errors_of(net) ==
        "NonMaxSuppression 'n': there is no such operator in cnnc; hint: to compile what stands in front of "
        "it, "
        "add --output a --output b --output c");
  CHECK(run_as_advised(net, x) == std::vector<Values>{{2, -1, 4, -3}, {2, 0, 4, 0}, {4, 0, 8, 0}});
}

TEST_CASE(
    "of several refusals the last says where to cut in front of all, outputs that are possible among them") {
  const Model net = model({value("x", {1, 4})},
                          {node("Relu", {"x"}, {"a"}), node("GRU", {"a"}, {"b"}), node("Neg", {"a"}, {"c"}),
                           node("LSTM", {"c"}, {"d"}), node("Loop", {"d"}, {"e"}), node("Exp", {"c"}, {"y"})},
                          {"b", "e", "y"});
  CHECK(
      errors_of(net) ==
      "GRU 'b': there is no such operator in cnnc\nLSTM 'd': there is no such operator in cnnc\n"
      "Loop 'e': there is no such operator in cnnc; hint: to compile what stands in front of all these, add "
      "--output a --output c --output y");
  CHECK(run_as_advised(net, {1, -2, 3, -4})[1] == Values{-1, 0, -3, 0});
}

TEST_CASE("what reads the input alone, or what cannot be an output, is nowhere to cut") {
  CHECK(errors_of(model({value("x", {1, 4})}, {node("GRU", {"x"}, {"y"})}, {"y"})) ==
        "GRU 'y': there is no such operator in cnnc");
  const Model mixed =
      model({value("x", {2, 4})},
            {node("Relu", {"x"}, {"a"}), node("Transpose", {"a"}, {"b"}, {{"perm", Dims{1, 0}}}),
             node("GRU", {"b"}, {"y"})},
            {"y"});
  CHECK(outputs_advised(errors_of(mixed)).empty());
}

TEST_CASE("a node with a graph of its own reads what the graph reads from outside") {
  ::onnx::ModelProto proto = conv_relu();
  proto.mutable_graph()->mutable_node(1)->set_output(0, "r");
  ::onnx::NodeProto& branch = add_op(proto, "If", {"x"}, "y");
  ::onnx::AttributeProto& attribute = *branch.add_attribute();
  attribute.set_name("then_branch");
  attribute.set_type(::onnx::AttributeProto::GRAPH);
  ::onnx::GraphProto& graph = *attribute.mutable_g();
  ::onnx::NodeProto& inner = *graph.add_node();
  inner.set_op_type("Add");
  inner.add_input("r");
  inner.add_input("here");
  inner.add_output("z");
  graph.add_output()->set_name("z");
  graph.add_initializer()->set_name("here");
  const Model net = cnnc::onnx::model_of(proto);
  CHECK(net.nodes.back().captured == std::vector<std::string>{"r"});
  CHECK(outputs_advised(errors_of(net)) == std::vector<std::string>{"r"});
}

}  // namespace cnnc::onnx::test
