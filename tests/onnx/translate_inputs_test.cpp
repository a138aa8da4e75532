#include <doctest/doctest.h>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

Model relu_of(ValueInfo x) {
  const std::string name = x.name;
  return model({std::move(x)}, {node("Relu", {name}, {"y"})}, {"y"});
}

std::string input_of(const Network& network, size_t number = 0) {
  const cnnc::Node& node = network.graph.nodes[network.graph.inputs.at(number)];
  return node.name + " " + to_string(node.shape);
}

TranslateOptions with(std::map<std::string, Dims> sizes, std::optional<int64_t> images = std::nullopt) {
  return {images, std::move(sizes)};
}

ValueInfo named(std::string name, std::vector<Dimension> dims) {
  return {std::move(name), "float", std::move(dims)};
}

// A picture without a batch, which the model adds: a conv of 2 channels.
Model picture_of(std::vector<Dimension> dims) {
  return model({named("x", std::move(dims))},
               {node("Unsqueeze", {"x", "a"}, {"u"}), node("Conv", {"u", "w"}, {"y"})}, {"y"},
               {{"w", floats({1, 2, 1, 1}, {1, 10})}, {"a", integers({0})}});
}

}  // namespace

TEST_CASE("inputs of four, three and two dimensions are maps, maps of one row, and vectors") {
  CHECK(input_of(translated(relu_of(value("x", {1, 3, 4, 5})))) == "x 3x4x5");
  CHECK(input_of(translated(relu_of(value("x", {1, 3, 4})))) == "x 3x1x4");
  CHECK(input_of(translated(relu_of(value("x", {1, 3})))) == "x 3");
  CHECK(input_of(translated(relu_of(value("x", {1, 3, 4, 5, 6})))) == "x 3x4x5x6");
  CHECK(errors_of(relu_of(value("x", {1, 2, 3, 4, 5, 6, 7, 8}))) ==
        "input 'x' has 8 dimensions, 1x2x3x4x5x6x7x8; hint: an input is the batch and up to 6 sizes: N x "
        "channels x "
        "height x width, N x channels x length, N x features, or any others");
}

TEST_CASE("an input that is not of floats is refused, where an output depends on it") {
  Model net = relu_of({"x", "int64", std::vector<Dimension>{{1, ""}, {3, ""}}});
  CHECK(errors_of(net) ==
        "input 'x' is of type int64; hint: cnnc computes with floats: declare it as float in the model, "
        "and give it floats; where a Cast to float reads it, it is taken so");
  net = relu_of(value("x", {1, 3}));
}

TEST_CASE("an input that no output depends on is one of the network, or there is a note that it is not") {
  const auto beside = [](ValueInfo unused) {
    return translated(
        model({std::move(unused), value("x", {1, 3, 2, 2})}, {node("Relu", {"x"}, {"y"})}, {"y"}));
  };
  const Network kept = beside(value("u", {1, 2}));
  CHECK(input_of(kept, 0) == "u 2");
  CHECK(input_of(kept, 1) == "x 3x2x2");
  CHECK(kept.notes.empty());
  CHECK(run(kept, {{7, 7}, counting(12)}).at(0).at(11) == 12);
  const auto note_of = [&](ValueInfo unused) {
    const Network network = beside(std::move(unused));
    CHECK(network.graph.inputs.size() == 1);
    CHECK(network.images == 1);
    return network.notes.at(0);
  };
  const std::string start = "the network has no input 'u': no output depends on it, and it ";
  CHECK(note_of({"u", "int64", std::nullopt}) == start + "is of type int64");
  CHECK(note_of({"u", "float", std::nullopt}) == start + "has no shape in the model");
  CHECK(note_of(value("u", {1, -1})) == start + "is 1xd1: the model leaves 'd1' open");
  CHECK(note_of(value("u", {5, 2})) == start + "has another batch than the others, 5");
}

TEST_CASE("of an input of which only the shape is read there is a note, or it stays") {
  const Model net = model({value("x", {1, 2}), value("s", {1, 3, 4, 5})},
                          {node("Shape", {"s"}, {"d"}), node("Gather", {"d", "i"}, {"r"}),
                           node("Cast", {"r"}, {"f"}, {{"to", int64_t{1}}}), node("Mul", {"x", "f"}, {"y"})},
                          {"y"}, {{"i", integers({}, {3})}});
  const Network network = translated(net);
  CHECK(input_of(network, 1) == "s 3x4x5");
  CHECK(run(network, {{1, 2}, counting(60)}).at(0) == Values{5, 10});
}

TEST_CASE("an input without a batch is taken as it is where the model adds the batch itself") {
  const Model picture = model({value("x", {2, 2, 3})},
                              {node("Unsqueeze", {"x", "a"}, {"u"}), node("Conv", {"u", "w"}, {"c"}),
                               node("Squeeze", {"c", "a"}, {"y"})},
                              {"y"}, {{"w", floats({1, 2, 1, 1}, {1, 10})}, {"a", integers({0})}});
  const Network network = translated(picture);
  CHECK(input_of(network) == "x 2x2x3");
  CHECK(network.images == 1);
  CHECK(network.notes.empty());
  CHECK(run(network, {counting(12)}).at(0) == Values{71, 82, 93, 104, 115, 126});
  const Model grey = model(
      {value("x", {2, 3})},
      {node("Reshape", {"x", "s"}, {"u"}), node("MaxPool", {"u"}, {"y"}, {{"kernel_shape", Dims{2, 2}}})},
      {"y"}, {{"s", integers({1, 1, 2, 3})}});
  CHECK(input_of(translated(grey)) == "x 1x2x3");
  CHECK(run(grey, {counting(6)}) == Values{5, 6});
  const Model vector = model({value("x", {3})},
                             {node("Unsqueeze", {"x", "a"}, {"u"}), node("Gemm", {"u", "w"}, {"g"}),
                              node("Squeeze", {"g", "a"}, {"y"})},
                             {"y"}, {{"w", floats({3, 2}, {1, 0, 0, 1, 1, 1})}, {"a", integers({0})}});
  CHECK(input_of(translated(vector)) == "x 3");
  CHECK(run(vector, {counting(3)}) == Values{4, 5});
}

TEST_CASE(
    "where nothing tells a batch from a size of its own, a note says what the first size is taken for") {
  const Network network = translated(relu_of(value("x", {3, 4, 5})));
  CHECK(input_of(network) == "x 4x1x5");
  CHECK(network.images == 3);
  CHECK(network.notes ==
        std::vector<std::string>{"input 'x' is 3x4x5 in the model; the first of its sizes, 3, is "
                                 "taken for the batch"});
  CHECK(translated(relu_of(value("x", {1, 4, 5}))).notes.empty());
  CHECK(translated(relu_of(value("x", {-1, 4, 5}))).notes.empty());
  CHECK(translated(relu_of(value("x", {2, 3, 4, 5}))).notes.empty());
}

TEST_CASE("a model that can be read neither with a batch nor without is refused for the fewer reasons") {
  const Model net = model(
      {value("x", {2, 2, 3})},
      {node("Unsqueeze", {"x", "a"}, {"u"}), node("Conv", {"u", "w"}, {"c"}), node("Foo", {"c"}, {"y"})},
      {"y"}, {{"w", floats({1, 2, 1, 1}, {1, 10})}, {"a", integers({0})}});
  CHECK(errors_of(net) ==
        "Foo 'y': there is no such operator in cnnc; hint: to compile what stands in front of it, add "
        "--output c");
}

TEST_CASE("inputs that have a value in the model are constants, and a note says so") {
  Model net = model({value("x", {1, 2})}, {node("Mul", {"x", "w"}, {"y"})}, {"y"}, {{"w", scalar(3)}});
  net.defaults = {"w", "a", "b", "c", "d"};
  CHECK(translated(net).notes ==
        std::vector<std::string>{
            "inputs that have a value in the model are constants of the network: 'w', 'a', "
            "'b', 'c', …"});
}

TEST_CASE("of an input of one size, which has no batch, the refusal is that of what follows") {
  CHECK(errors_of(model({value("x", {3})}, {node("Foo", {"x"}, {"y"})}, {"y"})) ==
        "Foo 'y': there is no such operator in cnnc");
}

TEST_CASE("names that the network cannot keep are in a note") {
  const Network network = translated(model({value("input.1", {1, 2}), value("b", {1, 2})},
                                           {node("Add", {"input.1", "b"}, {"191"})}, {"191"}));
  CHECK(network.notes ==
        std::vector<std::string>{
            "in the network input 'input.1' is called 'input_1', output '191' is called 'output'"});
}

TEST_CASE("a size is offered by its name where it has one of its own, once") {
  const auto hint_of = [](std::vector<Dimension> dims) {
    const std::string errors = errors_of(relu_of(named("x", std::move(dims))));
    return errors.substr(errors.find("hint: ") + 6);
  };
  CHECK(hint_of({{1, ""}, {3, ""}, {{}, "?"}, {{}, "?"}}) ==
        "give the whole shape, such as '--shape x=3x224x224'");
  CHECK(hint_of({{{}, "d"}, {3, ""}, {{}, "d"}, {{}, "d"}}) ==
        "give the whole shape, such as '--shape x=3x224x224'");
  CHECK(hint_of({{1, ""}, {3, ""}, {{}, "side"}, {{}, "side"}}) ==
        "give the whole shape, such as '--shape x=3x224x224', or each size: '--shape side=224'");
  CHECK(hint_of({{1, ""}, {{}, "channels"}, {{}, "h 1"}, {8, ""}}) ==
        "give the whole shape, such as '--shape x=3x224x8', or each size: '--shape channels=3 --shape \"h "
        "1=224\"'");
  CHECK(hint_of({{1, ""}, {{}, ""}, {{}, ""}, {3, ""}}) ==
        "give the whole shape, such as '--shape x=224x224x3'");
  CHECK(errors_of(relu_of(named("x", {{1, ""}, {{}, "?"}})), with({{"?", {9}}}))
            .find("the model has no input and no size called '?'; hint: it has 'x'") == 0);
}

TEST_CASE("sizes of an input without a batch are given as a whole, or each by its name") {
  const Model net = picture_of({{2, ""}, {{}, "H"}, {{}, "W"}});
  CHECK(errors_of(net) ==
        "input 'x' is 2xHxW: the model leaves 'H' and 'W' open; hint: give the whole shape, such as '--shape "
        "x=2x224x224', or each size: '--shape H=224 --shape W=224'");
  CHECK(input_of(translated(net, with({{"x", {2, 224, 224}}}))) == "x 2x224x224");
  CHECK(input_of(translated(net, with({{"x", {1, 2, 8, 9}}}))) == "x 2x8x9");
  CHECK(input_of(translated(net, with({{"H", {8}}, {"W", {9}}}))) == "x 2x8x9");
  const Model open = picture_of({{{}, "C"}, {{}, "H"}, {{}, "W"}});
  CHECK(errors_of(open) ==
        "input 'x' is CxHxW: the model leaves 'H' and 'W' open; hint: give the whole shape, such as '--shape "
        "x=3x224x224', or each size: '--shape C=3 --shape H=224 --shape W=224'");
  CHECK(input_of(translated(open, with({{"x", {2, 8, 9}}}))) == "x 2x8x9");
  CHECK(input_of(translated(open, with({{"C", {2}}, {"H", {8}}, {"W", {9}}}))) == "x 2x8x9");
  CHECK(
      errors_of(picture_of({{{}, "S"}, {{}, "S"}})) ==
      "input 'x' is SxS: the model leaves 'S' open; hint: give the whole shape, such as '--shape x=224x224', "
      "or each size: '--shape S=224'");
}

TEST_CASE("a batch that the model leaves open is in a shape of two or three sizes that is said to be given") {
  const Model net = relu_of(named("x", {{{}, "N"}, {3, ""}, {{}, "L"}}));
  CHECK(errors_of(net) ==
        "input 'x' is Nx3xL: the model leaves 'L' open; hint: give the whole shape, such as '--shape "
        "x=1x3x224', or each size: '--shape N=1 --shape L=224'");
  CHECK(input_of(translated(net, with({{"x", {1, 3, 224}}}))) == "x 3x1x224");
  CHECK(input_of(translated(net, with({{"N", {1}}, {"L", {224}}}))) == "x 3x1x224");
  const Model vector = relu_of(named("x", {{{}, "F"}}));
  CHECK(errors_of(vector) ==
        "input 'x' is F: the model leaves 'F' open; hint: give the whole shape, such as '--shape x=224', or "
        "each "
        "size: '--shape F=224'");
  CHECK(input_of(translated(vector, with({{"x", {5}}}))) == "x 5");
  CHECK(input_of(translated(vector, with({{"F", {5}}}))) == "x 5");
}

TEST_CASE(
    "of a name that an input and a dimension have, one number is the dimension's, several the input's") {
  const Model net = relu_of(named("x", {{{}, "N"}, {3, ""}, {{}, "x"}, {{}, "W"}}));
  CHECK(
      errors_of(net) ==
      "input 'x' is Nx3xxxW: the model leaves 'x' and 'W' open; hint: give the whole shape, such as '--shape "
      "x=3x224x224', or each size: '--shape x=224 --shape W=224'; 'x' is an input and a dimension: one "
      "number "
      "is the dimension's, several the input's");
  CHECK(input_of(translated(net, with({{"x", {3, 8, 9}}}))) == "x 3x8x9");
  CHECK(input_of(translated(net, with({{"x", {8}}, {"W", {9}}}))) == "x 3x8x9");
  const Model vector = relu_of(named("x", {{1, ""}, {{}, "x"}}));
  CHECK(errors_of(vector).find("such as '--shape x=1x224', or each size: '--shape x=224';") !=
        std::string::npos);
  CHECK(input_of(translated(vector, with({{"x", {1, 8}}}))) == "x 8");
  CHECK(input_of(translated(vector, with({{"x", {8}}}))) == "x 8");
}

TEST_CASE("an input of more sizes than three lacks a batch where the model cannot be read with one") {
  const Model m =
      model({value("x", {2, 1, 2, 2}), value("s", {1, 2, 2})}, {node("Add", {"x", "s"}, {"y"})}, {"y"});
  CHECK(input_of(translated(m)) == "x 2x1x2x2");
  CHECK(run(m, {counting(8), {10, 20, 30, 40}}) == Values{11, 22, 33, 44, 15, 26, 37, 48});
}

TEST_CASE("an input without dimensions is a single number") {
  const Model m = model({value("x", {1, 2, 1, 2}), value("s", {})}, {node("Mul", {"x", "s"}, {"y"})}, {"y"});
  CHECK(input_of(translated(m), 1) == "s 1x1x1");
  CHECK(run(m, {counting(4), {10}}) == Values{10, 20, 30, 40});
}

TEST_CASE("sizes of one name that are open are said in words") {
  CHECK(errors_of(relu_of(named("x", {{1, ""}, {{}, ""}, {{}, "side"}, {{}, "side"}})))
            .find("input 'x' is 1x?xsidexside: the model leaves dimension 1 and 'side' open; hint: ") == 0);
}

TEST_CASE("the batch is the model's, else the option's, else 1; another one may be run") {
  CHECK(translated(relu_of(value("x", {4, 3}))).images == 4);
  CHECK(translated(relu_of(value("x", {4, 3})), with({}, 8)).images == 8);
  CHECK(translated(relu_of(value("x", {-1, 3})), with({}, 8)).images == 8);
  CHECK(translated(relu_of(value("x", {-1, 3}))).images == 1);
  CHECK(translated(relu_of(value("x", {-1, 3})), with({{"d0", {2}}})).images == 2);
}

TEST_CASE("sizes that the model leaves open are given by name, or with the whole shape") {
  const Model net = relu_of(named("x", {{{}, "N"}, {3, ""}, {{}, "height"}, {{}, "width"}}));
  CHECK(errors_of(net) ==
        "input 'x' is Nx3xheightxwidth: the model leaves 'height' and 'width' open; hint: give the whole "
        "shape, such "
        "as '--shape x=3x224x224', or each size: '--shape height=224 --shape width=224'");
  CHECK(input_of(translated(net, with({{"height", {8}}, {"width", {9}}}))) == "x 3x8x9");
  CHECK(input_of(translated(net, with({{"x", {3, 8, 9}}}))) == "x 3x8x9");
  const Network batch = translated(net, with({{"x", {2, 3, 8, 9}}}));
  CHECK(input_of(batch) == "x 3x8x9");
  CHECK(batch.images == 2);
  CHECK(errors_of(relu_of(named("x", {{1, ""}, {{}, ""}}))) ==
        "input 'x' is 1x?: the model leaves dimension 1 open; hint: give the whole shape, such as '--shape "
        "x=224'");
}

TEST_CASE("an input without a shape needs one") {
  const Model net = relu_of({"x", "float", std::nullopt});
  CHECK(errors_of(net) ==
        "input 'x' has no shape in the model; hint: give it one, such as '--shape x=3x224x224'");
  CHECK(input_of(translated(net, with({{"x", {3, 8, 9}}}))) == "x 3x8x9");
  CHECK(input_of(translated(net, with({{"x", {5}}}))) == "x 5");
}

TEST_CASE("sizes that cannot be are refused") {
  const Model net = relu_of(value("x", {1, 3, 8, 8}));
  CHECK(errors_of(net, with({{"x", {3, 9, 9}}})) ==
        "input 'x' is 1x3x8x8 in the model, which cannot be changed to 3x9x9; hint: export the model with "
        "the other "
        "size, or with sizes that are left open (PyTorch: dynamic_axes)");
  CHECK(errors_of(net, with({{"x", {9}}})) ==
        "input 'x' has 4 dimensions, 1x3x8x8, for which 1 size is given; hint: give its whole shape, with or "
        "without the batch");
  CHECK(errors_of(net, with({{"x", {2, 3, 8, 8}}})) ==
        "input 'x' is 1x3x8x8 in the model, with a batch of 1; hint: another one is given by '--batch 2'");
  CHECK(errors_of(net, with({{"heigth", {9}}})) ==
        "the model has no input and no size called 'heigth'; hint: it has 'x'");
  const Model open = relu_of(value("x", {-1, -1}));
  CHECK(errors_of(open, with({{"d1", {1, 2}}})) ==
        "input 'x' has a size 'd1', for which 2 numbers are given; hint: a size is one number");
  CHECK(errors_of(open, with({{"d1", {0}}})) ==
        "input 'x' has a size of 0 in dimension 1; hint: a batch is from 1 to 4096, and a tensor has at most "
        "2147483648 elements");
  CHECK(errors_of(relu_of(value("x", {1, 1 << 20, 1 << 20, 1 << 20}))) ==
        "input 'x' has a size of 1048576 in dimension 2; hint: a batch is from 1 to 4096, and a tensor has "
        "at most "
        "2147483648 elements");
}

TEST_CASE("names of inputs and outputs are identifiers, none of C's, none twice") {
  const auto names = [](const std::string& input, const std::string& output) {
    const Network net =
        translated(model({value(input, {1, 2})}, {node("Relu", {input}, {output})}, {output}));
    return net.graph.nodes[0].name + " " + net.graph.outputs[0].name;
  };
  CHECK(names("image", "logits") == "image logits");
  CHECK(names("input.1", "191") == "input_1 output");
  CHECK(names("serving/x:0", "model/dense/Softmax:0") == "input output");
  CHECK(names("input_1:0", "dense") == "input_1 dense");
  CHECK(names("int", "main") == "int_ main_");
  CHECK(names("data", "Data") == "data Data_2");
  CHECK(names("as", "y z") == "as_ y_z");
}

TEST_CASE("several numbered outputs keep their numbers") {
  const Model net =
      model({value("x", {1, 2})}, {node("Relu", {"x"}, {"11"}), node("Tanh", {"x"}, {"12"})}, {"12", "11"});
  const Network network = translated(net);
  CHECK(network.graph.outputs[0].name == "output_12");
  CHECK(network.graph.outputs[1].name == "output_11");
}

TEST_CASE("the network has the file's name, or the one that cnnc gave it") {
  Model net = relu_of(value("x", {1, 2}));
  CHECK(translated(net).graph.name == "net");
  net.name = "lenet5";
  net.producer = "cnnc 1.0";
  CHECK(translated(net).graph.name == "lenet5");
}

TEST_CASE(
    "an output that nothing computes, a constant of nothing, or one of other sizes is refused; an input as "
    "it is is "
    "copied") {
  const ValueInfo x = value("x", {1, 2});
  CHECK(errors_of(model({x}, {}, {"y"})) == "output 'y' is computed by nothing");
  CHECK(errors_of(model({x}, {}, {"y"}, {{"y", floats({0}, {})}})) ==
        "output 'y' is a constant: no input has a part in it; hint: remove it from the model's outputs: "
        "its values are in the file");
  CHECK(operators_of(translated(model({x}, {node("Identity", {"x"}, {"y"})}, {"y"}))) == "reshape");
  Model net = relu_of(x);
  net.outputs = {value("y", {1, 3})};
  CHECK(errors_of(net) ==
        "output 'y' is 1x2, and declared as 1x3; hint: the file is at odds with itself: declare the output "
        "as 1x2, or without a shape");
  CHECK(errors_of(model({x}, {}, {})) == "the model has no output");
  const auto transposed = [](Dims order) {
    return model({value("x", {-1, 2, 1, 2})}, {node("Transpose", {"x"}, {"y"}, {{"perm", std::move(order)}})},
                 {"y"});
  };
  CHECK(run(translated(transposed({0, 3, 2, 1}), {2, {}}), {counting(8)})[0] ==
        Values{1, 3, 2, 4, 5, 7, 6, 8});
  CHECK(errors_of(transposed({1, 0, 2, 3}), {2, {}}) ==
        "output 'y' cannot be computed: the first dimension of a tensor of 2x2x1x2 is not the batch of 2 "
        "images "
        "alone; hint: cnnc computes each image of a batch alone; with a batch of 1 the model can be read");
}

TEST_CASE("what no output needs is no obstacle and no part of the network") {
  const Model net =
      model({value("x", {1, 2})},
            {node("Relu", {"x"}, {"y"}), node("Quantise", {"x"}, {"q"}), node("Tanh", {"x"}, {"t"})}, {"y"});
  CHECK(operators_of(translated(net)) == "relu");
}

TEST_CASE(
    "all that cannot be mapped is reported at once, by operator and reason; what follows from it is not") {
  const Model net = model({value("x", {1, 2})},
                          {node("Foo", {"x"}, {"a"}), node("Relu", {"a"}, {"b"}), node("Foo", {"x"}, {"c"}),
                           node("Bar", {"x"}, {"d"}), node("Sum", {"b", "c", "d"}, {"y"})},
                          {"y"});
  CHECK(errors_of(net) ==
        "Foo 'a', 'c': there is no such operator in cnnc\nBar 'd': there is no such operator in cnnc");
  CHECK(errors_of(model_of("NonMaxSuppression", {1, 4, 4}, {floats({1, 1, 4}, counting(4))})) ==
        "NonMaxSuppression 'y': there is no such operator in cnnc");
}

TEST_CASE("an operator that cnnc has not is reported behind another as well; one that is folded is none") {
  const Model net =
      model({value("x", {1, 2})},
            {node("Foo", {"x"}, {"a"}), node("Shape", {"a"}, {"s"}), node("ConstantOfShape", {"s"}, {"c"}),
             node("Bar", {"c"}, {"b"}), node("Foo", {"b"}, {"y"})},
            {"y"});
  CHECK(errors_of(net) ==
        "Foo 'a', 'y': there is no such operator in cnnc\nBar 'b': there is no such operator in cnnc");
}

TEST_CASE("of more obstacles than errors are shown none is lost") {
  std::vector<onnx::Node> nodes;
  std::vector<std::string> outputs;
  for (int i = 0; i < 30; ++i) {
    outputs.push_back("y" + std::to_string(i));
    nodes.push_back(node("Op" + std::to_string(i), {"x"}, {outputs.back()}));
  }
  const std::string errors = errors_of(model({value("x", {1, 2})}, nodes, outputs));
  for (int i = 0; i < 30; ++i) CHECK(errors.find("Op" + std::to_string(i) + " 'y") != std::string::npos);
}
