// What a text means: the graph that it becomes, its names, shapes and parameters. Errors: tests/errors.
#include "elaborate/elaborate.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <ctime>
#include <random>

#include "syntax/parser.h"

namespace cnnc {
namespace {

struct Elaborated {
  std::optional<Graph> graph;
  std::string errors;
};

Elaborated elaborate_text(const std::string& text, const std::string& name = "model.dsl") {
  const Source source{name, text};
  Diagnostics diagnostics;
  Elaborated result;
  if (const auto file = parse(source, diagnostics)) result.graph = elaborate(*file, source, diagnostics);
  result.errors = render(diagnostics, source, false);
  return result;
}

Graph graph_of(const std::string& text, const std::string& name = "model.dsl") {
  Elaborated result = elaborate_text(text, name);
  INFO(result.errors);
  REQUIRE(result.graph);
  return std::move(*result.graph);
}

// The names of all nodes in order, but the inputs.
std::string names_of(const Graph& graph) {
  std::string names;
  for (const Node& node : graph.nodes) {
    if (node.op != "input") names += (names.empty() ? "" : " ") + node.name;
  }
  return names;
}

const Node& node(const Graph& graph, std::string_view name) {
  for (const Node& candidate : graph.nodes) {
    if (candidate.name == name) return candidate;
  }
  FAIL("no node '" << name << "' among: " << names_of(graph));
  throw 0;
}

std::string inputs_of(const Graph& graph, const std::string& name) {
  std::string names;
  for (const NodeId input : node(graph, name).inputs) {
    names += (names.empty() ? "" : " ") + graph.nodes[input].name;
  }
  return names;
}

std::string shape_of(const Graph& graph, const std::string& name) {
  return to_string(node(graph, name).shape);
}

const char kResNet18[] = R"(# ResNet-18: with these names a torchvision state dict binds with no renaming
network resnet18
input image 3x224x224

block basic(channels, stride = 1) {
    residual {
        conv channels 3x3 stride stride pad 1 bias off  as conv1
        batchnorm                                       as bn1
        relu
        conv channels 3x3 pad 1 bias off                as conv2
        batchnorm                                       as bn2
    } shortcut project as downsample   # identity where the shapes agree, else 1x1 conv + batchnorm
    relu
}

conv 64 7x7 stride 2 pad 3 bias off as conv1
batchnorm as bn1
relu
maxpool 3x3 stride 2 pad 1
group layer1 { repeat 2 { basic(64) } }              # layer1.0, layer1.1
group layer2 { basic(128, stride = 2); basic(128) }
group layer3 { basic(256, stride = 2); basic(256) }
group layer4 { basic(512, stride = 2); basic(512) }
global_avgpool
flatten
dense 1000 as fc
)";

TEST_CASE("ResNet-18's shapes are those of He et al. 2016, table 1") {
  const Graph graph = graph_of(kResNet18);
  CHECK(shape_of(graph, "conv1") == "64x112x112");
  CHECK(shape_of(graph, "maxpool1") == "64x56x56");
  CHECK(shape_of(graph, "layer1.1.relu2") == "64x56x56");
  CHECK(shape_of(graph, "layer2.0.downsample.1") == "128x28x28");
  CHECK(shape_of(graph, "layer4.1.residual1") == "512x7x7");
  CHECK(shape_of(graph, "fc") == "1000");
  CHECK(to_string(node(graph, "layer4.0.conv1").parameters.at(0).shape) == "512x256x3x3");
}

TEST_CASE("a residual's sum takes the body first, then the shortcut") {
  const Graph graph = graph_of(kResNet18);
  CHECK(inputs_of(graph, "layer1.0.residual1") == "layer1.0.bn2 maxpool1");
  CHECK(inputs_of(graph, "layer2.0.residual1") == "layer2.0.bn2 layer2.0.downsample.1");
  CHECK(inputs_of(graph, "layer2.0.downsample.0") == "layer1.1.relu2");
  CHECK(is_on(node(graph, "layer2.0.downsample.0").attributes, "bias") == false);
}

const char kVgg16[] = R"(# VGG-16, after Simonyan and Zisserman 2015, table 1, configuration D
network vgg16
input image 3x224x224
sequence conv3(channels) { conv channels 3x3 pad 1; relu }
group features {
    repeat 2 { conv3(64) };  maxpool 2x2
    repeat 2 { conv3(128) }; maxpool 2x2
    repeat 3 { conv3(256) }; maxpool 2x2
    repeat 3 { conv3(512) }; maxpool 2x2
    repeat 3 { conv3(512) }; maxpool 2x2
}
flatten
group classifier { dense 4096; relu; dropout; dense 4096; relu; dropout; dense 1000 }
)";

const char kLeNet5[] = R"(# LeNet-5, after LeCun et al. 1998
network lenet5
input digit 1x28x28

conv 6 5x5 pad 2 as conv1
relu
maxpool 2x2
conv 16 5x5      as conv2
relu
maxpool 2x2
flatten
dense 120        as fc1
relu
dense 84         as fc2
relu
dense 10         as fc3
softmax
)";

TEST_CASE("LeNet-5: a last tensor without a name is the output 'output'") {
  const Graph graph = graph_of(kLeNet5);
  CHECK(names_of(graph) ==
        "conv1 relu1 maxpool1 conv2 relu2 maxpool2 flatten1 fc1 relu3 fc2 relu4 fc3 softmax1");
  REQUIRE(graph.outputs.size() == 1);
  CHECK(graph.outputs[0].name == "output");
  CHECK(graph.nodes[graph.outputs[0].node].name == "softmax1");
  CHECK(graph.nodes[graph.inputs.at(0)].name == "digit");
}

TEST_CASE("a node knows its statement's place and covers itself") {
  const std::string text = "input x 4\ndense 3 as fc # the only layer\n";
  const Graph graph = graph_of(text);
  const Node& fc = node(graph, "fc");
  CHECK(text.substr(fc.where.begin, fc.where.end - fc.where.begin) == "dense 3 as fc");
  CHECK(fc.covers == std::vector<std::string>{"fc"});
}

TEST_CASE("a network without a name is called after its file") {
  CHECK(graph_of("input x 4\nrelu\n", "some/dir/my-net.v2.dsl").name == "my_net_v2");
  CHECK(graph_of("input x 4\nrelu\n", "3d.dsl").name == "network_3d");
  CHECK(graph_of("input x 4\nrelu\n", "while.dsl").name == "while_");
  CHECK(graph_of("input x 4\nrelu\n", "samples/time.dsl").name == "time_");
  CHECK(graph_of("input x 4\nrelu\n", "-").name == "network");
}

// Text of a network whose input is 8x16x16.
std::string with_input(const std::string& statements) {
  return "input x 8x16x16\n" + statements + "\n";
}

TEST_CASE("layer arguments: one number or HxW, and four sides of padding") {
  const Graph graph = graph_of(with_input(
      "conv 4 3 as a\nfrom x; conv 4 3x5 stride 2x1 pad 1x2 as b\n"
      "from x; conv 4 3 pad 0 1 2 3 dilation 2 as c\nfrom x; conv 4 3 pad same stride 2 as d\n"
      "from x; conv 4 3 groups 4 bias off as e\nfrom x; maxpool 2 as f\nfrom x; avgpool 3 stride 1 as g"));
  CHECK(shape_of(graph, "a") == "4x14x14");
  CHECK(shape_of(graph, "b") == "4x8x16");
  CHECK(sizes(node(graph, "b").attributes, "pad") == std::vector<int64_t>{1, 1, 2, 2});
  CHECK(shape_of(graph, "c") == "4x13x17");
  CHECK(sizes(node(graph, "c").attributes, "pad") == std::vector<int64_t>{0, 1, 2, 3});
  CHECK(shape_of(graph, "d") == "4x8x8");
  CHECK(to_string(node(graph, "e").parameters.at(0).shape) == "4x2x3x3");
  CHECK(node(graph, "e").parameters.size() == 1);
  CHECK(shape_of(graph, "f") == "8x8x8");
  CHECK(shape_of(graph, "g") == "8x14x14");
}

TEST_CASE("a group without a name has a number in a group, and elsewhere its kind's name") {
  const Graph graph =
      graph_of(with_input("group features { relu; group { group { relu }; relu } }\n"
                          "group { relu }\ngroup { from features.1; relu }"));
  CHECK(names_of(graph) == "features.0 features.1.0.0 features.1.1 group2.0 group3.0");
  CHECK(inputs_of(graph, "group3.0") == "features.1.1");
}

TEST_CASE("real attributes take reals and whole numbers") {
  const Graph graph =
      graph_of(with_input("batchnorm eps 0.001 as a\nbatchnorm eps 1 as b\ndropout as c\ndropout 0.25 as d"));
  CHECK(real(node(graph, "a").attributes, "eps") == 0.001);
  CHECK(real(node(graph, "b").attributes, "eps") == 1);
  CHECK(real(node(graph, "c").attributes, "p") == 0.5);
  CHECK(real(node(graph, "d").attributes, "p") == 0.25);
}

TEST_CASE("a network has no name of the C library; its inputs and outputs may") {
  for (const std::string name : {"ADJ_ESTERROR", "EOF", "abs", "exit", "exp", "free", "index", "printf",
                                 "read", "system", "time", "tm", "uint8_t", "yn", "ynl"}) {
    INFO(name);
    const std::string text = "input " + name + " 4\nrelu\noutput as " + name + "_out\n";
    CHECK(graph_of("network " + name + "_net\n" + text).name == name + "_net");
    CHECK(!elaborate_text("network " + name + "\n" + text).graph);
  }
}

TEST_CASE("a word behind a keyword is its value, even where it is a keyword itself") {
  const Graph graph =
      graph_of(with_input("block b(stride, pad) { conv 4 3x3 stride stride pad pad; conv 4 3x3 pad pad "
                          "stride stride }\nb(2, 1) as one\n"
                          "sequence dn(features) { flatten; dense features }\ndn(7)"));
  CHECK(shape_of(graph, "one.conv1") == "4x8x8");
  CHECK(shape_of(graph, "one.conv2") == "4x4x4");
  CHECK(shape_of(graph, "dense1") == "7");
}

TEST_CASE("expressions: the usual precedence, division toward zero, parentheses, negation") {
  const auto features = [](const std::string& expression) {
    const Graph graph =
        graph_of("input x 4\nblock b(k, n = k * 2) { dense " + expression + " as d }\nb(10)\n");
    return to_string(node(graph, "b1.d").shape);
  };
  CHECK(features("k + 2 * 3") == "16");
  CHECK(features("(k + 2) * 3") == "36");
  CHECK(features("7 / 2 + n") == "23");
  CHECK(features("-7 / 2 + n") == "17");
  CHECK(features("k - 3 - 2") == "5");
  CHECK(features("n -1") == "19");
  CHECK(features("k - -k") == "20");
  CHECK(features("48 / 2 / 3") == "8");
}

TEST_CASE("sizes of dimensions are expressions too") {
  const Graph graph = graph_of(with_input("block b(k) { conv 4 (k)x(k + 2) pad 0x1 }\nb(3) as b"));
  CHECK(shape_of(graph, "b.conv1") == "4x14x14");
}

TEST_CASE("block calls: by place, by name, defaults from parameters to the left, without parentheses") {
  const std::string block =
      "input x 4\nblock b(k = 3, m = k + 1, n = m * 2) { dense k as k; dense m as m; dense n as n }\n";
  const auto values = [&](const std::string& call) {
    const Graph graph = graph_of(block + call + " as c\n");
    return shape_of(graph, "c.k") + " " + shape_of(graph, "c.m") + " " + shape_of(graph, "c.n");
  };
  CHECK(values("b") == "3 4 8");
  CHECK(values("b()") == "3 4 8");
  CHECK(values("b(5)") == "5 6 12");
  CHECK(values("b(5, n = 1)") == "5 6 1");
  CHECK(values("b(n = 9, k = 2)") == "2 3 9");
  CHECK(values("b(1, 2, 3)") == "1 2 3");
}

TEST_CASE("a block may call the blocks above it") {
  const Graph graph = graph_of(
      "input x 4\nblock a(k) { dense k }\nblock b(k) { a(k); a(k + 1) as last }\nb(5)\nb(6) as named\n");
  CHECK(names_of(graph) == "b1.a1.dense1 b1.last.dense1 named.a1.dense1 named.last.dense1");
  CHECK(shape_of(graph, "b1.last.dense1") == "6");
}

TEST_CASE("a sequence names its statements as if written in the place of the call") {
  const Graph graph = graph_of(
      "input x 4\nsequence s(k) { dense k; relu }\ndense 1\ns(5)\ns(6)\ngroup g { s(7); dense 2 }\n");
  CHECK(names_of(graph) == "dense1 dense2 relu1 dense3 relu2 g.0 g.1 g.2");
}

TEST_CASE("a repeat opens no scope and expands its body as often as it says") {
  CHECK(names_of(graph_of("input x 4\nrepeat 3 { dense 2; relu }\n")) ==
        "dense1 relu1 dense2 relu2 dense3 relu3");
  CHECK(names_of(graph_of("input x 4\nblock b(n) { repeat n { relu } }\nb(2)\n")) == "b1.relu1 b1.relu2");
  CHECK(names_of(graph_of("input x 4\nrepeat 2 { repeat 2 { relu } }\n")) == "relu1 relu2 relu3 relu4");
}

TEST_CASE("in a group every statement counts, named ones too; from and output do not") {
  const Graph graph = graph_of(with_input(
      "group g { conv 4 1; relu as act; from act; output act as y; conv 4 1; group inner { relu }; relu }"));
  CHECK(names_of(graph) == "g.0 g.act g.2 g.inner.0 g.4");
}

TEST_CASE("outside groups the statements of a kind are counted, named ones too") {
  CHECK(names_of(graph_of("input x 4\ndense 2 as fc\ndense 3\nrelu\ndense 4\n")) == "fc dense2 relu1 dense3");
}

TEST_CASE("an unnamed residual outside a group leaves its statements in the scope around it") {
  const Graph graph = graph_of(with_input("residual { conv 8 1; residual { relu } }\nresidual { conv 8 1 }"));
  CHECK(names_of(graph) == "conv1 relu1 residual2 residual1 conv2 residual3");
}

TEST_CASE("a residual with a name or a number is a scope, and its sum carries its name") {
  const Graph graph = graph_of(
      with_input("residual { conv 8 1 } as r\ngroup g { residual { conv 8 1; conv 8 1 }; relu }\nfrom r"));
  CHECK(names_of(graph) == "r.conv1 r g.0.conv1 g.0.conv2 g.0 g.1");
  CHECK(inputs_of(graph, "g.0") == "g.0.conv2 r");
}

TEST_CASE("a shortcut is a scope whose statements are numbered") {
  const Graph graph = graph_of(
      with_input("residual { conv 4 1 } shortcut { conv 4 1; relu }\nresidual { conv 8 1 } shortcut project\n"
                 "residual { conv 4 3 stride 4x2 pad 1 } shortcut project as p"));
  CHECK(names_of(graph) ==
        "conv1 shortcut.0 shortcut.1 residual1 conv2 shortcut2.0 shortcut2.1 residual2 conv3 p.0 p.1 "
        "residual3");
  CHECK(inputs_of(graph, "residual1") == "conv1 shortcut.1");
  CHECK(sizes(node(graph, "p.0").attributes, "stride") == std::vector<int64_t>{4, 2});
  CHECK(node(graph, "p.1").op == "batchnorm");
}

TEST_CASE("an empty written shortcut is the tensor itself") {
  CHECK(inputs_of(graph_of(with_input("residual { relu } shortcut { }")), "residual1") == "relu1 x");
}

TEST_CASE("project is the identity where the shapes agree, and makes no nodes") {
  CHECK(names_of(graph_of(with_input("residual { relu } shortcut project as p"))) == "relu1 residual1");
}

TEST_CASE("the stride of a projection gives the body's height and width") {
  for (const int64_t size : {1, 2, 7, 8, 13, 56}) {
    for (const int64_t stride : {1, 2, 3, 4}) {
      const Graph graph = graph_of(fmt::format(
          "input x 3x{0}x{0}\nresidual {{ conv 5 1 stride {1} }} shortcut project\n", size, stride));
      CHECK(node(graph, "shortcut.1").shape == node(graph, "conv1").shape);
    }
  }
}

TEST_CASE("a gate is the product of its input, first, and of what its body makes of it") {
  const Graph graph =
      graph_of(with_input("gate { global_avgpool; conv 8 1; sigmoid }\nrelu\ngate { tanh }\n"
                          "group block { gate { global_avgpool; conv 2 1x1 as fc1; relu; conv 8 1x1 as fc2; "
                          "hardsigmoid } }\ngate as g { conv 8 1 }"));
  CHECK(inputs_of(graph, "gate1") == "x sigmoid1");
  CHECK(inputs_of(graph, "gate2") == "relu1 tanh1");
  CHECK(inputs_of(graph, "block.0") == "gate2 block.0.hardsigmoid1");
  CHECK(inputs_of(graph, "g") == "block.0 g.conv1");
  CHECK(node(graph, "block.0").op == "multiply");
  CHECK(shape_of(graph, "gate1") == "8x16x16");
  CHECK(node(graph, "block.0.fc2").parameters[0].name == "weight");
}

TEST_CASE("add and multiply take maps of one pixel beside a map, on either side") {
  const Graph graph = graph_of(with_input("global_avgpool as p\nmultiply with x\nadd with p, x as s"));
  CHECK(inputs_of(graph, "multiply1") == "p x");
  CHECK(shape_of(graph, "multiply1") == "8x16x16");
  CHECK(shape_of(graph, "s") == "8x16x16");
}

TEST_CASE("concat joins the branches' channels; an empty branch is the current tensor") {
  const Graph graph =
      graph_of(with_input("concat { branch { } branch { batchnorm; relu; conv 32 3x3 pad 1 bias off } "
                          "}\nconcat { branch { relu } branch { tanh } } as c\n"
                          "group g { concat { branch { relu } branch { relu } } }"));
  CHECK(inputs_of(graph, "concat1") == "x conv1");
  CHECK(shape_of(graph, "concat1") == "40x16x16");
  CHECK(inputs_of(graph, "c") == "c.relu1 c.tanh1");
  CHECK(inputs_of(graph, "g.0") == "g.0.relu1 g.0.relu2");
}

TEST_CASE("joins with named tensors take the current tensor first") {
  const Graph graph =
      graph_of(with_input("group enc1 { conv 8 1; relu }\nconv 8 1 as mid\ntanh\nconcat with enc1, mid\nfrom "
                          "mid\nadd with enc1 as sum"));
  CHECK(inputs_of(graph, "concat1") == "tanh1 enc1.1 mid");
  CHECK(shape_of(graph, "concat1") == "24x16x16");
  CHECK(inputs_of(graph, "sum") == "mid enc1.1");
}

TEST_CASE("a tensor is looked up in the innermost scope first, then outward; the full path always works") {
  const Graph graph = graph_of(
      "input x 4\nrelu as a\nblock b() { tanh as a; sigmoid; add with a; from x; add with b1.a }\nb()\nadd "
      "with a\nadd with b1\n");
  CHECK(inputs_of(graph, "b1.add1") == "b1.sigmoid1 b1.a");
  CHECK(inputs_of(graph, "b1.add2") == "x b1.a");
  CHECK(inputs_of(graph, "add1") == "b1.add2 a");
  CHECK(inputs_of(graph, "add2") == "add1 b1.add2");
}

TEST_CASE("several inputs and outputs keep their names and order") {
  const Graph graph = graph_of(
      "input left 4\ndense 2 as l\ninput right 1x2x2\nflatten\ngroup g { dense 2 }\nadd with l\noutput "
      "g\noutput left as echo\noutput\n");
  REQUIRE(graph.inputs.size() == 2);
  CHECK(graph.nodes[graph.inputs[0]].name == "left");
  CHECK(graph.nodes[graph.inputs[1]].name == "right");
  REQUIRE(graph.outputs.size() == 3);
  CHECK(graph.outputs[0].name == "g");
  CHECK(graph.nodes[graph.outputs[0].node].name == "g.0");
  CHECK(graph.outputs[1].name == "echo");
  CHECK(graph.outputs[2].name == "output");
  CHECK(graph.nodes[graph.outputs[2].node].name == "add1");
}

TEST_CASE("an output is called as it says, else after its tensor with underscores for dots") {
  const Graph graph =
      graph_of("input x 4\ngroup g { group h { relu } }\noutput g.h\noutput g.h.0\noutput g as probs\n");
  CHECK(graph.outputs.at(0).name == "g_h");
  CHECK(graph.outputs.at(1).name == "g_h_0");
  CHECK(graph.outputs.at(2).name == "probs");
}

TEST_CASE("the same error in every turn of a repeat or call is reported once") {
  const Elaborated result = elaborate_text("input x 4\nblock b() { conv 4 3x3 }\nrepeat 9 { from x; b() }\n");
  CHECK(result.errors.find("error:") == result.errors.rfind("error:"));
}

TEST_CASE("after an error its followers are not reported, and other errors are") {
  const Elaborated result = elaborate_text(
      "input x 4\nconv 4 3x3 as a\nmaxpool 2\nadd with a\nfrom a\nresidual { relu } shortcut project\nconcat "
      "{ branch { } branch { relu } }\n"
      "dense bias off\noutput a\n");
  size_t errors = 0;
  for (size_t at = 0; (at = result.errors.find("error:", at)) != std::string::npos; ++at) ++errors;
  INFO(result.errors);
  CHECK(errors == 2);
}

// Of the processor, so that other work on the machine does not count.
double seconds_since(std::clock_t begin) {
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

// Texts that would expand to billions of statements.
TEST_CASE("a bomb ends at the statement limit at once, with one error") {
  std::string doubling = "input x 4\nblock b0() { relu }\n";
  for (int i = 1; i <= 40; ++i) doubling += fmt::format("block b{}() {{ b{}(); b{}() }}\n", i, i - 1, i - 1);
  const std::string bombs[] = {
      "input x 4\nrepeat 2147483647 { relu }\n",
      "input x 4\nrepeat 2147483647 { repeat 2147483647 { } }\n",
      "input x 4\nrepeat 2147483647 { group g { } }\n",
      "input x 4\nrepeat 99999 { repeat 99999 { repeat 99999 { relu } } }\n",
      "input x 4\nblock b() { }\nrepeat 2147483647 { b() }\n",
      "input x 4\nrepeat 2147483647 { from nowhere }\n",
      "input x 4\nrepeat 2147483647 { nothing }\n",
      doubling + "b40()\n",
  };
  for (const std::string& bomb : bombs) {
    const std::clock_t begin = std::clock();
    const Elaborated result = elaborate_text(bomb);
    const double seconds = seconds_since(begin);
    INFO(bomb.substr(0, 100), result.errors);
    CHECK(!result.graph);
    CHECK(result.errors.find("more than 20000 statements") != std::string::npos);
    CHECK(seconds < 5);
  }
}

TEST_CASE("an empty repeat does nothing, however often") {
  CHECK(names_of(graph_of("input x 4\nrepeat 2147483647 { }\nrelu\n")) == "relu1");
}

TEST_CASE("costs other than statements are bounded too") {
  std::string sum = "1", others = "x";
  for (int i = 0; i < 60; ++i) sum += "+1";
  for (int i = 0; i < 50000; ++i) others += ",x";
  std::string many = "dense " + sum;
  for (int i = 0; i < 60; ++i) many += ";dense " + sum;
  const std::string long_name(200000, 'a');
  const std::string texts[] = {
      "input x 4\nrepeat 300 { " + many + " }\n",
      "input x 4\nrepeat 9999 { add with " + others + " }\n",
      "input x 4\ngroup " + long_name + " { repeat 10000 { relu } }\n",
      "input x 4\nblock b(" + long_name + ") { }\nrepeat 9999 { b(1) }\n",
      "input x 4\nblock " + long_name + "() { relu }\nrepeat 9999 { " + long_name + "() }\n",
  };
  for (const std::string& text : texts) {
    const std::clock_t begin = std::clock();
    elaborate_text(text);
    const double seconds = seconds_since(begin);
    INFO(text.substr(0, 60));
    CHECK(seconds < 5);
  }
}

TEST_CASE("calls inside calls are bounded") {
  std::string text = "input x 4\nblock b0() { relu }\n";
  for (int i = 1; i <= 5000; ++i) text += fmt::format("block b{}() {{ b{}() }}\n", i, i - 1);
  const Elaborated result = elaborate_text(text + "b5000()\n");
  CHECK(result.errors.find("more than 64 deep") != std::string::npos);
}

// A text with a few words of it changed: replaced, dropped, doubled, or joined with another's.
std::string mutated(const std::string& text, std::mt19937& random) {
  static const char* const kPieces[] = {"{",
                                        "}",
                                        "(",
                                        ")",
                                        "0",
                                        "-1",
                                        "2147483647",
                                        "3x3",
                                        "x",
                                        "as a",
                                        "from ",
                                        "with ",
                                        "residual {",
                                        "shortcut project",
                                        "repeat 3 {",
                                        "group g {",
                                        "block b(k) {",
                                        "b(2)",
                                        "\n",
                                        ";",
                                        "conv 8 3x3 ",
                                        "pad same ",
                                        "stride ",
                                        "/ 0",
                                        "* 2147483647",
                                        "output ",
                                        "input y 3x8x8\n",
                                        "concat { branch {",
                                        "0.5",
                                        ",",
                                        "=",
                                        "basic(",
                                        "\xff",
                                        "#"};
  std::string result = text;
  const auto below = [&](size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random); };
  for (size_t edits = 1 + below(6); edits > 0; --edits) {
    const size_t at = below(result.size() + 1), length = std::min(below(12), result.size() - at);
    const std::string piece =
        below(2) ? kPieces[below(std::size(kPieces))] : text.substr(below(text.size()), below(30));
    if (below(3) == 0)
      result.erase(at, length);
    else
      result.replace(at, below(2) ? length : 0, piece);
    if (result.empty()) result = " ";
  }
  return result;
}

TEST_CASE("no change to a text makes the front end crash, hang, or fail without an error") {
  const std::string unet =
      "input x 3x32x32\nsequence two(k) { repeat 2 { conv k 3x3 pad 1; relu } }\ngroup enc1 { two(8) "
      "}\nmaxpool 2\n"
      "block mid(k, n = k * 2) { residual { two(n) } shortcut project; concat { branch { } branch { relu } } "
      "}\nmid(8)\n"
      "output mid1 as y\nfrom enc1\nadd with enc1\noutput\n";
  const std::string texts[] = {kResNet18, kVgg16, kLeNet5, unet};
  std::mt19937 random(20240717);
  int valid = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string text = mutated(texts[i % std::size(texts)], random);
    const std::clock_t begin = std::clock();
    const Elaborated result = elaborate_text(text);
    const double seconds = seconds_since(begin);
    valid += result.graph.has_value();
    if (result.graph.has_value() == result.errors.empty() && seconds < 10) continue;
    INFO(text, result.errors, seconds);
    CHECK(false);
  }
  CHECK(valid > 100);  // or the changes are too wild to reach far
  CHECK(valid < 3900);
}

}  // namespace
}  // namespace cnnc
