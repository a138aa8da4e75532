#include "onnx/file/inline_functions.h"

#include <fmt/format.h>
#include <google/protobuf/unknown_field_set.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "onnx/file/read_tensor.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

using ::onnx::AttributeProto;
using ::onnx::FunctionProto;
using ::onnx::NodeProto;

using NewNames = std::map<std::string, std::string>;  // of a function: what they are where it is called

// Fields that the schema of ONNX 1.12, Debian 12's, does not know.
constexpr int kDefaultsField = 11;          // FunctionProto.attribute_proto, since ONNX 1.13
constexpr int kNodeOverloadField = 8;       // NodeProto.overload, since ONNX 1.16
constexpr int kFunctionOverloadField = 13;  // FunctionProto.overload

// The values of such a field: messages and strings alike are bytes. A schema that knows it writes the same.
std::vector<std::string> field_values(const google::protobuf::Message& message, int number) {
  google::protobuf::UnknownFieldSet fields;
  fields.ParseFromString(message.SerializeAsString());
  std::vector<std::string> values;
  for (int i = 0; i < fields.field_count(); ++i)
    if (fields.field(i).number() == number &&
        fields.field(i).type() == google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED)
      values.push_back(fields.field(i).length_delimited());
  return values;
}

std::string joined_key(const std::string& domain, const std::string& name,
                       const google::protobuf::Message& message, int overload_field) {
  const std::vector<std::string> overload = field_values(message, overload_field);
  return domain + "\n" + name + "\n" + (overload.empty() ? "" : overload.back());
}

struct Inlining {
  std::map<std::string, FunctionProto> functions;
  std::set<std::pair<std::string, std::string>>
      called;                   // domain and name of each function: most nodes are none
  std::set<std::string> names;  // of values, so that new ones are new
  int nodes_left;
};

const FunctionProto* function_of(const Inlining& all, const NodeProto& node) {
  if (!all.called.count({node.domain(), node.op_type()})) return nullptr;
  const auto found = all.functions.find(joined_key(node.domain(), node.op_type(), node, kNodeOverloadField));
  return found == all.functions.end() ? nullptr : &found->second;
}

std::string new_name(Inlining& all, const std::string& prefix, const std::string& name) {
  std::string result = prefix + "/" + name;
  while (!all.names.insert(result).second) result += "_";
  return result;
}

// What the name is outside: an argument, or a new value.
std::string outside(Inlining& all, NewNames& names, const std::string& prefix, const std::string& name) {
  if (name.empty()) return "";
  const auto found = names.find(name);
  if (found != names.end()) return found->second;
  return names[name] = new_name(all, prefix, name);
}

void rename_graph(Inlining& all, NewNames& names, const std::string& prefix, ::onnx::GraphProto& graph);

void rename(Inlining& all, NewNames& names, const std::string& prefix, NodeProto& node) {
  for (std::string& input : *node.mutable_input()) input = outside(all, names, prefix, input);
  for (AttributeProto& attribute : *node.mutable_attribute())
    if (attribute.has_g()) rename_graph(all, names, prefix, *attribute.mutable_g());
  for (std::string& output : *node.mutable_output()) output = outside(all, names, prefix, output);
}

// A graph in a node of a function, which sees the names of the function.
void rename_graph(Inlining& all, NewNames& names, const std::string& prefix, ::onnx::GraphProto& graph) {
  for (auto& tensor : *graph.mutable_initializer())
    tensor.set_name(outside(all, names, prefix, tensor.name()));
  for (auto& input : *graph.mutable_input()) input.set_name(outside(all, names, prefix, input.name()));
  for (NodeProto& node : *graph.mutable_node()) rename(all, names, prefix, node);
  for (auto& output : *graph.mutable_output()) output.set_name(outside(all, names, prefix, output.name()));
}

using Arguments = std::map<std::string, AttributeProto>;  // attributes of the call, and defaults

Arguments arguments_of(const FunctionProto& function, const NodeProto& call) {
  Arguments arguments;
  for (const std::string& bytes : field_values(function, kDefaultsField)) {
    AttributeProto attribute;
    if (attribute.ParseFromString(bytes)) arguments[attribute.name()] = attribute;
  }
  for (const AttributeProto& attribute : call.attribute()) arguments[attribute.name()] = attribute;
  return arguments;
}

// With the call's values in place of what stands for them; without those that the call leaves out.
void set_attributes(NodeProto& node, const Arguments& arguments) {
  google::protobuf::RepeatedPtrField<AttributeProto> attributes;
  for (AttributeProto& attribute : *node.mutable_attribute()) {
    if (attribute.has_g())
      for (NodeProto& inner : *attribute.mutable_g()->mutable_node()) set_attributes(inner, arguments);
    const auto found = arguments.find(attribute.ref_attr_name());
    if (!attribute.ref_attr_name().empty() && found == arguments.end()) continue;
    AttributeProto& copy = *attributes.Add();
    copy = attribute.ref_attr_name().empty() ? attribute : found->second;
    copy.set_name(attribute.name());
  }
  node.mutable_attribute()->Swap(&attributes);
}

using Nodes = google::protobuf::RepeatedPtrField<NodeProto>;

void add_inlined(Inlining& all, NodeProto node, Nodes& nodes, int depth);

Nodes inlined(Inlining& all, Nodes& given, int depth) {
  Nodes nodes;
  for (NodeProto& node : given) add_inlined(all, std::move(node), nodes, depth);
  return nodes;
}

std::string prefix_of(const NodeProto& call) {
  for (const std::string& output : call.output())
    if (!output.empty()) return output;
  return call.name();
}

void add_identity(const std::string& from, const std::string& to, Nodes& nodes) {
  NodeProto& node = *nodes.Add();
  node.set_op_type("Identity");
  node.add_input(from);
  node.add_output(to);
}

void add_call(Inlining& all, const FunctionProto& function, const NodeProto& call, Nodes& nodes, int depth) {
  const std::string prefix = prefix_of(call);
  NewNames names;
  for (int i = 0; i < function.input_size(); ++i)
    names[function.input(i)] = i < call.input_size() ? call.input(i) : "";
  std::vector<std::pair<std::string, std::string>> passed_on;
  for (int i = 0; i < std::min(function.output_size(), call.output_size()); ++i) {
    if (call.output(i).empty()) continue;
    const auto [found, is_new] = names.emplace(function.output(i), call.output(i));
    if (!is_new) passed_on.emplace_back(found->second, call.output(i));
  }
  const Arguments arguments = arguments_of(function, call);
  for (NodeProto node : function.node()) {
    set_attributes(node, arguments);
    rename(all, names, prefix, node);
    if (!node.name().empty()) node.set_name((call.name().empty() ? prefix : call.name()) + "/" + node.name());
    add_inlined(all, std::move(node), nodes, depth + 1);
  }
  for (const auto& [from, to] : passed_on) add_identity(from, to, nodes);
}

void add_inlined(Inlining& all, NodeProto node, Nodes& nodes, int depth) {
  constexpr int kMaxDepth = 64;
  const FunctionProto* function = function_of(all, node);
  if (function && depth > kMaxDepth)
    throw Refused{fmt::format("the function {} calls itself, or calls are nested over {} deep",
                              quote(function->name()), kMaxDepth),
                  ""};
  if (function) return add_call(all, *function, node, nodes, depth);
  if (--all.nodes_left < 0)
    throw Refused{"with its functions put where they are called, it has too many nodes", ""};
  for (AttributeProto& attribute : *node.mutable_attribute())
    if (attribute.has_g()) {
      Nodes inner = inlined(all, *attribute.mutable_g()->mutable_node(), depth);
      attribute.mutable_g()->mutable_node()->Swap(&inner);
    }
  *nodes.Add() = std::move(node);
}

void add_names(const ::onnx::GraphProto& graph, std::set<std::string>& names) {
  for (const auto& input : graph.input()) names.insert(input.name());
  for (const auto& tensor : graph.initializer()) names.insert(tensor.name());
  for (const NodeProto& node : graph.node()) {
    names.insert(node.output().begin(), node.output().end());
    for (const AttributeProto& attribute : node.attribute())
      if (attribute.has_g()) add_names(attribute.g(), names);
  }
}

int64_t opset_of(const google::protobuf::RepeatedPtrField<::onnx::OperatorSetIdProto>& imports) {
  int64_t opset = 0;
  for (const auto& import : imports)
    if (import.domain().empty() || import.domain() == "ai.onnx") opset = import.version();
  return opset;
}

}  // namespace

void inline_functions(::onnx::ModelProto& model, int most_nodes) {
  if (model.functions_size() == 0) return;
  Inlining all{{}, {}, {}, most_nodes};
  for (const FunctionProto& function : model.functions()) {
    const int64_t own = opset_of(function.opset_import()), around = opset_of(model.opset_import());
    if (own != 0 && own != around)
      throw Refused{
          fmt::format("the function {} uses opset {}, and the model {}", quote(function.name()), own, around),
          "inline it in Python: onnx.inliner.inline_local_functions(onnx.load(\"model.onnx\"), True)"};
    all.called.emplace(function.domain(), function.name());
    all.functions.emplace(joined_key(function.domain(), function.name(), function, kFunctionOverloadField),
                          function);
  }
  add_names(model.graph(), all.names);
  Nodes nodes = inlined(all, *model.mutable_graph()->mutable_node(), 0);
  model.mutable_graph()->mutable_node()->Swap(&nodes);
  model.clear_functions();
}

}  // namespace cnnc::onnx
