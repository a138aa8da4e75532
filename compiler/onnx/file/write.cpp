#include "onnx/file/write.h"

#include <google/protobuf/io/coded_stream.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "support/checked.h"

namespace cnnc::onnx {
namespace {

// Places in the file of external data: multiples of a page, so that they can be mapped
// (onnx/docs/ExternalData.md).
constexpr int64_t kAlignment = 4096;

using Floats = std::shared_ptr<const std::vector<float>>;

// Some bytes of a file, and behind them numbers as they lie in memory (little-endian, as ONNX has them).
struct Piece {
  std::string bytes;
  Floats floats;
};

int64_t bytes_of(const Floats& floats) {
  return floats ? static_cast<int64_t>(floats->size() * sizeof(float)) : 0;
}

int64_t bytes_of(const Piece& piece) {
  return static_cast<int64_t>(piece.bytes.size()) + bytes_of(piece.floats);
}

ByteSource stream(std::vector<Piece> pieces) {
  const auto shared = std::make_shared<const std::vector<Piece>>(std::move(pieces));
  return [shared](const ByteSink& take) {
    for (const Piece& piece : *shared) {
      take(piece.bytes.data(), piece.bytes.size());
      if (piece.floats) take(piece.floats->data(), piece.floats->size() * sizeof(float));
    }
  };
}

// ---- protobuf's encoding of what is streamed: a field of a length is its tag, the length and the bytes
// (protobuf.dev/programming-guides/encoding).
std::string field_head(int field_number, int64_t length) {
  constexpr int kOfLength = 2;
  uint8_t buffer[2 * 10];
  using Coded = google::protobuf::io::CodedOutputStream;
  uint8_t* end = Coded::WriteVarint32ToArray(static_cast<uint32_t>(field_number << 3 | kOfLength), buffer);
  end = Coded::WriteVarint64ToArray(static_cast<uint64_t>(length), end);
  return {buffer, end};
}

// ---- values to messages
::onnx::TensorProto::DataType type_of(const std::string& name) {
  using Tensor = ::onnx::TensorProto;
  constexpr std::pair<std::string_view, Tensor::DataType> kTypes[] = {{"float", Tensor::FLOAT},
                                                                      {"int64", Tensor::INT64},
                                                                      {"int32", Tensor::INT32},
                                                                      {"int8", Tensor::INT8},
                                                                      {"uint8", Tensor::UINT8}};
  for (const auto& [type, number] : kTypes)
    if (type == name) return number;
  throw std::logic_error("no model is written with values of type " + name);
}

// As they lie in memory, in as many bytes each as the type has.
std::string raw_numbers(const Constant& constant) {
  const size_t size = constant.type == "int64" ? 8 : constant.type == "int32" ? 4 : 1;
  std::string bytes;
  bytes.reserve(constant.integers->size() * size);
  for (const int64_t number : *constant.integers)  // little-endian: the lowest bytes are the first
    bytes.append(reinterpret_cast<const char*>(&number), size);
  return bytes;
}

void set_type(::onnx::TypeProto& type, const ValueInfo& value) {
  auto& tensor = *type.mutable_tensor_type();
  tensor.set_elem_type(type_of(value.type));
  for (const Dimension& dim : *value.dims) {
    auto& written = *tensor.mutable_shape()->add_dim();
    if (dim.size)
      written.set_dim_value(*dim.size);
    else
      written.set_dim_param(dim.symbol);
  }
}

template <class Range, class List>
void copy(const Range& from, List* to) {
  for (const auto& value : from) to->Add(typename Range::value_type(value));
}

struct SetAttribute {
  ::onnx::AttributeProto& to;

  void operator()(int64_t value) const {
    to.set_type(::onnx::AttributeProto::INT);
    to.set_i(value);
  }
  void operator()(float value) const {
    to.set_type(::onnx::AttributeProto::FLOAT);
    to.set_f(value);
  }
  void operator()(const std::string& value) const {
    to.set_type(::onnx::AttributeProto::STRING);
    to.set_s(value);
  }
  void operator()(const std::vector<int64_t>& values) const {
    to.set_type(::onnx::AttributeProto::INTS);
    copy(values, to.mutable_ints());
  }
  void operator()(const std::vector<float>& values) const {
    to.set_type(::onnx::AttributeProto::FLOATS);
    copy(values, to.mutable_floats());
  }
  void operator()(const Constant&) const { throw std::logic_error("constants are written as initializers"); }
};

void set_node(::onnx::NodeProto& to, const Node& node) {
  to.set_name(node.name);
  to.set_op_type(node.op);
  copy(node.inputs, to.mutable_input());
  copy(node.outputs, to.mutable_output());
  for (const auto& [name, value] : node.attributes) {
    auto& attribute = *to.add_attribute();
    attribute.set_name(name);
    std::visit(SetAttribute{attribute}, value);
  }
}

// All of the graph but its initializers.
std::string graph_bytes(const Model& model) {
  ::onnx::GraphProto graph;
  graph.set_name(model.name);
  for (const Node& node : model.nodes) set_node(*graph.add_node(), node);
  const auto add = [](::onnx::ValueInfoProto& to, const ValueInfo& value) {
    to.set_name(value.name);
    set_type(*to.mutable_type(), value);
  };
  for (const ValueInfo& value : model.inputs) add(*graph.add_input(), value);
  for (const ValueInfo& value : model.outputs) add(*graph.add_output(), value);
  return graph.SerializeAsString();
}

// All of the model but its graph.
std::string head_bytes(const Model& model) {
  ::onnx::ModelProto head;
  head.set_ir_version(kWrittenIrVersion);
  head.set_producer_name(model.producer);
  head.add_opset_import()->set_version(model.opset);
  return head.SerializeAsString();
}

::onnx::TensorProto tensor_head(const std::string& name, const Constant& constant) {
  ::onnx::TensorProto tensor;
  tensor.set_name(name);
  copy(constant.dims, tensor.mutable_dims());
  tensor.set_data_type(type_of(constant.floats ? "float" : constant.type));
  if (constant.integers) tensor.set_raw_data(raw_numbers(constant));
  return tensor;
}

// An initializer with its values in the same file.
Piece inline_tensor(const std::string& name, const Constant& constant) {
  std::string head = tensor_head(name, constant).SerializeAsString();
  if (constant.floats)
    head += field_head(::onnx::TensorProto::kRawDataFieldNumber, bytes_of(constant.floats));
  const int64_t length = static_cast<int64_t>(head.size()) + bytes_of(constant.floats);
  return {field_head(::onnx::GraphProto::kInitializerFieldNumber, length) + head, constant.floats};
}

// One whose values stand in the other file, at the offset.
Piece external_tensor(const std::string& name, const Constant& constant, const std::string& file,
                      int64_t offset) {
  ::onnx::TensorProto tensor = tensor_head(name, constant);
  tensor.set_data_location(::onnx::TensorProto::EXTERNAL);
  const std::pair<const char*, std::string> entries[] = {
      {"location", file},
      {"offset", std::to_string(offset)},
      {"length", std::to_string(bytes_of(constant.floats))}};
  for (const auto& [key, value] : entries) {
    auto& entry = *tensor.add_external_data();
    entry.set_key(key);
    entry.set_value(value);
  }
  const std::string bytes = tensor.SerializeAsString();
  return {field_head(::onnx::GraphProto::kInitializerFieldNumber, static_cast<int64_t>(bytes.size())) + bytes,
          nullptr};
}

// The initializers, and what they leave to the file of external data.
struct Initializers {
  std::vector<Piece> tensors, data;
};

Initializers write_initializers(const Model& model, bool is_external, const std::string& file) {
  Initializers result;
  int64_t offset = 0;
  for (const auto& [name, constant] : model.constants) {
    if (!is_external || !constant.floats || bytes_of(constant.floats) < kAlignment) {
      result.tensors.push_back(inline_tensor(name, constant));
      continue;
    }
    const int64_t begin = round_up(offset, kAlignment);
    result.tensors.push_back(external_tensor(name, constant, file, begin));
    result.data.push_back({std::string(static_cast<size_t>(begin - offset), '\0'), constant.floats});
    offset = begin + bytes_of(constant.floats);
  }
  return result;
}

int64_t bytes_of_constants(const Model& model) {
  int64_t sum = 0;
  for (const auto& [name, constant] : model.constants) sum += bytes_of(constant.floats);
  return sum;
}

}  // namespace

Files write_model(const Model& model, const std::string& path, int64_t most_inline) {
  const std::string data_path = path + ".data";
  Initializers initializers = write_initializers(model, bytes_of_constants(model) > most_inline,
                                                 std::filesystem::path(data_path).filename().string());
  Files files;
  if (!initializers.data.empty()) files.emplace_back(data_path, stream(std::move(initializers.data)));
  const std::string graph = graph_bytes(model);
  int64_t length = static_cast<int64_t>(graph.size());
  for (const Piece& tensor : initializers.tensors) length += bytes_of(tensor);
  std::vector<Piece> pieces = {
      {head_bytes(model) + field_head(::onnx::ModelProto::kGraphFieldNumber, length) + graph, nullptr}};
  for (Piece& tensor : initializers.tensors) pieces.push_back(std::move(tensor));
  files.emplace_back(path, stream(std::move(pieces)));
  return files;
}

}  // namespace cnnc::onnx
