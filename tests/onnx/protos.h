// ONNX models for tests, as their schema has them.
#pragma once
#include <onnx/onnx_pb.h>

#include <initializer_list>
#include <string>
#include <vector>

namespace cnnc::onnx {

// A float initializer of these dims, with small numbers, as raw data.
inline ::onnx::TensorProto& add_weights(::onnx::ModelProto& model, const std::string& name,
                                        const std::vector<int64_t>& dims) {
  ::onnx::TensorProto& tensor = *model.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(::onnx::TensorProto::FLOAT);
  size_t elements = 1;
  for (const int64_t dim : dims) {
    tensor.add_dims(dim);
    elements *= static_cast<size_t>(dim);
  }
  std::vector<float> values(elements);
  for (size_t i = 0; i < elements; ++i) values[i] = static_cast<float>(i % 7) / 8 - 0.25F;
  tensor.set_raw_data(values.data(), elements * sizeof(float));
  return tensor;
}

inline ::onnx::TensorProto& add_integers(::onnx::ModelProto& model, const std::string& name,
                                         const std::vector<int64_t>& values) {
  ::onnx::TensorProto& tensor = *model.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(::onnx::TensorProto::INT64);
  tensor.add_dims(static_cast<int64_t>(values.size()));
  for (const int64_t value : values) tensor.add_int64_data(value);
  return tensor;
}

inline ::onnx::NodeProto& add_op(::onnx::ModelProto& model, const std::string& op,
                                 std::initializer_list<const char*> inputs, const std::string& output) {
  ::onnx::NodeProto& node = *model.mutable_graph()->add_node();
  node.set_op_type(op);
  node.set_name(output + "_node");
  for (const char* input : inputs) node.add_input(input);
  node.add_output(output);
  return node;
}

inline void set_integer(::onnx::NodeProto& node, const std::string& name, int64_t value) {
  ::onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(::onnx::AttributeProto::INT);
  attribute.set_i(value);
}

inline void set_integers(::onnx::NodeProto& node, const std::string& name,
                         std::initializer_list<int64_t> values) {
  ::onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(::onnx::AttributeProto::INTS);
  for (const int64_t value : values) attribute.add_ints(value);
}

inline ::onnx::ValueInfoProto value_info(const std::string& name, const std::vector<int64_t>& dims) {
  ::onnx::ValueInfoProto info;
  info.set_name(name);
  auto& tensor = *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(::onnx::TensorProto::FLOAT);
  for (const int64_t dim : dims) tensor.mutable_shape()->add_dim()->set_dim_value(dim);
  return info;
}

// A model without nodes yet, whose input is 'x' and whose output 'y'.
inline ::onnx::ModelProto empty_model(const std::vector<int64_t>& input) {
  ::onnx::ModelProto model;
  model.set_ir_version(7);
  model.set_producer_name("test");
  model.set_producer_version("1.0");
  model.add_opset_import()->set_version(13);
  model.mutable_graph()->set_name("small");
  *model.mutable_graph()->add_input() = value_info("x", input);
  *model.mutable_graph()->add_output() = value_info("y", {});
  return model;
}

// 1x2x6x6 → Conv 3x3 to 3 channels → Relu.
inline ::onnx::ModelProto conv_relu() {
  ::onnx::ModelProto model = empty_model({1, 2, 6, 6});
  add_weights(model, "conv.weight", {3, 2, 3, 3});
  add_weights(model, "conv.bias", {3});
  add_op(model, "Conv", {"x", "conv.weight", "conv.bias"}, "conv");
  add_op(model, "Relu", {"conv"}, "y");
  return model;
}

}  // namespace cnnc::onnx
