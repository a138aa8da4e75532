// Files that are written: what they hold, and where.
#include "onnx/file/write.h"

#include <doctest/doctest.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <filesystem>

#include "graph_fixture.h"
#include "onnx/export/express.h"
#include "onnx/file/read.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;
using Strings = std::vector<std::string>;

namespace {

const std::string kText =
    "network small\ninput image 3x8x8\n"
    "conv 4 3x3 pad 1 as features; group head { batchnorm; relu }\n"
    "output as map; from features; global_avgpool; flatten; dense 300 as scores; output scores\n";

Model expressed(const Graph& graph) {
  Diagnostics diagnostics;
  std::optional<Model> model = express(graph, diagnostics);
  REQUIRE(model.has_value());
  return std::move(*model);
}

::onnx::ModelProto proto_of(const Content& content) {
  ::onnx::ModelProto proto;
  REQUIRE(proto.ParseFromString(bytes_of(content)));
  return proto;
}

bool operator==(const Constant& a, const Constant& b) {
  if (!a.floats != !b.floats || !a.integers != !b.integers) return false;
  return a.type == b.type && a.dims == b.dims && (!a.floats || *a.floats == *b.floats) &&
         (!a.integers || *a.integers == *b.integers);
}

// Constants are written as initializers alone.
bool same_attributes(const cnnc::onnx::Node& a, const cnnc::onnx::Node& b) {
  return std::equal(a.attributes.begin(), a.attributes.end(), b.attributes.begin(), b.attributes.end(),
                    [](const auto& x, const auto& y) {
                      if (x.first != y.first || x.second.index() != y.second.index()) return false;
                      return std::visit(
                          [&](const auto& value) {
                            using T = std::decay_t<decltype(value)>;
                            return value == std::get<T>(y.second);
                          },
                          x.second);
                    });
}

void check_same(const Model& a, const Model& b) {
  CHECK(a.name == b.name);
  CHECK(a.opset == b.opset);
  REQUIRE(a.nodes.size() == b.nodes.size());
  for (size_t i = 0; i < a.nodes.size(); ++i) {
    CHECK(a.nodes[i].name == b.nodes[i].name);
    CHECK(a.nodes[i].op == b.nodes[i].op);
    CHECK(a.nodes[i].inputs == b.nodes[i].inputs);
    CHECK(a.nodes[i].outputs == b.nodes[i].outputs);
    CHECK(same_attributes(a.nodes[i], b.nodes[i]));
  }
  REQUIRE(a.constants.size() == b.constants.size());
  for (const auto& [name, constant] : a.constants) CHECK(constant == b.constants.at(name));
}

Strings names_of(const std::vector<ValueInfo>& values) {
  Strings names;
  for (const ValueInfo& value : values) names.push_back(value.name);
  return names;
}

Strings nodes_of(const Model& model) {
  Strings nodes;
  for (const cnnc::onnx::Node& node : model.nodes) nodes.push_back(node.name + ": " + node.op);
  return nodes;
}

}  // namespace

TEST_CASE("a model that is written is read back as it was") {
  const Graph graph = graph_of(kText);
  check_same(expressed(graph), through_file(graph));
}

TEST_CASE("nodes, weights, inputs and outputs have the network's names; the number of images is open") {
  const Model model = expressed(graph_of(kText));
  CHECK(model.name == "small");
  CHECK(nodes_of(model) == Strings{"features: Conv", "head.0: BatchNormalization", "head.1: Relu",
                                   "global_avgpool1: GlobalAveragePool", "flatten1: Flatten",
                                   "scores: Gemm"});
  CHECK(model.nodes[0].inputs == Strings{"image", "features.weight", "features.bias"});
  CHECK(model.nodes[2].outputs == Strings{"map"});
  CHECK(names_of(model.inputs) == Strings{"image"});
  CHECK(names_of(model.outputs) == Strings{"map", "scores"});
  for (const ValueInfo& value : {model.inputs[0], model.outputs[0], model.outputs[1]}) {
    CHECK_FALSE((*value.dims)[0].size.has_value());
    CHECK((*value.dims)[0].symbol == "N");
    CHECK((*value.dims)[1].size.has_value());
  }
}

TEST_CASE("an input that is an output, and a tensor that is two outputs, are values of their own") {
  const Model model = expressed(
      graph_of("input image 3x4x4\nrelu as r\noutput image as same\noutput r as first\noutput r as second"));
  CHECK(names_of(model.outputs) == Strings{"same", "first", "second"});
  CHECK(nodes_of(model) == Strings{"r: Relu", "same/copy: Identity", "second/copy: Identity"});
  CHECK(model.nodes[0].outputs == Strings{"first"});
  CHECK(model.nodes[2].inputs == Strings{"first"});
}

TEST_CASE("a tensor that is called as an output that is another gives way") {
  const Model model = expressed(graph_of("input image 3x4x4\nrelu as a\ntanh as b\noutput b as a"));
  CHECK(model.nodes[0].outputs == Strings{"a/value"});
  CHECK(model.nodes[1].inputs == Strings{"a/value"});
  CHECK(model.nodes[1].outputs == Strings{"a"});
}

TEST_CASE("parts of one tensor are made by one Split") {
  const Model model =
      expressed(graph_of("input x 6x2x2\nsplit 3 part 0 as a\nfrom x\nsplit 3 part 2 as c\nfrom x\nsplit 2 "
                         "part 0 as h\nfrom a\nadd with c"));
  CHECK(nodes_of(model) == Strings{"a: Split", "h: Split", "add1: Add"});
  CHECK(model.nodes[0].outputs == Strings{"a", "a/part1", "c"});
  CHECK(model.nodes[1].outputs == Strings{"h", "h/part1"});
}

TEST_CASE("the file says the version of its format, the opset, and who made it") {
  const ::onnx::ModelProto proto = proto_of(write_model(expressed(graph_of(kText)), "net.onnx").at(0).second);
  CHECK(proto.ir_version() == kWrittenIrVersion);
  CHECK(proto.producer_name() == "cnnc");
  REQUIRE(proto.opset_import_size() == 1);
  CHECK(proto.opset_import(0).domain().empty());
  CHECK(proto.opset_import(0).version() == kWrittenOpset);
}

TEST_CASE("the same network gives the same bytes") {
  const auto bytes = [] {
    return bytes_of(write_model(expressed(graph_of(kText)), "net.onnx").at(0).second);
  };
  CHECK(bytes() == bytes());
}

TEST_CASE("weights are passed on from where they lie") {
  const Graph graph = graph_of(kText);
  const float* weights = find_parameter(graph.nodes[1], "weight")->values->data();
  bool is_passed = false;
  const Files files = write_model(expressed(graph), "net.onnx");
  std::get<ByteSource>(files[0].second)(
      [&](const void* data, size_t) { is_passed = is_passed || data == weights; });
  CHECK(is_passed);
}

TEST_CASE("weights beyond the limit stand in a file beside the model, each at the beginning of a page") {
  const Graph graph = graph_of(kText + "from features; flatten as wide; dense 20 as last; output last");
  const Files files = write_model(expressed(graph), "folder/net.onnx", 4000);
  REQUIRE(files.size() == 2);
  CHECK(files[0].first == "folder/net.onnx.data");
  CHECK(files[1].first == "folder/net.onnx");
  int external = 0;
  const ::onnx::ModelProto proto = proto_of(files[1].second);
  for (const auto& tensor : proto.graph().initializer()) {
    if (tensor.data_location() != ::onnx::TensorProto::EXTERNAL) continue;
    ++external;
    CHECK(tensor.raw_data().empty());
    REQUIRE(tensor.external_data_size() == 3);
    CHECK(tensor.external_data(0).value() == "net.onnx.data");
    CHECK(std::stoll(tensor.external_data(1).value()) % 4096 == 0);
  }
  CHECK(external == 2);
}

TEST_CASE("a model with its weights beside it is read back as it was") {
  char folder[] = "/tmp/cnnc-write-XXXXXX";
  REQUIRE(mkdtemp(folder) != nullptr);
  const std::string path = std::string(folder) + "/net.onnx";
  const Model model =
      expressed(graph_of(kText + "from features; flatten as wide; dense 20 as last; output last"));
  write_files_atomically(write_model(model, path, 4000));
  Diagnostics diagnostics;
  const std::optional<Model> read = read_model(path, diagnostics);
  std::filesystem::remove_all(folder);
  REQUIRE(read.has_value());
  check_same(model, *read);
}
