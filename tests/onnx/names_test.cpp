#include "onnx/names/names.h"

#include <doctest/doctest.h>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

// The path of a node with that name and a constant of that name.
std::string path(const std::string& op, const std::string& name, const std::string& weight) {
  onnx::Node conv = node(op, {"x", weight}, {"y"});
  conv.name = name;
  Model net = model({}, {conv}, {"y"}, {{weight, scalar(1)}});
  find_paths(net);
  return net.nodes[0].path;
}

// The names that nodes with these names and operators are given.
std::vector<std::string> unique(const std::vector<std::pair<std::string, std::string>>& nodes) {
  Graph graph;
  for (const auto& [name, op] : nodes) {
    graph.nodes.emplace_back();
    graph.nodes.back().name = name;
    graph.nodes.back().op = op;
    if (op == "input") graph.inputs.push_back(static_cast<NodeId>(graph.nodes.size()) - 1);
  }
  std::vector<std::string> names;
  for (const cnnc::Node& node : with_unique_names(graph).nodes) names.push_back(node.name);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a node is called after its weight") {
  CHECK(path("Conv", "Conv_12", "layer1.0.conv1.weight") == "layer1.0.conv1");
  CHECK(path("Conv", "/layer1/layer1.0/conv1/Conv", "layer1.0.conv1.weight") == "layer1.0.conv1");
  CHECK(path("Conv", "resnetv17_conv0_fwd", "resnetv17_conv0_weight") == "resnetv17_conv0");
  CHECK(path("Add", "Add_3", "head.bias") == "head");
}

TEST_CASE("a weight that is transposed before it is used gives its name all the same") {
  Model net = model({}, {node("Transpose", {"fc.weight"}, {"t"}), node("MatMul", {"x", "t"}, {"y"})}, {"y"},
                    {{"fc.weight", scalar(1)}});
  find_paths(net);
  CHECK(net.nodes[1].path == "fc");
}

TEST_CASE("names of PyTorch 1.13 are the modules on the way, those of a Sequential with its name in front") {
  CHECK(path("Conv", "/layer1/layer1.0/conv1/Conv", "onnx::Conv_193") == "layer1.0.conv1");
  CHECK(path("Conv", "/features/features.1/conv/conv.0/conv.0.0/Conv", "onnx::Conv_5") ==
        "features.1.conv.0.0");
  CHECK(path("Gemm", "/fc/Gemm_1", "w") == "fc");
  CHECK(path("Relu", "/Relu_2", "w") == "");
}

TEST_CASE("a module that the file says apart counts less than a weight, more than a name") {
  const auto path_in = [](const char* module, const char* name, const char* weight, const char* op = "Conv") {
    onnx::Node conv = node(op, {"x", weight}, {"y"});
    conv.name = name;
    conv.module = module;
    Model net = model({}, {conv}, {"y"}, {{weight, scalar(1)}});
    find_paths(net);
    return net.nodes[0].path;
  };
  CHECK(path_in("layer1.0.bn1", "node_Conv_12", "layer1.0.conv1.weight") == "layer1.0.conv1");
  CHECK(path_in("features.1.0.block.3", "node_MatMul_1", "val_4") == "features.1.0.block.3");
  CHECK(path_in("", "node_view", "val_4") == "");
  CHECK(path_in("blocks.0.conv1.conv", "node_slice_1", "val_4", "Slice") == "");
}

TEST_CASE("a module's name counts more than that of another's weight, but less than that of its own") {
  CHECK(path("Conv", "/features/conv0/Conv", "features.norm3.bias") == "features.conv0");
  CHECK(path("Conv", "/head/Conv", "head.filters.weight") == "head.filters");
  CHECK(path("Conv", "/Conv", "filters.weight") == "filters");
}

TEST_CASE("names of TensorFlow are scopes; that of the whole model says nothing") {
  CHECK(path("Conv", "StatefulPartitionedCall/model/stem/Conv2D", "w:0") == "stem");
  CHECK(path("Conv", "sequential_1/block1/conv2d_3/BiasAdd", "w:0") == "block1.conv2d_3");
  CHECK(path("Conv", "modelling/conv2d/Conv2D", "w:0") == "modelling.conv2d");
  CHECK(path("Conv", "Net/block_1/expand/Relu6", "Net/block_1/expand/Conv2D_bias") == "Net.block_1.expand");
  CHECK(path("Add", "model/tf.stack/Add", "w:0") == "");
  CHECK(path("Conv", "model/up.left/Conv2D", "w:0") == "up_left");
}

TEST_CASE("a scope around all names of TensorFlow is the whole model's") {
  const auto first = [](const char* other) {
    onnx::Node a = node("Relu", {"x"}, {"a"}), b = node("Relu", {"a"}, {"y"});
    a.name = "FaceNet/block_1/Relu";
    b.name = other;
    Model net = model({}, {a, b}, {"y"});
    find_paths(net);
    return net.nodes[0].path;
  };
  CHECK(first("FaceNet/block_2/Relu") == "block_1");
  CHECK(first("Relu_7") == "FaceNet.block_1");
  CHECK(first("Head/block_2/Relu") == "FaceNet.block_1");
}

TEST_CASE("of names that TensorFlow Lite joins the one with the weights counts") {
  CHECK(path("Conv", "net/a/re_lu/Relu;net/a/bn/FusedBatchNormV3;net/a/conv/BiasAdd;net/a/conv/Conv2D",
             "w") == "net.a.conv");
  CHECK(path("Conv", "stem/dw/depthwise;other/dw/depthwise", "w") == "stem.dw");
  CHECK(path("Add", "net/a/add;net/b/add", "w") == "net.a");
  CHECK(path("Conv", "model/conv2d_2/BiasAdd;model/conv2d_2/Conv2D;model/conv2d_9/BiasAdd", "w") == "");
}

TEST_CASE("layers that Keras and PaddlePaddle have counted have no name") {
  CHECK(path("Conv", "model/conv2d_3/Conv2D", "w:0") == "");
  CHECK(path("Conv", "model/conv2d/Conv2D", "w:0") == "");
  CHECK(path("Conv", "p2o.Conv.12", "conv2d_0.w_0") == "");
  CHECK(path("BatchNormalization", "batch_norm_3.tmp_2", "batch_norm_3.w_0") == "");
  CHECK(path("Conv", "conv2d_12.tmp_0", "conv2d_12.w_0") == "");
  CHECK(path("Conv", "Conv.12", "conv2d_12.w_0") == "");
  CHECK(path("Clip", "Relu6__12", "w:0") == "");
  CHECK(path("Conv", "conv2d_3", "conv2d_3.weight") == "conv2d_3");
  CHECK(path("Conv", "conv2d_left", "w") == "conv2d_left");
}

TEST_CASE("names that an exporter has counted say nothing, others do") {
  CHECK(path("Conv", "Conv_12", "193") == "");
  CHECK(path("Conv", "Conv12", "193") == "");
  CHECK(path("Conv", "12", "193") == "");
  CHECK(path("Conv", "", "193") == "");
  CHECK(path("Conv", "node_conv2d_3", "193") == "");
  CHECK(path("Reshape", "node_view", "193") == "");
  CHECK(path("Conv", "stem conv", "193") == "stem_conv");
  CHECK(path("Conv", "as", "193") == "as_");
}

TEST_CASE("blocks whose layers have the block's name in front are scopes") {
  const auto paths = [](const std::vector<std::string>& names) {
    std::vector<onnx::Node> nodes;
    for (const std::string& name : names) {
      nodes.push_back(node("Relu", {"x"}, {"y" + name}));
      nodes.back().name = name;
    }
    Model net = model({}, nodes, {"y"});
    find_paths(net);
    Names found;
    for (const onnx::Node& n : net.nodes) found.push_back(n.path);
    return found;
  };
  CHECK(paths({"Conv1", "block_1_expand", "block_1_project", "block_2_expand", "block_2_project"}) ==
        Names{"Conv1", "block_1.expand", "block_1.project", "block_2.expand", "block_2.project"});
  CHECK(paths({"block1a_bn", "block1a_conv", "block1b_bn", "block1b_conv", "block1b_se_1"}) ==
        Names{"block1a.bn", "block1a.conv", "block1b.bn", "block1b.conv", "block1b.se_1"});
  CHECK(paths({"conv1_1", "conv1_2", "conv2_1", "conv2_2"}) ==
        Names{"conv1_1", "conv1_2", "conv2_1", "conv2_2"});
  CHECK(paths({"conv1_bn", "conv2_bn"}) == Names{"conv1_bn", "conv2_bn"});
}

TEST_CASE("parts of a path are identifiers or numbers") {
  CHECK(path("Conv", "", "block.7x7.0.weight") == "block._7x7.0");
  CHECK(path("Conv", "", "block.007..a-b.weight") == "block._007.a_b");
  CHECK(path("Conv", "", std::string(1000, 'a') + ".weight") == "");
}

TEST_CASE("names are unique, and none is a scope's") {
  CHECK(unique({{"x", "input"}, {"a", "conv"}, {"a", "relu"}, {"x", "relu"}}) ==
        Names{"x", "a", "a_2", "x_2"});
  CHECK(unique({{"layer1.0.conv", "conv"}, {"layer1.0", "add"}, {"layer1.0", "add"}, {"layer1", "relu"}}) ==
        Names{"layer1.0.conv", "layer1.0.add", "layer1.0.add_2", "layer1.relu"});
  CHECK(unique({{"%7", "relu"}, {"%9", "add"}}) == Names{"%0", "%1"});
}

TEST_CASE("a network has the names of its weights") {
  const Network net =
      translated(model({value("x", {1, 1, 2, 2})},
                       {node("Conv", {"x", "stem.conv.weight"}, {"a"}), node("Relu", {"a"}, {"y"})}, {"y"},
                       {{"stem.conv.weight", floats({1, 1, 1, 1}, {1})}}));
  CHECK(net.graph.nodes[1].name == "stem.conv");
  CHECK(net.graph.nodes[2].name == "%2");
}
