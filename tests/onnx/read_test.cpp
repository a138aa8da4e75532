// Files: every form that a value may have, and everything that a file may be wrong or hostile in.
#include "onnx/read.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "protos.h"

using namespace cnnc;
using namespace cnnc::onnx;
namespace fs = std::filesystem;
using Floats = std::vector<float>;
using Integers = std::vector<int64_t>;
using Proto = ::onnx::ModelProto;
using Tensor = ::onnx::TensorProto;

namespace {

struct Folder {
  std::string path = (fs::temp_directory_path() / "cnnc-onnx-XXXXXX").string();
  Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~Folder() { fs::remove_all(path); }
  std::string write(const std::string& name, const std::string& bytes) const {
    fs::create_directories(fs::path(path + "/" + name).parent_path());
    std::ofstream(path + "/" + name, std::ios::binary) << bytes;
    return path + "/" + name;
  }
};

std::string errors_text(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.all())
    text += (text.empty() ? "" : "\n") + d.message + (d.hint.empty() ? "" : " | " + d.hint);
  return text;
}

Model model_of(const Proto& proto) {
  Diagnostics diagnostics;
  std::optional<Model> model = parse_model(proto.SerializeAsString(), "m.onnx", diagnostics);
  INFO(errors_text(diagnostics));
  REQUIRE(model.has_value());
  return std::move(*model);
}

std::string refusal_of_bytes(const std::string& bytes, const std::string& path = "m.onnx") {
  Diagnostics diagnostics;
  const auto model = parse_model(bytes, path, diagnostics);
  CHECK(model.has_value() != diagnostics.has_errors());
  return errors_text(diagnostics);
}

std::string refusal(const Proto& proto, const std::string& path = "m.onnx") {
  return refusal_of_bytes(proto.SerializeAsString(), path);
}

std::string refusal_of_file(const std::string& path) {
  Diagnostics diagnostics;
  CHECK_FALSE(read_model(path, diagnostics).has_value());
  return errors_text(diagnostics);
}

// conv_relu with one initializer more, which the test fills.
template <class Fill>
Proto with_tensor(Fill fill) {
  Proto proto = conv_relu();
  Tensor& tensor = *proto.mutable_graph()->add_initializer();
  tensor.set_name("t");
  fill(tensor);
  return proto;
}

template <class Fill>
Constant constant_of(Fill fill) {
  return model_of(with_tensor(fill)).constants.at("t");
}

template <class Fill>
std::string tensor_refusal(Fill fill) {
  return refusal(with_tensor(fill));
}

template <class T>
void set_raw(Tensor& tensor, Tensor::DataType type, std::vector<T> values) {
  tensor.set_data_type(type);
  tensor.add_dims(static_cast<int64_t>(values.size()));
  tensor.set_raw_data(values.data(), values.size() * sizeof(T));
}

template <class Fill>
std::string node_refusal(Fill fill) {
  Proto proto = conv_relu();
  fill(*proto.mutable_graph()->mutable_node(1));
  return refusal(proto);
}

void set_external(Tensor& tensor, const std::vector<std::pair<std::string, std::string>>& entries) {
  tensor.set_data_location(Tensor::EXTERNAL);
  for (const auto& [key, value] : entries) {
    auto& entry = *tensor.add_external_data();
    entry.set_key(key);
    entry.set_value(value);
  }
}

// conv_relu whose bias lies elsewhere.
Proto external_bias(const std::vector<std::pair<std::string, std::string>>& entries) {
  Proto proto = conv_relu();
  Tensor& bias = *proto.mutable_graph()->mutable_initializer(1);
  bias.clear_raw_data();
  set_external(bias, entries);
  return proto;
}

std::string bytes_of(const Floats& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
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

TEST_CASE("an initializer that is listed as an input is a constant") {
  Proto proto = conv_relu();
  *proto.mutable_graph()->add_input() = value_info("conv.bias", {3});
  CHECK(model_of(proto).inputs.size() == 1);
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

TEST_CASE("values of every type are read, as bytes and from the fields of the schema") {
  const auto raw = [](Tensor::DataType type, auto values) {
    return constant_of([&](Tensor& t) { set_raw(t, type, values); });
  };
  CHECK(*raw(Tensor::FLOAT, Floats{1.5F, -2}).floats == Floats{1.5F, -2});
  CHECK(*raw(Tensor::DOUBLE, std::vector<double>{0.1, 1e300}).floats == Floats{0.1F, INFINITY});
  CHECK(*raw(Tensor::FLOAT16, std::vector<uint16_t>{0x3c00, 0xc100}).floats == Floats{1, -2.5F});
  CHECK(*raw(Tensor::BFLOAT16, std::vector<uint16_t>{0x3f80, 0xc020}).floats == Floats{1, -2.5F});
  CHECK(*raw(Tensor::INT8, std::vector<int8_t>{-128, 5}).integers == Integers{-128, 5});
  CHECK(*raw(Tensor::UINT8, std::vector<uint8_t>{200}).integers == Integers{200});
  CHECK(*raw(Tensor::INT16, std::vector<int16_t>{-300}).integers == Integers{-300});
  CHECK(*raw(Tensor::UINT16, std::vector<uint16_t>{65535}).integers == Integers{65535});
  CHECK(*raw(Tensor::INT32, std::vector<int32_t>{-7}).integers == Integers{-7});
  CHECK(*raw(Tensor::UINT32, std::vector<uint32_t>{4294967295U}).integers == Integers{4294967295});
  CHECK(*raw(Tensor::INT64, Integers{-9}).integers == Integers{-9});
  CHECK(*raw(Tensor::UINT64, std::vector<uint64_t>{9}).integers == Integers{9});
  CHECK(*raw(Tensor::BOOL, std::vector<uint8_t>{0, 1}).integers == Integers{0, 1});
  CHECK(raw(Tensor::FLOAT16, std::vector<uint16_t>{0}).type == "float16");

  const auto field = [](Tensor::DataType type, auto add) {
    return constant_of([&](Tensor& t) {
      t.set_data_type(type);
      t.add_dims(1);
      add(t);
    });
  };
  CHECK(*field(Tensor::FLOAT, [](Tensor& t) { t.add_float_data(3); }).floats == Floats{3});
  CHECK(*field(Tensor::DOUBLE, [](Tensor& t) { t.add_double_data(4); }).floats == Floats{4});
  CHECK(*field(Tensor::FLOAT16, [](Tensor& t) { t.add_int32_data(0x3c00); }).floats == Floats{1});
  CHECK(*field(Tensor::BFLOAT16, [](Tensor& t) { t.add_int32_data(0x3f80); }).floats == Floats{1});
  CHECK(*field(Tensor::INT64, [](Tensor& t) { t.add_int64_data(-5); }).integers == Integers{-5});
  CHECK(*field(Tensor::INT32, [](Tensor& t) { t.add_int32_data(-5); }).integers == Integers{-5});
  CHECK(*field(Tensor::BOOL, [](Tensor& t) { t.add_int32_data(1); }).integers == Integers{1});
  CHECK(*field(Tensor::UINT64, [](Tensor& t) { t.add_uint64_data(6); }).integers == Integers{6});
}

TEST_CASE("a tensor may have no elements, or no dimensions, or a type whose values nobody wants") {
  const Constant none = constant_of([](Tensor& t) {
    t.set_data_type(Tensor::FLOAT);
    t.add_dims(0);
  });
  CHECK(none.floats->empty());
  const Constant scalar = constant_of([](Tensor& t) {
    t.set_data_type(Tensor::FLOAT);
    t.add_float_data(2);
  });
  CHECK(scalar.dims.empty());
  CHECK(scalar.floats->size() == 1);
  const Constant words = constant_of([](Tensor& t) {
    t.set_data_type(Tensor::STRING);
    t.add_string_data("a");
  });
  CHECK(words.type == "string");
  CHECK_FALSE(words.floats);
  CHECK_FALSE(words.integers);
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
      " | export it again, in PyTorch with opset_version=17, or convert it in Python: "
      "onnx.version_converter.convert_version(onnx.load(\"model.onnx\"), 17)";
  CHECK(with_opset(18) == "the model uses opset 18; the operators of opsets 7 to 17 are known" + hint);
  CHECK(with_opset(6) == "the model uses opset 6; the operators of opsets 7 to 17 are known" + hint);
  CHECK(with_opset(7).empty());
  CHECK(with_opset(17).empty());
  Proto none = conv_relu();
  none.mutable_opset_import(0)->set_domain("com.microsoft");
  CHECK(refusal(none) ==
        "the model does not say which opset it uses; the operators of opsets 7 to 17 are known" + hint);
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

TEST_CASE("shapes and values that disagree are refused, and nothing is allocated on a shape's word") {
  const auto shaped = [](Integers dims, const Floats& values) {
    return tensor_refusal([&](Tensor& t) {
      set_raw(t, Tensor::FLOAT, values);
      t.clear_dims();
      for (const int64_t dim : dims) t.add_dims(dim);
    });
  };
  const std::string damaged = " | the file is damaged; export the model again";
  CHECK(shaped({2}, {1, 2}).empty());
  CHECK(shaped({3}, {1, 2}) ==
        "initializer 't': its shape 3 of float takes 12 bytes, and the file holds 8 for it" + damaged);
  CHECK(shaped({1 << 30}, {1, 2}) ==
        "initializer 't': its shape 1073741824 of float takes 4294967296 bytes, and the file holds 8 for it" +
            damaged);
  CHECK(shaped({int64_t{1} << 31, 2}, {}) ==
        "initializer 't': its shape 2147483648x2 has more elements than the limit of 2147483648");
  CHECK(shaped({int64_t{1} << 62, 4, 0}, {}) ==
        "initializer 't': its shape 4611686018427387904x4x0 has more elements than the limit of 2147483648");
  CHECK(shaped({-1}, {1}) == "initializer 't': its shape is -1");
  CHECK(shaped(Integers(65, 1), {1}) == "initializer 't': it has 65 dimensions; at most 64 are possible");
  CHECK(tensor_refusal([](Tensor& t) {
          t.set_data_type(Tensor::FLOAT);
          t.add_dims(3);
          t.add_float_data(1);
        }) == "initializer 't': its shape 3 has 3 elements, and the file holds 1 values for it" + damaged);
  CHECK(tensor_refusal([](Tensor& t) {
          set_raw(t, Tensor::FLOAT, Floats{1});
          t.add_float_data(1);
        }) == "initializer 't': its values are given twice" + damaged);
  CHECK(tensor_refusal([](Tensor& t) { set_raw(t, Tensor::UINT64, std::vector<uint64_t>{UINT64_MAX}); }) ==
        "initializer 't': it holds 18446744073709551615; numbers up to 2^63 - 1 are read");
  CHECK(tensor_refusal([](Tensor& t) {
          t.mutable_segment()->set_begin(1), t.set_data_type(Tensor::FLOAT);
        }) == "initializer 't': it is a segment of a tensor, which no exporter writes");
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
  Proto functions = conv_relu();
  functions.add_functions()->set_name("MyBlock");
  CHECK(
      refusal(functions) ==
      "the model defines an operator of its own, the first of them 'MyBlock' | export it without functions: "
      "in PyTorch, with export_modules_as_functions=False");
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

TEST_CASE("external data is read from the model's own folder") {
  const Folder folder;
  folder.write("data/w.bin", "....." + bytes_of({7, 8, 9}));
  const Proto proto = external_bias({{"location", "data/w.bin"}, {"offset", "5"}, {"length", "12"}});
  Diagnostics diagnostics;
  const auto model = read_model(folder.write("m.onnx", proto.SerializeAsString()), diagnostics);
  INFO(errors_text(diagnostics));
  REQUIRE(model.has_value());
  CHECK(*model->constants.at("conv.bias").floats == Floats{7, 8, 9});
  const Proto to_the_end = external_bias({{"location", "./data/w.bin"}, {"offset", "5"}});
  CHECK(refusal(to_the_end, folder.path + "/m.onnx").empty());
}

TEST_CASE("external data that is not there, or too short or long, is refused") {
  const Folder folder;
  folder.write("w.bin", bytes_of({7, 8, 9}));
  const auto with = [&](const std::vector<std::pair<std::string, std::string>>& entries) {
    return refusal(external_bias(entries), folder.path + "/m.onnx");
  };
  CHECK(with({{"location", "w.bin"}}).empty());
  CHECK(with({}) == "initializer 'conv.bias': its external data has no 'location'");
  CHECK(with({{"location", "v.bin"}}) ==
        "initializer 'conv.bias': its external data 'v.bin' cannot be read: No such file or directory | a "
        "model with external data is moved together with those files");
  CHECK(with({{"location", "w.bin"}, {"offset", "4"}}) ==
        "initializer 'conv.bias': its shape takes 12 bytes; its external data 'w.bin' has 8 for it");
  CHECK(with({{"location", "w.bin"}, {"length", "8"}}) ==
        "initializer 'conv.bias': its shape takes 12 bytes; its external data 'w.bin' has 8 for it");
  const std::string short_hint =
      " | the file is cut short, or belongs to another model; copy or export both again";
  CHECK(with({{"location", "w.bin"}, {"offset", "4"}, {"length", "12"}}) ==
        "initializer 'conv.bias': its external data 'w.bin' is said to hold its 12 bytes from 4 on, and has "
        "12 bytes" +
            short_hint);
  CHECK(with({{"location", "w.bin"}, {"offset", "9223372036854775807"}, {"length", "12"}}) ==
        "initializer 'conv.bias': its external data 'w.bin' is said to hold its 12 bytes from "
        "9223372036854775807 on, and has 12 bytes" +
            short_hint);
  CHECK(
      with({{"location", "w.bin"}, {"offset", "-4"}}) ==
      "initializer 'conv.bias': the 'offset' of its external data is '-4'; expected a whole number of bytes");
  CHECK(with({{"location", "w.bin"}, {"length", "12x"}}) ==
        "initializer 'conv.bias': the 'length' of its external data is '12x'; expected a whole number of "
        "bytes");
}

TEST_CASE("external data outside of the model's folder is refused, however it is written") {
  const Folder folder;
  folder.write("secret", bytes_of({7, 8, 9}));
  fs::create_directory(folder.path + "/model");
  fs::create_symlink("../secret", folder.path + "/model/link");
  fs::create_symlink("..", folder.path + "/model/up");
  fs::create_symlink("inside", folder.path + "/model/within");
  folder.write("model/inside", bytes_of({7, 8, 9}));
  REQUIRE(mkfifo((folder.path + "/model/pipe").c_str(), 0600) == 0);
  const auto from = [&](const std::string& location) {
    return refusal(external_bias({{"location", location}}), folder.path + "/model/m.onnx");
  };
  const std::string start = "initializer 'conv.bias': its external data ";
  const std::string hint =
      " | put the file beside the model, and load and save the model again so that it says so";
  CHECK(from("inside").empty());
  CHECK(from("within").empty());
  CHECK(from("../secret") ==
        start + "is said to lie in '../secret', which leaves the model's own folder" + hint);
  CHECK(from("./x/../../secret") ==
        start + "is said to lie in './x/../../secret', which leaves the model's own folder" + hint);
  CHECK(from(folder.path + "/model/inside") == start + "is said to lie in '" + folder.path +
                                                   "/model/inside', an absolute path; expected one from the "
                                                   "model's own folder" +
                                                   hint);
  const std::string link_hint = " | copy the file that it leads to in its place";
  CHECK(from("link") == start + "'link' is a link out of the model's own folder" + link_hint);
  CHECK(from("up/secret") == start + "'up/secret' is a link out of the model's own folder" + link_hint);
  CHECK(from(".") == "initializer 'conv.bias': expected a file of external data, found a folder");
  CHECK(from("pipe") == "initializer 'conv.bias': expected a file of external data, found a pipe or device");
  CHECK(from(std::string("inside\0/../x", 12)) == start + "has no 'location'");
}

TEST_CASE("tensors that share bytes of external data cannot make a small file fill the memory") {
  const Folder folder;
  folder.write("w.bin", bytes_of({7, 8, 9}));
  Proto proto = external_bias({{"location", "w.bin"}});
  Tensor& other = *proto.mutable_graph()->add_initializer();
  other.set_name("other");
  other.set_data_type(Tensor::FLOAT);
  other.add_dims(3);
  set_external(other, {{"location", "./w.bin"}});
  CHECK(
      refusal(proto, folder.path + "/m.onnx") ==
      "initializer 'other': the tensors in './w.bin' take more than its 12 bytes together | tensors may not "
      "share bytes of external data");
}
