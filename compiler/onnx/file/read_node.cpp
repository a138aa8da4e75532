#include "onnx/file/read_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "onnx/file/node_module.h"
#include "onnx/file/read_branch.h"
#include "support/limits.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

using AttributeProto = ::onnx::AttributeProto;

// The kind of an attribute; models from before the field say it by the value alone.
AttributeProto::AttributeType kind_of(const AttributeProto& attribute) {
  if (attribute.has_type()) return attribute.type();
  if (attribute.has_f()) return AttributeProto::FLOAT;
  if (attribute.has_i()) return AttributeProto::INT;
  if (attribute.has_s()) return AttributeProto::STRING;
  if (attribute.has_t()) return AttributeProto::TENSOR;
  if (attribute.floats_size() > 0) return AttributeProto::FLOATS;
  if (attribute.ints_size() > 0) return AttributeProto::INTS;
  return AttributeProto::UNDEFINED;
}

// Empty for the kinds that nothing here has a use for.
std::optional<Attribute> value_of(AttributeProto& attribute, ExternalData& external) {
  switch (kind_of(attribute)) {
    case AttributeProto::FLOAT:
      return attribute.f();
    case AttributeProto::INT:
      return attribute.i();
    case AttributeProto::STRING:
      return std::move(*attribute.mutable_s());
    case AttributeProto::TENSOR:
      return read_tensor(std::move(*attribute.mutable_t()), external);
    case AttributeProto::FLOATS:
      return std::vector<float>(attribute.floats().begin(), attribute.floats().end());
    case AttributeProto::INTS:
      return std::vector<int64_t>(attribute.ints().begin(), attribute.ints().end());
    default:
      return std::nullopt;
  }
}

void read_attribute(AttributeProto& attribute, ExternalData& external, Node& node) {
  check_name(attribute.name());
  try {
    if (node.op == "If" && attribute.has_g()) {
      node.branches[attribute.name()] = read_branch(std::move(*attribute.mutable_g()), external);
      return;
    }
    std::optional<Attribute> value = value_of(attribute, external);
    if (!value)
      node.dropped.push_back(attribute.name());
    else if (!node.attributes.emplace(attribute.name(), std::move(*value)).second)
      throw Refused{"the node has it twice", ""};
  } catch (const Refused& refused) {
    throw Refused{fmt::format("attribute {}: {}", quote(attribute.name()), refused.why), refused.hint};
  }
}

using Names = std::set<std::string>;

// Adds the values that the graph, or one in the node, reads and does not make itself.
void add_captured(const ::onnx::GraphProto& graph, Names& captured);

void add_captured(const ::onnx::NodeProto& node, Names& captured) {
  for (const AttributeProto& attribute : node.attribute()) {
    if (attribute.has_g()) add_captured(attribute.g(), captured);
    for (const ::onnx::GraphProto& graph : attribute.graphs()) add_captured(graph, captured);
  }
}

void add_captured(const ::onnx::GraphProto& graph, Names& captured) {
  Names read, made = {""};
  for (const ::onnx::NodeProto& node : graph.node()) {
    read.insert(node.input().begin(), node.input().end());
    add_captured(node, read);
    made.insert(node.output().begin(), node.output().end());
  }
  for (const auto& output : graph.output()) read.insert(output.name());
  for (const auto& input : graph.input()) made.insert(input.name());
  for (const auto& constant : graph.initializer()) made.insert(constant.name());
  std::set_difference(read.begin(), read.end(), made.begin(), made.end(),
                      std::inserter(captured, captured.end()));
}

// ONNX's own domain has two names; ours is for what cnnc makes of several nodes.
std::string domain_of(const std::string& domain) {
  if (domain == "cnnc") throw Refused{"its domain 'cnnc' is none that a file may use", ""};
  return domain == "ai.onnx" ? "" : domain;
}

// A size that is not positive is how some exporters write one that they leave open.
Dimension read_dimension(const ::onnx::TensorShapeProto::Dimension& proto) {
  Dimension dimension;
  dimension.symbol = proto.dim_param();
  check_name(dimension.symbol);
  if (proto.dim_value() > limits::kElements)
    throw Refused{fmt::format("it has a dimension of {}; a tensor has at most {} elements", proto.dim_value(),
                              limits::kElements),
                  ""};
  if (proto.dim_value() > 0) dimension.size = proto.dim_value();
  return dimension;
}

}  // namespace

void check_name(const std::string& name) {
  constexpr size_t kMaxBytes = 4096;
  if (name.size() > kMaxBytes)
    throw Refused{
        fmt::format("the name {} has {} bytes; at most {} are possible", quote(name), name.size(), kMaxBytes),
        ""};
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (std::any_of(name.begin(), name.end(), is_control))
    throw Refused{fmt::format("the name {} has control characters in it", quote(name)),
                  "the file is damaged; export the model again"};
}

Node read_node(::onnx::NodeProto proto, ExternalData& external) {
  Node node;
  node.name = proto.name();
  node.op = proto.op_type();
  node.domain = domain_of(proto.domain());
  node.inputs.assign(proto.input().begin(), proto.input().end());
  node.outputs.assign(proto.output().begin(), proto.output().end());
  for (const auto* names : {&node.inputs, &node.outputs})
    for (const std::string& name : *names) check_name(name);
  for (const std::string* name : {&node.name, &node.op, &node.domain}) check_name(*name);
  if (node.op.empty()) throw Refused{"it has no operator", ""};
  Names captured;
  add_captured(proto, captured);
  node.captured.assign(captured.begin(), captured.end());
  node.module = module_of(proto);
  for (AttributeProto& attribute : *proto.mutable_attribute()) read_attribute(attribute, external, node);
  return node;
}

ValueInfo read_value_info(const ::onnx::ValueInfoProto& info) {
  ValueInfo value;
  value.name = info.name();
  check_name(value.name);
  if (value.name.empty()) throw Refused{"it has no name", ""};
  if (!info.type().has_tensor_type()) return value;
  const auto& tensor = info.type().tensor_type();
  value.type = type_name(tensor.elem_type());
  if (!tensor.has_shape()) return value;
  if (tensor.shape().dim_size() > kMaxRank)
    throw Refused{
        fmt::format("it has {} dimensions; at most {} are possible", tensor.shape().dim_size(), kMaxRank),
        ""};
  value.dims.emplace();
  for (const auto& dimension : tensor.shape().dim()) value.dims->push_back(read_dimension(dimension));
  return value;
}

}  // namespace cnnc::onnx
