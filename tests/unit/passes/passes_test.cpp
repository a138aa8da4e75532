#include "passes/passes.h"

#include <doctest/doctest.h>

#include <regex>
#include <sstream>

#include "passes/edit/remove_dead_nodes.h"
#include "passes/fold_batchnorm.h"
#include "passes/fuse_epilogues.h"
#include "passes/remove_identities.h"
#include "unit/passes/passes_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

TEST_CASE("remove_identities: dropout leaves, and what comes before covers it") {
  Graph g = with_input();
  NodeId c = conv(g, "conv1", 0), d = add(g, "dropout", "drop1", {c}), e = add(g, "dropout", "drop2", {d});
  Graph after = checked(remove_identities, finished(g, {add(g, "relu", "relu1", {e})}));
  CHECK(names(after) == Names{"image", "drop2", "relu1"});
  CHECK(after.nodes[1].op == "conv");
  CHECK(after.nodes[1].covers == Names{"conv1", "drop1", "drop2"});
}

TEST_CASE("remove_identities: a dropped input keeps its name, a dropped output stays an output") {
  Graph g = with_input();
  NodeId d = add(g, "dropout", "drop1", {0}), c = conv(g, "conv1", d), e = add(g, "dropout", "drop2", {c});
  Graph after = checked(remove_identities, finished(g, {e, c, d}));
  CHECK(names(after) == Names{"image", "drop2"});
  CHECK(after.nodes[0].covers == Names{"image"});
  CHECK(after.outputs[0].node == 1);
  CHECK(after.outputs[1].node == 1);
  CHECK(after.outputs[2].node == 0);
}

TEST_CASE("remove_identities: several consumers, some before and some behind the dropout") {
  Graph g = with_input();
  NodeId c = conv(g, "conv1", 0), r = add(g, "relu", "relu1", {c}), d = add(g, "dropout", "drop1", {c});
  Graph after = checked(remove_identities, finished(g, {add(g, "add", "add1", {r, d})}));
  CHECK(names(after) == Names{"image", "drop1", "relu1", "add1"});
  CHECK(after.nodes[3].inputs == std::vector<NodeId>{2, 1});
}

TEST_CASE("remove_dead_nodes: what reaches no output leaves, inputs stay") {
  Graph g = with_input();
  g.nodes.push_back({"unused", "input", {}, {}, {7}, {}, {}, {"unused"}, {}});
  g.inputs.push_back(1);
  NodeId a = conv(g, "conv1", 0), dead = conv(g, "conv2", a);
  add(g, "relu", "relu1", {dead});
  Graph after = checked(remove_dead_nodes, finished(g, {add(g, "tanh", "tanh1", {a})}));
  CHECK(names(after) == Names{"image", "unused", "conv1", "tanh1"});
  CHECK(after.inputs == std::vector<NodeId>{0, 1});
}

TEST_CASE("fold_batchnorm: into a conv without a bias, which gets one") {
  Graph g = with_input();
  NodeId c = conv(g, "conv1", 0, false);
  Graph after = checked(fold_batchnorm, finished(g, {add(g, "batchnorm", "bn1", {c})}));
  CHECK(names(after) == Names{"image", "bn1"});
  const Node& node = after.nodes[1];
  CHECK(node.op == "conv");
  CHECK(node.covers == Names{"conv1", "bn1"});
  CHECK(is_on(node.attributes, "bias"));
  REQUIRE(find_parameter(node, "bias"));
  CHECK(find_parameter(node, "bias")->shape == Shape{4});
  CHECK(node.parameters.size() == 2);
}

TEST_CASE("fold_batchnorm: into a conv with a bias, with groups, and into a dense layer") {
  Graph g = with_input();
  NodeId b1 = add(g, "batchnorm", "bn1", {conv(g, "conv1", 0, true)});
  NodeId b2 = add(g, "batchnorm", "bn2", {conv(g, "conv2", b1, true, 8, 4)});
  NodeId d = add(g, "dense", "dense1", {add(g, "flatten", "flatten1", {b2})}, {{"features", int64_t{3}}});
  Graph after = checked(fold_batchnorm, finished(g, {add(g, "batchnorm", "bn3", {d})}));
  CHECK(names(after) == Names{"image", "bn1", "bn2", "flatten1", "bn3"});
  CHECK(after.nodes[4].op == "dense");
}

TEST_CASE("fold_batchnorm: into an upconv, whose output channels stand behind its input channels") {
  Graph g = with_input();
  const auto upconv = [&](const std::string& name, NodeId input, int64_t channels, int64_t groups) {
    return add(g, "upconv", name, {input},
               {{"channels", channels}, {"filter", std::vector<int64_t>{2, 3}}, {"groups", groups}});
  };
  NodeId b1 = add(g, "batchnorm", "bn1", {upconv("up1", 0, 8, 1)});
  NodeId b2 = add(g, "batchnorm", "bn2", {upconv("up2", b1, 12, 4)});
  Graph after = checked(fold_batchnorm, finished(g, {b2}));
  CHECK(names(after) == Names{"image", "bn1", "bn2"});
  CHECK(find_parameter(after.nodes[2], "bias")->shape == Shape{12});
}

TEST_CASE("fold_batchnorm: one after another folds twice") {
  Graph g = with_input();
  NodeId b1 = add(g, "batchnorm", "bn1", {conv(g, "conv1", 0)});
  Graph after = checked(fold_batchnorm, finished(g, {add(g, "batchnorm", "bn2", {b1})}));
  CHECK(names(after) == Names{"image", "bn2"});
  CHECK(after.nodes[1].covers == Names{"conv1", "bn1", "bn2"});
}

TEST_CASE("fold_batchnorm: stays behind a pool, a conv of two consumers, and a conv that is an output") {
  Graph g = with_input();
  NodeId p = add(g, "maxpool", "pool1", {0}, {{"filter", std::vector<int64_t>{2, 2}}});
  NodeId b1 = add(g, "batchnorm", "bn1", {p});
  NodeId c1 = conv(g, "conv1", b1), b2 = add(g, "batchnorm", "bn2", {c1}),
         s = add(g, "add", "add1", {c1, b2});
  NodeId c2 = conv(g, "conv2", s), b3 = add(g, "batchnorm", "bn3", {c2});
  Graph before = finished(g, {b3, c2});
  CHECK(names(checked(fold_batchnorm, before)) == names(before));
}

TEST_CASE("fold_batchnorm: parameters without values stay without, with the right shapes") {
  Graph g = with_input();
  NodeId c = conv(g, "conv1", 0, false, 8);
  Graph after = fold_batchnorm(finished(g, {add(g, "batchnorm", "bn1", {c})}, false));
  verify(after);
  REQUIRE(names(after) == Names{"image", "bn1"});
  for (const Parameter& parameter : after.nodes[1].parameters) CHECK(parameter.values == nullptr);
  CHECK(find_parameter(after.nodes[1], "weight")->shape == Shape{8, 4, 3, 3});
  CHECK(find_parameter(after.nodes[1], "bias")->shape == Shape{8});
}

TEST_CASE("fold_batchnorm: stays where a folded weight is too large for a float") {
  Graph g = with_input();
  NodeId c = conv(g, "conv1", 0);
  Graph before = finished(g, {add(g, "batchnorm", "bn1", {c})});
  for (Parameter& parameter : before.nodes[c + 1].parameters)
    if (parameter.name == "weight") parameter.values = std::make_shared<std::vector<float>>(4, 3e38f);
  for (Parameter& parameter : before.nodes[c].parameters)
    parameter.values = std::make_shared<std::vector<float>>(parameter.shape.elements(), 2.0f);
  CHECK(names(fold_batchnorm(before)) == names(before));
}

TEST_CASE("scale_and_shift is computed in double") {
  Graph g = with_input({1, 1, 1});
  NodeId b = add(g, "batchnorm", "bn1", {0}, {{"eps", 0.25}});
  const float constants[] = {3, 0.5f, 7, 2};  // weight, bias, mean, variance
  for (int i = 0; i < 4; ++i)
    g.nodes[b].parameters[i].values = std::make_shared<std::vector<float>>(1, constants[i]);
  ScaleShift norm = scale_and_shift(g.nodes[b]);
  CHECK(norm.scale == std::vector<double>{3 / 1.5});
  CHECK(norm.shift == std::vector<double>{0.5 - 7 * 2.0});
}

TEST_CASE("fuse_epilogues: activations follow conv, dense and elementwise operators, in order") {
  Graph g = with_input();
  NodeId a = add(g, "tanh", "tanh1", {add(g, "relu", "relu1", {conv(g, "conv1", 0)})});
  NodeId b = add(g, "sigmoid", "sigmoid1", {add(g, "batchnorm", "bn1", {0})});
  NodeId s = add(g, "relu", "relu2", {add(g, "add", "add1", {a, b, 0})});
  NodeId d = add(g, "dense", "dense1", {add(g, "flatten", "flatten1", {s})}, {{"features", int64_t{3}}});
  Graph after = checked(fuse_epilogues, finished(g, {add(g, "tanh", "tanh2", {d})}));
  REQUIRE(names(after) == Names{"image", "tanh1", "sigmoid1", "relu2", "flatten1", "tanh2"});
  CHECK(epilogue(after.nodes[1]) == "relu tanh");
  CHECK(after.nodes[1].covers == Names{"conv1", "relu1", "tanh1"});
  CHECK(after.nodes[2].op == "batchnorm");
  CHECK(epilogue(after.nodes[2]) == "sigmoid");
  CHECK(after.nodes[3].op == "add");
  CHECK(epilogue(after.nodes[3]) == "relu");
  CHECK(after.nodes[3].inputs == std::vector<NodeId>{1, 2, 0});
  CHECK(epilogue(after.nodes[5]) == "tanh");
}

TEST_CASE(
    "fuse_epilogues: not behind a pool, an input, a conv of two consumers, or a conv that is an output") {
  Graph g = with_input();
  NodeId r1 = add(g, "relu", "relu1", {0});
  NodeId r2 =
      add(g, "relu", "relu2", {add(g, "maxpool", "pool1", {r1}, {{"filter", std::vector<int64_t>{2, 2}}})});
  NodeId c1 = conv(g, "conv1", r2), r3 = add(g, "relu", "relu3", {c1}), t = add(g, "tanh", "tanh1", {c1});
  NodeId c2 = conv(g, "conv2", add(g, "add", "add1", {r3, t, r2})), r4 = add(g, "relu", "relu4", {c2});
  Graph before = finished(g, {c2, r4});
  CHECK(names(checked(fuse_epilogues, before)) == names(before));
}

TEST_CASE("fuse_epilogues: batchnorm and softmax are no activations") {
  Graph g = with_input();
  NodeId b = add(g, "batchnorm", "bn1", {conv(g, "conv1", 0)});
  NodeId d = add(g, "dense", "dense1", {add(g, "flatten", "flatten1", {b})}, {{"features", int64_t{3}}});
  Graph before = finished(g, {add(g, "softmax", "softmax1", {d})});
  CHECK(names(checked(fuse_epilogues, before)) == names(before));
}

TEST_CASE("fuse_epilogues: an add joins the conv of either side, with the other tensor as its last input") {
  for (bool conv_first : {true, false}) {
    Graph g = with_input();
    NodeId p = add(g, "maxpool", "pool1", {0},
                   {{"filter", std::vector<int64_t>{3, 3}},
                    {"stride", std::vector<int64_t>{1, 1}},
                    {"pad", std::vector<int64_t>{1, 1, 1, 1}}});
    NodeId c = conv(g, "conv1", 0);
    NodeId q = add(g, "tanh", "tanh1", {p});
    NodeId s = add(g, "add", "add1", conv_first ? std::vector<NodeId>{c, q} : std::vector<NodeId>{q, c});
    Graph after = checked(fuse_epilogues, finished(g, {s}));
    REQUIRE(names(after) == Names{"image", "pool1", "tanh1", "add1"});
    CHECK(after.nodes[3].op == "conv");
    CHECK(after.nodes[3].inputs == std::vector<NodeId>{0, 2});
    CHECK(epilogue(after.nodes[3]) == "add:1");
    CHECK(after.nodes[3].covers == Names{"conv1", "add1"});
  }
}

TEST_CASE("fuse_epilogues: of two convs the later one takes the add, and a conv may add its own input") {
  Graph g = with_input();
  NodeId c1 = conv(g, "conv1", 0), c2 = conv(g, "conv2", 0), s = add(g, "add", "add1", {c1, c2});
  NodeId r = add(g, "maxpool", "pool1", {s}, {{"filter", std::vector<int64_t>{2, 2}}});
  Graph after = checked(fuse_epilogues, finished(g, {add(g, "add", "add2", {r, conv(g, "conv3", r)})}));
  REQUIRE(names(after) == Names{"image", "conv1", "add1", "pool1", "add2"});
  CHECK(after.nodes[2].covers == Names{"conv2", "add1"});
  CHECK(after.nodes[4].inputs == std::vector<NodeId>{3, 3});
  CHECK(epilogue(after.nodes[4]) == "add:1");
}

TEST_CASE("fuse_epilogues: a tensor added to itself, and an add of three, stay adds") {
  Graph g = with_input();
  NodeId c1 = conv(g, "conv1", 0), s = add(g, "add", "add1", {c1, c1}), c2 = conv(g, "conv2", 0);
  Graph after = checked(fuse_epilogues, finished(g, {add(g, "add", "add2", {s, c2, 0})}));
  CHECK(names(after) == Names{"image", "conv1", "add1", "conv2", "add2"});
}

TEST_CASE("fuse_epilogues: an epilogue ends at its limit, and the rest follows as nodes") {
  Graph g = with_input();
  NodeId last = conv(g, "conv1", 0);
  for (int i = 0; i < 20; ++i) last = add(g, "tanh", fmt::format("tanh{}", i), {last});
  Graph after = checked(fuse_epilogues, finished(g, {last}));
  CHECK(after.nodes[1].epilogue.size() == kMaxEpilogue);
  REQUIRE(after.nodes.size() == 4);
  CHECK(after.nodes[2].covers.size() == 1 + kMaxEpilogue);
  CHECK(after.nodes[3].covers.size() == 20 - kMaxEpilogue - (1 + kMaxEpilogue));
}

TEST_CASE("fuse_epilogues: a product joins as a sum does, and sums and activations follow one with a gate") {
  Graph g = with_input();
  NodeId c = conv(g, "conv1", 0), m = add(g, "multiply", "multiply1", {c, 0});
  NodeId gate = add(g, "hardsigmoid", "gate.0", {add(g, "global_avgpool", "pool1", {m})});
  NodeId scaled = add(g, "multiply", "gate", {m, gate});
  Graph after =
      checked(fuse_epilogues, finished(g, {add(g, "relu", "relu1", {add(g, "add", "add1", {scaled, 0})})}));
  REQUIRE(names(after) == Names{"image", "multiply1", "pool1", "gate.0", "relu1"});
  CHECK(after.nodes[1].op == "conv");
  CHECK(epilogue(after.nodes[1]) == "multiply:1");
  CHECK(after.nodes[4].op == "multiply");
  CHECK(epilogue(after.nodes[4]) == "add:2 relu");
  CHECK(after.nodes[4].inputs == std::vector<NodeId>{1, 3, 0});
}

TEST_CASE("fuse_epilogues: what counts for every pixel joins nothing") {
  Graph g = with_input();
  NodeId p = add(g, "global_avgpool", "pool1", {0});
  NodeId s = add(g, "add", "add1", {conv(g, "conv1", 0), p});
  Graph before = finished(g, {s});
  CHECK(names(checked(fuse_epilogues, before)) == names(before));
}

TEST_CASE("optimise: a residual block with a projection becomes three convs") {
  Graph g = with_input();
  NodeId r1 = add(g, "relu", "relu1", {add(g, "batchnorm", "bn1", {conv(g, "conv1", 0, false, 8)})});
  NodeId b2 = add(g, "batchnorm", "bn2", {conv(g, "conv2", r1, false, 8)});
  NodeId b3 = add(g, "batchnorm", "shortcut.1", {conv(g, "shortcut.0", 0, false, 8)});
  NodeId r2 = add(g, "relu", "relu2", {add(g, "add", "residual1", {b2, b3})});
  Graph after = checked(all_passes, finished(g, {r2}));
  REQUIRE(names(after) == Names{"image", "relu1", "bn2", "relu2"});
  CHECK(after.nodes[3].covers == Names{"shortcut.0", "shortcut.1", "residual1", "relu2"});
  CHECK(epilogue(after.nodes[3]) == "add:1 relu");
  CHECK(after.nodes[3].inputs == std::vector<NodeId>{0, 2});
}

TEST_CASE(
    "optimise: a residual block with an identity becomes two convs, dead nodes and dropout in the way or "
    "not") {
  Graph g = with_input();
  NodeId r1 = add(g, "relu", "relu1", {add(g, "batchnorm", "bn1", {conv(g, "conv1", 0)})});
  NodeId c2 = conv(g, "conv2", add(g, "dropout", "drop1", {r1}));
  add(g, "tanh", "dead", {c2});
  NodeId b2 = add(g, "batchnorm", "bn2", {c2}), s = add(g, "add", "residual1", {b2, 0});
  Graph after = checked(all_passes, finished(g, {add(g, "relu", "relu2", {s})}));
  REQUIRE(names(after) == Names{"image", "drop1", "relu2"});
  CHECK(epilogue(after.nodes[1]) == "relu");
  CHECK(after.nodes[2].covers == Names{"conv2", "bn2", "residual1", "relu2"});
  CHECK(epilogue(after.nodes[2]) == "add:1 relu");
  CHECK(after.nodes[2].inputs == std::vector<NodeId>{1, 0});
}

TEST_CASE("optimise: run again, it changes nothing") {
  Graph g = with_input();
  NodeId a = add(g, "add", "add1", {0, add(g, "relu", "relu1", {conv(g, "conv1", 0)})});
  NodeId b = add(g, "relu", "relu2", {add(g, "add", "add2", {a, a})});
  Graph once = optimise(finished(g, {b}));
  CHECK(to_string(optimise(once)) == to_string(once));
}

TEST_CASE("optimise: the trace names each pass and its time, and shows the graph where it changed") {
  Graph g = with_input();
  NodeId c = conv(g, "conv1", 0), r = add(g, "relu", "relu1", {c});
  std::ostringstream trace;
  Graph after = optimise(finished(g, {r}), &trace);
  const std::string text = std::regex_replace(trace.str(), std::regex("[0-9]+[.][0-9] ms"), "0.0 ms");
  CHECK(text ==
        "# remove_dead_nodes: 3 -> 3 nodes, 0.0 ms\n# expand_norms: 3 -> 3 nodes, 0.0 ms\n# "
        "remove_identities: 3 -> 3 nodes, 0.0 ms\n"
        "# common_subexpressions: 3 -> 3 nodes, 0.0 ms\n# merge_channels: 3 -> 3 nodes, 0.0 ms\n"
        "# fold_pads: 3 -> 3 nodes, 0.0 ms\n"
        "# convolve_blocks: 3 -> 3 nodes, 0.0 ms\n"
        "# split_concats: 3 -> 3 nodes, 0.0 ms\n"
        "# split_maxpools: 3 -> 3 nodes, 0.0 ms\n"
        "# fold_batchnorm: 3 -> 3 nodes, 0.0 ms\n# expand_volumes: 3 -> 3 nodes, 0.0 ms\n"
        "# average_first: 3 -> 3 nodes, 0.0 ms\n# fuse_epilogues: 3 -> 2 nodes, 0.0 ms\n" +
            to_string(after));
}
