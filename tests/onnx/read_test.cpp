// Files: every form that a value may have, and everything that a file may be wrong or hostile in.
#include "onnx/file/read.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "protos.h"
#include "read_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
namespace fs = std::filesystem;
using Floats = std::vector<float>;
using Integers = std::vector<int64_t>;
using Proto = ::onnx::ModelProto;
using Tensor = ::onnx::TensorProto;

namespace {

std::string refusal_of_file(const std::string& path) {
  Diagnostics diagnostics;
  CHECK_FALSE(read_model(path, diagnostics).has_value());
  return errors_text(diagnostics);
}

template <class Fill>
std::string node_refusal(Fill fill) {
  Proto proto = conv_relu();
  fill(*proto.mutable_graph()->mutable_node(1));
  return refusal(proto);
}

}  // namespace

TEST_CASE("a model has what its file says") {
  Proto proto = conv_relu();
  set_integers(*proto.mutable_graph()->mutable_node(0), "pads", {1, 1, 1, 1});
  const Model model = model_of(proto);
  CHECK(model.name == "small");
  CHECK(model.producer == "test 1.0");
  CHECK(model.opset == 13);
  REQUIRE(model.nodes.size() == 2);
  CHECK(model.nodes[0].op == "Conv");
  CHECK(model.nodes[0].inputs == std::vector<std::string>{"x", "conv.weight", "conv.bias"});
  CHECK(std::get<Integers>(model.nodes[0].attributes.at("pads")) == Integers{1, 1, 1, 1});
  CHECK(model.constants.at("conv.weight").dims == Integers{3, 2, 3, 3});
  CHECK(model.constants.at("conv.bias").floats->at(1) == -0.125F);
  REQUIRE(model.inputs.size() == 1);
  CHECK(model.inputs[0].type == "float");
  CHECK(model.inputs[0].dims->at(3).size == 6);
  CHECK(model.outputs.at(0).name == "y");
}

TEST_CASE("a node's module is what PyTorch's newer exporter says in its metadata") {
  const auto module_of = [](const std::string& scopes) {
    Proto proto = conv_relu();
    ::onnx::StringStringEntryProto other, entry;
    other.set_key("namespace");
    entry.set_key("pkg.torch.onnx.name_scopes");
    entry.set_value(scopes);
    ::onnx::NodeProto metadata;  // field 9, which Debian 12's schema does not have
    std::string bytes;
    for (const auto& e : {other, entry}) {
      const std::string text = e.SerializeAsString();
      bytes += std::string(1, 9 << 3 | 2) + static_cast<char>(text.size()) + text;
    }
    REQUIRE(metadata.ParseFromString(bytes));
    proto.mutable_graph()->mutable_node(1)->MergeFrom(metadata);
    return model_of(proto).nodes;
  };
  CHECK(module_of("['', 'layer1', 'layer1.0', 'layer1.0.relu', 'relu_1']")[1].module == "layer1.0.relu");
  CHECK(module_of("['', 'view']")[1].module == "");
  CHECK(module_of("[")[1].module == "");
  CHECK(!module_of("['']")[0].module.has_value());
}

TEST_CASE("an initializer that is listed as an input is a constant") {
  Proto proto = conv_relu();
  *proto.mutable_graph()->add_input() = value_info("conv.bias", {3});
  proto.set_ir_version(3);  // all of them had to be listed
  CHECK(model_of(proto).inputs.size() == 1);
  CHECK(model_of(proto).defaults.empty());
  proto.set_ir_version(4);
  CHECK(model_of(proto).inputs.size() == 1);
  CHECK(model_of(proto).defaults == std::vector<std::string>{"conv.bias"});
}

TEST_CASE("dimensions are known, called something, or open") {
  Proto proto = conv_relu();
  auto& shape =
      *proto.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
  shape.mutable_dim(0)->set_dim_param("batch");
  shape.mutable_dim(2)->set_dim_value(-1);
  const std::vector<Dimension> dims = model_of(proto).inputs[0].dims.value();
  CHECK(dims[0].symbol == "batch");
  CHECK_FALSE(dims[0].size.has_value());
  CHECK(dims[1].size == 2);
  CHECK_FALSE(dims[2].size.has_value());
}

TEST_CASE("attributes of kinds that nothing reads are dropped by name; older files do not say the kind") {
  Proto proto = conv_relu();
  ::onnx::NodeProto& node = *proto.mutable_graph()->mutable_node(1);
  ::onnx::AttributeProto& body = *node.add_attribute();
  body.set_name("body");
  body.set_type(::onnx::AttributeProto::GRAPH);
  body.mutable_g()->set_name("loop");
  ::onnx::AttributeProto& alpha = *node.add_attribute();
  alpha.set_name("alpha");
  alpha.set_f(0.5F);
  const Model model = model_of(proto);
  CHECK(model.nodes[1].dropped == std::vector<std::string>{"body"});
  CHECK(std::get<float>(model.nodes[1].attributes.at("alpha")) == 0.5F);
}

TEST_CASE("nodes that stand in another order are put in order; an order that is one stays") {
  Proto proto = conv_relu();
  proto.mutable_graph()->mutable_node()->SwapElements(0, 1);
  const Model model = model_of(proto);
  CHECK(model.nodes[0].op == "Conv");
  CHECK(model.nodes[1].op == "Relu");

  Proto wide = empty_model({1, 2, 4, 4});
  for (int i = 0; i < 5; ++i) add_op(wide, "Relu", {"x"}, "r" + std::to_string(i));
  add_op(wide, "Add", {"r0", "r4"}, "y");
  for (int i = 0; i < 5; ++i) CHECK(model_of(wide).nodes[i].outputs[0] == "r" + std::to_string(i));
}

TEST_CASE("nodes that wait for each other are named") {
  Proto proto = conv_relu();
  proto.mutable_graph()->mutable_node(0)->set_input(0, "z");
  proto.mutable_graph()->mutable_node(1)->set_output(0, "z");
  add_op(proto, "Relu", {"conv"}, "y");
  CHECK(refusal(proto) ==
        "nodes wait for each other: Conv 'conv_node', which reads from Relu 'y_node', which reads from the "
        "first");
  Proto alone = conv_relu();
  alone.mutable_graph()->mutable_node(1)->set_input(0, "y");
  CHECK(refusal(alone) == "nodes wait for each other: Relu 'y_node', which reads from the first");
}

TEST_CASE("each value is written once, by something") {
  CHECK(node_refusal([](auto& node) { node.set_output(0, "conv"); }) ==
        "Relu 'y_node' writes 'conv', which is written by Conv 'conv_node' as well\n"
        "the output 'y' is computed by no node");
  CHECK(node_refusal([](auto& node) { node.add_output("x"); }) ==
        "Relu 'y_node' writes 'x', which is an input or an initializer as well");
  CHECK(node_refusal([](auto& node) { node.set_input(0, "cnov"); }) ==
        "Relu 'y_node' reads 'cnov', which is neither an input, nor an initializer, nor an output of a node");
  Proto twice = conv_relu();
  *twice.mutable_graph()->add_input() = value_info("x", {1});
  CHECK(refusal(twice) == "two inputs are called 'x'");
  Proto constants = conv_relu();
  add_weights(constants, "conv.bias", {1});
  CHECK(refusal(constants) == "initializer 'conv.bias': two initializers are called so");
}

TEST_CASE("a hundred thousand nodes that read each other take no time; more are refused") {
  Proto proto = empty_model({1, 1, 1, 1});
  std::string last = "x";
  for (int i = 0; i < 100'000; ++i) {
    std::string next = i == 99'999 ? "y" : "v" + std::to_string(i);
    add_op(proto, "Relu", {last.c_str()}, next);
    last = std::move(next);
  }
  auto* nodes = proto.mutable_graph()->mutable_node();
  for (int i = 0; i < nodes->size() / 2; ++i) nodes->SwapElements(i, nodes->size() - 1 - i);
  CHECK(model_of(proto).nodes.front().inputs[0] == "x");
  add_op(proto, "Relu", {"y"}, "z");
  CHECK(refusal(proto) == "the model has 100001 nodes; at most 100000 are possible");
}

TEST_CASE("a thousand inputs are read, and initializers among them do not count; more are refused") {
  Proto proto = conv_relu();
  auto* inputs = proto.mutable_graph()->mutable_input();
  *inputs->Add() = value_info("conv.weight", {3, 2, 3, 3});
  while (inputs->size() < 1025) *inputs->Add() = value_info("x" + std::to_string(inputs->size()), {1, 2});
  CHECK(model_of(proto).inputs.size() == 1024);
  *inputs->Add() = value_info("z", {1, 2});
  CHECK(refusal(proto) ==
        "the model has 1025 inputs; at most 1024 are possible | weights are initializers, and no inputs");
}

TEST_CASE("a file of parts that take more memory than their bytes is refused before it is parsed") {
  // ModelProto.graph, and in it GraphProto.node, empty, again and again.
  const auto bomb = [](size_t nodes) {
    const std::string length = {
        static_cast<char>(0x80 | (2 * nodes & 0x7f)), static_cast<char>(0x80 | (2 * nodes >> 7 & 0x7f)),
        static_cast<char>(0x80 | (2 * nodes >> 14 & 0x7f)), static_cast<char>(2 * nodes >> 21)};
    std::string bytes = "\x3a" + length;
    for (size_t i = 0; i < nodes; ++i) bytes += std::string("\x0a\0", 2);
    return bytes;
  };
  CHECK(refusal_of_bytes(bomb(5'000'000)) ==
        "the model is made of more than 4000000 parts: nodes, names, lists");
  CHECK(refusal_of_bytes(bomb(200'000)).find("the model has 200000 nodes; at most 100000 are possible") !=
        std::string::npos);
  std::string deep;
  for (int i = 0; i < 20; ++i) {  // attributes with a graph with a node with an attribute …
    ::onnx::ModelProto model;
    ::onnx::AttributeProto& attribute = *model.mutable_graph()->add_node()->add_attribute();
    if (!deep.empty()) REQUIRE(attribute.mutable_g()->ParseFromString(deep));
    deep = model.graph().SerializeAsString();
  }
  ::onnx::ModelProto model = conv_relu();
  ::onnx::AttributeProto& attribute = *model.mutable_graph()->mutable_node(1)->add_attribute();
  attribute.set_name("body");
  attribute.set_type(::onnx::AttributeProto::GRAPH);
  REQUIRE(attribute.mutable_g()->ParseFromString(deep));
  CHECK(refusal(model).empty());
}

TEST_CASE("opsets that are not known are refused with a way out") {
  const auto with_opset = [](int64_t version) {
    Proto proto = conv_relu();
    proto.mutable_opset_import(0)->set_version(version);
    return refusal(proto);
  };
  const std::string hint =
      " | export it again, in PyTorch with opset_version=17, or convert it in Python, which has no way back "
      "from some newer operators: "
      "onnx.version_converter.convert_version(onnx.load(\"model.onnx\"), 17)";
  CHECK(with_opset(27) == "the model uses opset 27; the operators of opsets 7 to 26 are known" + hint);
  CHECK(with_opset(6) == "the model uses opset 6; the operators of opsets 7 to 26 are known" + hint);
  CHECK(with_opset(7).empty());
  CHECK(with_opset(26).empty());
  Proto none = conv_relu();
  none.mutable_opset_import(0)->set_domain("com.microsoft");
  CHECK(refusal(none) ==
        "the model does not say which opset it uses; the operators of opsets 7 to 26 are known" + hint);
  none.mutable_opset_import(0)->set_domain("ai.onnx");
  CHECK(refusal(none).empty());
}

TEST_CASE("files that are no ONNX model are told by what they are") {
  const std::string damaged = " | copy the file or export the model again";
  CHECK(refusal_of_bytes("") == "the file is empty; expected an ONNX model");
  CHECK(refusal_of_bytes("network lenet5\ninput digit 1x28x28\n") ==
        "this is no ONNX model: it looks like text");
  CHECK(refusal_of_bytes("PK\3\4....") ==
        "this is no ONNX model: it looks like a zip file (a PyTorch checkpoint?)");
  CHECK(refusal_of_bytes(std::string(100, '\0')) ==
        "this is no ONNX model, or a damaged one: its structure ends or breaks off" + damaged);
  const std::string whole = conv_relu().SerializeAsString();
  CHECK(refusal_of_bytes(whole.substr(0, whole.size() / 2)) ==
        "this is no ONNX model, or a damaged one: its structure ends or breaks off" + damaged);
  for (size_t size = 0; size < whole.size(); ++size) CHECK(refusal_of_bytes(whole.substr(0, size)) != "");
  Proto empty;
  empty.set_ir_version(7);
  CHECK(refusal(empty) ==
        "this is no ONNX model, or a damaged one: it holds no graph of operators" + damaged);
}

TEST_CASE("paths that are no file are refused, pipes among them") {
  const Folder folder;
  CHECK(refusal_of_file(folder.path + "/none.onnx") == "the model cannot be read: No such file or directory");
  CHECK(refusal_of_file(folder.path) == "expected an ONNX model, found a folder");
  const std::string pipe = folder.path + "/pipe.onnx";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(refusal_of_file(pipe) == "expected an ONNX model, found a pipe or device");
}

TEST_CASE("a file of more bytes than protobuf can have is refused before it is read") {
  const Folder folder;
  const std::string path = folder.write("large.onnx", "");
  fs::resize_file(path, 3'000'000'000);
  CHECK(refusal_of_file(path) ==
        "the model has 3000000000 bytes; an ONNX file has at most 2147483647 | save the weights beside it: "
        "onnx.save(model, \"model.onnx\", save_as_external_data=True)");
}

TEST_CASE("huge dimensions and ranks of inputs are refused") {
  Proto proto = conv_relu();
  auto& shape =
      *proto.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
  shape.mutable_dim(1)->set_dim_value(int64_t{1} << 40);
  CHECK(refusal(proto) ==
        "input 'x': it has a dimension of 1099511627776; a tensor has at most 2147483648 elements");
  for (int i = 0; i < 100; ++i) shape.add_dim()->set_dim_value(1);
  CHECK(refusal(proto) == "input 'x': it has 104 dimensions; at most 64 are possible");
}

TEST_CASE("what a model may have and no network here can is refused") {
  Proto sparse = conv_relu();
  sparse.mutable_graph()->add_sparse_initializer()->mutable_values()->set_name("s");
  CHECK(refusal(sparse) == "the initializer 's' is sparse; dense ones are read | save the weights in full");
  Proto silent = conv_relu();
  silent.mutable_graph()->clear_output();
  CHECK(refusal(silent) == "the model has no output");
}

TEST_CASE("names and attributes that no exporter writes are refused") {
  CHECK(node_refusal([](auto& node) { node.set_name("a\nb"); }) ==
        "node 1, 'Relu' 'a\\x0ab': the name 'a\\x0ab' has control characters in it | the file is damaged; "
        "export the model again");
  const std::string message = node_refusal([](auto& node) { node.add_input(std::string(5000, 'n')); });
  CHECK(message.find("has 5000 bytes; at most 4096 are possible") != std::string::npos);
  CHECK(message.size() < 300);
  CHECK(node_refusal([](auto& node) { node.clear_op_type(); }) == "node 1, '' 'y_node': it has no operator");
  CHECK(node_refusal([](auto& node) { node.set_domain("cnnc"); }) ==
        "node 1, 'Relu' 'y_node': its domain 'cnnc' is none that a file may use");
  CHECK(node_refusal([](auto& node) {
          set_integer(node, "axis", 1);
          set_integer(node, "axis", 2);
        }) == "node 1, 'Relu' 'y_node': attribute 'axis': the node has it twice");
  CHECK(node_refusal([](auto& node) {
          auto& attribute = *node.add_attribute();
          attribute.set_name("value");
          attribute.set_type(::onnx::AttributeProto::TENSOR);
          attribute.mutable_t()->set_data_type(Tensor::FLOAT);
          attribute.mutable_t()->add_dims(9);
        }) ==
        "node 1, 'Relu' 'y_node': attribute 'value': its shape 9 has 9 elements, and the file holds 0 values "
        "for it | the file is damaged; export the model again");
}
