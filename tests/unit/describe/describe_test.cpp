// Networks to texts and back: the same network, with the same names of weights, as a person would write it.
#include "describe/describe.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "unit/describe/describe_fixture.h"
#include "weights/weights.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

std::set<std::string> weights_of(const Graph& graph) {
  std::set<std::string> names;
  for (const Node& node : graph.nodes)
    for (const Parameter& p : node.parameters)
      names.insert(fmt::format("{}.{} {}", node.name, p.name, to_string(p.shape)));
  return names;
}

std::vector<std::filesystem::path> samples() {
  std::vector<std::filesystem::path> result;
  for (const auto& file : std::filesystem::recursive_directory_iterator(CNNC_SOURCE_DIR "/samples"))
    if (file.path().extension() == ".dsl") result.push_back(file.path());
  return result;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Joins all over, of tensors of one shape; names from a few parts, so that scopes are torn and names collide.
Graph random_graph(uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](size_t n) { return static_cast<NodeId>(random() % n); };
  Graph graph = with_inputs(1 + below(3));
  const std::string parts[] = {"a", "b", "0", "1", "2", "conv1", "residual1", "skip1", "relu61"};
  for (int n = 3 + below(40); n > 0; --n) {
    const NodeId last = static_cast<NodeId>(graph.nodes.size()) - 1;
    const auto some = [&] {
      NodeId id = below(3) > 0 ? last - below(std::min<size_t>(4, last + 1)) : below(last + 1);
      while (graph.nodes[id].shape.channels() != 4) ++id;  // the result of a split follows a concat
      return id;
    };
    const int kind = below(8);
    NodeId id = 0;
    if (kind < 2) {
      id = add(graph, "conv", {some()}, {{"channels", int64_t{4}}, {"filter", std::vector<int64_t>{1, 1}}});
    } else if (kind < 4) {
      const char* ops[] = {"relu", "relu6", "batchnorm", "dropout"};
      id = add(graph, ops[below(4)], {some()});
    } else if (kind < 7) {
      std::vector<NodeId> inputs = {some(), some()};
      if (below(6) == 0) inputs.push_back(some());
      id = add(graph, below(2) > 0 ? "add" : "multiply", std::move(inputs));
    } else {
      const NodeId joined = add(graph, "concat", {some(), some()});
      id = add(graph, "split", {joined}, {{"parts", int64_t{2}}, {"part", int64_t{0}}});
    }
    std::string name;
    for (int depth = below(4); depth > 0; --depth) name += (name.empty() ? "" : ".") + parts[below(9)];
    const auto is_it = [&](const Node& node) { return node.name == name; };
    if (name.empty() || std::any_of(graph.nodes.begin(), graph.nodes.end(), is_it)) continue;
    graph.nodes[id].name = name;
    graph.nodes[id].covers = {name};
  }
  for (int n = 1 + below(3); n > 0; --n)
    graph.outputs.push_back({fmt::format("out{}", n), n == 1 ? static_cast<NodeId>(graph.nodes.size()) - 1
                                                             : below(graph.nodes.size())});
  return graph;
}

}  // namespace

TEST_CASE("describing a sample gives the same network with the same names of weights") {
  for (const auto& path : samples()) {
    INFO(path.string());
    const Graph graph = graph_of(read(path));
    CHECK(weights_of(graph_of(checked(graph))) == weights_of(graph));
  }
}

TEST_CASE("a statement without a name stays out of a numbered group that lacks none") {
  const std::string text =
      "input x 3x4x4\n\nflatten\ngroup classifier { dropout; dense 6; relu; dropout; dense 4 }\n";
  Graph graph = graph_of(text);
  REQUIRE(graph.nodes[1].op == "flatten");
  graph.nodes[1].name = "%1";
  CHECK(weights_of(graph_of(checked(graph))) == weights_of(graph));
}

TEST_CASE("a network whose nodes have no names is described all the same") {
  for (const auto& path : samples()) {
    INFO(path.string());
    const Graph graph = graph_of(read(path));
    for (const bool of_weights : {false, true}) {
      const Graph nameless = without_names(graph, of_weights);
      CHECK_NOTHROW(match(nameless, graph_of(described(nameless))));
    }
  }
}

TEST_CASE("any network can be described, whatever is joined with what and however it is called") {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    INFO(seed);
    const Graph graph = random_graph(seed);
    const std::string text = described(graph);
    INFO(text);
    CHECK_NOTHROW(match(graph, graph_of(text)));
  }
}

TEST_CASE("tensors of any rank are described with their shapes and axes, and joins by their names") {
  const std::string text = R"(network net
input y 6x5
input x 3x4x5

relu as t
from x
tanh
subtract with t
sigmoid as s
permute 0 2 1
permute 0 2 1
maximum with s
reshape 12x5
flip 0 1
concat along 0 with y
crop 0 2 14 step 3
add_constant 1x5 as grid
softmax along 1
affine 2 (-0.5)
expand 2x4x5
pad_along 1 2 (-1) mode wrap
reduce_mean 1 2
tile 1x3x2
output
)";
  const std::string written = checked(graph_of(text));
  for (const char* part :
       {"permute 0 2 1", "reshape 12x5", "flip 0 1", "concat along 0 with y", "crop 0 2 14 step 3",
        "add_constant 1x5", "softmax along 1", "affine 2 (-0.5)", "expand 2x4x5", "reduce_mean 1 2",
        "subtract with", "maximum with", "pad_along 1 2 (-1) mode wrap", "tile 1x3x2"})
    CHECK_MESSAGE(written.find(part) != std::string::npos, part, "\n", written);
  CHECK(written.find("branch") == std::string::npos);
}

namespace {

// Of maps, all 4x8x8: layers and joins of any rank, each joined with what came before.
Graph random_tensors(uint32_t seed) {
  using Sizes = std::vector<int64_t>;
  std::mt19937 random(seed);
  const auto below = [&](size_t n) { return static_cast<NodeId>(random() % n); };
  Graph graph = with_inputs(1 + below(2));
  std::vector<NodeId> maps = graph.inputs;
  for (int n = 3 + below(20); n > 0; --n) {
    const auto some = [&] { return maps[maps.size() - 1 - below(std::min<size_t>(maps.size(), 4))]; };
    const char* joins[] = {"add", "multiply", "subtract", "divide", "maximum", "minimum", "matmul"};
    const NodeId a = some(), b = some();
    switch (below(8)) {
      case 0:
        maps.push_back(add(graph, "permute", {a}, {{"order", Sizes{0, 2, 1}}}));
        break;
      case 1:
        maps.push_back(add(graph, "softmax", {a}, {{"along", int64_t{below(3)}}}));
        break;
      case 2: {
        const NodeId mean = add(graph, "reduce_mean", {a}, {{"axes", Sizes{1, 2}}});
        const bool is_first = below(2) > 0;
        maps.push_back(add(graph, joins[below(6)],
                           is_first ? std::vector<NodeId>{mean, b} : std::vector<NodeId>{b, mean}));
        break;
      }
      case 3: {
        const NodeId joined = add(graph, "concat_along", {a, b}, {{"along", int64_t{1 + below(2)}}});
        const int64_t axis = integer(graph.nodes[joined].attributes, "along");
        maps.push_back(
            add(graph, "crop", {joined}, {{"axis", axis}, {"begin", int64_t{3}}, {"end", int64_t{11}}}));
        break;
      }
      case 4: {
        const NodeId flat = add(graph, "reshape", {a}, {{"shape", Sizes{16, 16}}});
        maps.push_back(add(graph, "reshape", {below(2) > 0 ? add(graph, "relu", {flat}) : flat},
                           {{"shape", Sizes{4, 8, 8}}}));
        break;
      }
      case 5:
        maps.push_back(add(graph, "multiply_constant", {a}, {{"shape", Sizes{8, 1}}}));
        break;
      default:
        maps.push_back(add(graph, joins[below(7)], {a, b}));
    }
  }
  graph.outputs = {{"out", maps.back()}};
  return graph;
}

}  // namespace

TEST_CASE("any network of tensors of any rank can be described") {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    INFO(seed);
    checked(random_tensors(seed));
  }
}

TEST_CASE("a real reads back as the real that it was, also where it is whole and too large for an integer") {
  for (const char* real :
       {"1099511600000.0", "2147483648.0", "2147483647", "1e30", "1.5e38", "1e-40", "0.1"}) {
    const Graph graph =
        graph_of(fmt::format("input x 3x4x4\nleaky_relu slope {0}\npad 1 value (-{0})\n", real));
    CHECK_NOTHROW(match(graph, graph_of(described(graph))));
  }
}

TEST_CASE("weights go where the same is computed") {
  Graph graph = graph_of(read(CNNC_SOURCE_DIR "/samples/fashion/fashion.dsl"));
  bind_random(graph, 1);
  Graph again = with_weights_of(graph_of(described(graph)), graph);
  for (const Node& node : graph.nodes)
    for (const Parameter& p : node.parameters) {
      const auto same = std::find_if(again.nodes.begin(), again.nodes.end(),
                                     [&](const Node& n) { return n.name == node.name; });
      REQUIRE(same != again.nodes.end());
      CHECK(find_parameter(*same, p.name)->values == p.values);
    }
}

TEST_CASE("a network that reads as a person writes it is described so") {
  const std::string texts[] = {
      R"(network resnet
input image 3x32x32

block basic(channels, stride = 1) {
    residual {
        conv channels 3x3 stride stride pad 1 bias off
        batchnorm as bn1
        relu
        conv channels 3x3 pad 1 bias off
        batchnorm as bn2
    } shortcut project as downsample
    relu
}

conv 16 3x3 pad 1 bias off
batchnorm as bn1
relu
group layer1 { repeat 2 { basic(16) } }
group layer2 { basic(32, stride = 2); basic(32) }
global_avgpool
flatten
dense 10 as fc
)",
      R"(network unet
input image 3x64x64

group enc1 { repeat 2 { conv 16 3x3 pad 1; relu } }
maxpool 2x2
group enc2 { repeat 2 { conv 32 3x3 pad 1; relu } }
maxpool 2x2
group bottom { repeat 2 { conv 64 3x3 pad 1; relu } }
upconv 32 2x2 stride 2 as up2
concat with enc2
group dec2 { repeat 2 { conv 32 3x3 pad 1; relu } }
upconv 16 2x2 stride 2 as up1
concat with enc1
group dec1 { repeat 2 { conv 16 3x3 pad 1; relu } }
conv 2 1x1 as classes
)",
      R"(network several
input left 4x8x8
input right 4x8x8

conv 4 3x3 pad 1 as b
from left
conv 4 3x3 pad 1 as a
multiply with b
gate { global_avgpool; conv 2 1x1 as fc1; relu; conv 4 1x1 as fc2; hardsigmoid }
concat {
    branch { }
    branch { maxpool 3x3 stride 1 pad 1; clip min (-0.5) max 6 }
}
flatten
dense 10
output a
output as scores
)",
      R"(network nested
input image 4x8x8

group stem { conv 8 3x3 stride 2 pad 1 0 1 0; batchnorm eps 0.001; leaky_relu slope 0.2 }
residual {
    conv 8 3x1 pad 1x0
    residual { dropout 0.2; conv 8 1x3 pad 0x1 } shortcut { conv 8 1x1 }
}
adaptive_avgpool 2x2
flatten
dense 5 bias off
log_softmax
)"};
  for (const std::string& text : texts) CHECK(described(graph_of(text)) == text);
}

TEST_CASE("each layer on what came before, joined anew each time, is a concat of two") {
  Graph graph = with_inputs(1);
  std::vector<NodeId> all = {0};
  NodeId last = 0;
  for (int i = 0; i < 3; ++i) {
    const Attributes attributes = {{"channels", int64_t{4}}, {"filter", std::vector<int64_t>{1, 1}}};
    all.push_back(add(graph, "conv", {last}, attributes));
    last = add(graph, "concat", all);
  }
  graph.outputs = {{"output", last}};
  CHECK(checked(graph) == R"(network net
input x0 4x8x8

repeat 3 {
    concat {
        branch { }
        branch { conv 4 1x1 }
    }
}
)");
}

TEST_CASE("bodies do not stand deeper than the language allows") {
  Graph graph = with_inputs(1);
  std::vector<NodeId> forks;
  NodeId last = 0;
  for (int depth = 0; depth < 100; ++depth) {
    forks.push_back(last);
    last = add(graph, "conv", {last}, {{"channels", int64_t{4}}, {"filter", std::vector<int64_t>{1, 1}}});
  }
  for (size_t i = forks.size(); i-- > 0;) last = add(graph, "add", {last, forks[i]});
  graph.nodes[5].name = graph.nodes[5].covers[0] = "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z";
  graph.outputs = {{"output", last}};
  CHECK_NOTHROW(match(graph, graph_of(described(graph))));
}

TEST_CASE("thousands of layers are described in little time") {
  std::vector<std::pair<std::string, std::string>> layers;
  for (uint32_t i = 0; i < 19900; ++i)
    layers.emplace_back("", i * i % 7 < 3 ? "relu" : i * i % 11 < 5 ? "conv" : "tanh");
  const Graph graph = chain(layers);
  CHECK_NOTHROW(match(graph, graph_of(described(graph))));
}

TEST_CASE("networks that differ do not match") {
  const Graph graph = graph_of("input x 4x8x8\nconv 4 1x1 as a\nrelu\nadd with x\n");
  for (const char* other :
       {"input x 4x8x8\nconv 4 1x1 as a\nrelu6\nadd with x\n", "input x 4x8x8\nconv 4 1x1 as a\nrelu\n",
        "input x 4x8x8\nconv 4 3x3 pad 1 as a\nrelu\nadd with x\n",
        "input x 4x8x8\nconv 4 1x1 as a\nrelu\nadd with a\n",
        "input x 4x8x8\nconv 4 1x1 as a\nrelu\nadd with x\noutput as y\n"})
    CHECK_THROWS_AS(match(graph, graph_of(other)), std::logic_error);
  CHECK_NOTHROW(match(graph, graph_of("input x 4x8x8\nresidual { conv 4 1x1; relu }\n")));
}
