#include "onnx/file/node_module.h"

#include <google/protobuf/unknown_field_set.h>

#include <vector>

namespace cnnc::onnx {
namespace {

constexpr int kMetadataField = 9;  // NodeProto.metadata_props, since ONNX 1.16

using Entry = ::onnx::StringStringEntryProto;

// The metadata where the schema knows the field.
std::vector<Entry> known_entries(const ::onnx::NodeProto& node,
                                 const google::protobuf::FieldDescriptor& field) {
  std::vector<Entry> entries(static_cast<size_t>(node.GetReflection()->FieldSize(node, &field)));
  for (size_t i = 0; i < entries.size(); ++i)
    entries[i].CopyFrom(node.GetReflection()->GetRepeatedMessage(node, &field, static_cast<int>(i)));
  return entries;
}

// The same of a schema that is older, as Debian 12's, and keeps it as bytes.
std::vector<Entry> unknown_entries(const ::onnx::NodeProto& node) {
  std::vector<Entry> entries;
  const auto& fields = node.GetReflection()->GetUnknownFields(node);
  for (int i = 0; i < fields.field_count(); ++i) {
    const auto& field = fields.field(i);
    const bool has_bytes = field.type() == google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED;
    Entry entry;
    if (has_bytes && field.number() == kMetadataField && entry.ParseFromString(field.length_delimited()))
      entries.push_back(std::move(entry));
  }
  return entries;
}

std::optional<std::string> metadata(const ::onnx::NodeProto& node, const std::string& key) {
  const auto* field = node.GetDescriptor()->FindFieldByNumber(kMetadataField);
  for (const Entry& entry : field ? known_entries(node, *field) : unknown_entries(node))
    if (entry.key() == key) return entry.value();
  return std::nullopt;
}

// The texts of a list as Python prints it: "['', 'layer1', 'layer1.0']".
std::vector<std::string> texts_of(const std::string& list) {
  std::vector<std::string> texts;
  for (size_t begin = list.find('\''); begin != std::string::npos;) {
    const size_t end = list.find('\'', begin + 1);
    if (end == std::string::npos) break;
    texts.push_back(list.substr(begin + 1, end - begin - 1));
    begin = list.find('\'', end + 1);
  }
  return texts;
}

}  // namespace

// The modules from the outermost, each with its whole path, and the operator.
std::optional<std::string> module_of(const ::onnx::NodeProto& node) {
  const std::optional<std::string> scopes = metadata(node, "pkg.torch.onnx.name_scopes");
  if (!scopes) return std::nullopt;
  const std::vector<std::string> texts = texts_of(*scopes);
  return texts.size() < 2 ? "" : texts[texts.size() - 2];
}

}  // namespace cnnc::onnx
