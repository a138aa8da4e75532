#include "onnx/file/read_parts.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <onnx/onnx_pb.h>

namespace cnnc::onnx {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;

constexpr int kMaxDepth = 100;  // protobuf's own

struct Walk {
  google::protobuf::io::CodedInputStream& stream;
  int64_t parts = 0;
};

bool walk_message(Walk& walk, const Descriptor& message, int depth);

// A field that says its length first.
bool walk_field(Walk& walk, const FieldDescriptor* field, int depth) {
  int length = 0;
  if (++walk.parts > kMaxParts || !walk.stream.ReadVarintSizeAsInt(&length)) return false;
  if (!field || field->type() != FieldDescriptor::TYPE_MESSAGE) return walk.stream.Skip(length);
  const auto limit = walk.stream.PushLimit(length);
  const bool is_whole = walk.stream.BytesUntilLimit() == length;  // and not cut by the message around it
  const bool is_fine = is_whole && walk_message(walk, *field->message_type(), depth + 1);
  walk.stream.PopLimit(limit);
  return is_fine;
}

bool walk_message(Walk& walk, const Descriptor& message, int depth) {
  if (depth > kMaxDepth) return false;
  while (const uint32_t tag = walk.stream.ReadTag()) {
    const FieldDescriptor* field = message.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    const bool has_length = WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
    if (has_length ? !walk_field(walk, field, depth) : !WireFormatLite::SkipField(&walk.stream, tag))
      return false;
  }
  return walk.stream.ConsumedEntireMessage();
}

}  // namespace

Parts check_parts(google::protobuf::io::ZeroCopyInputStream& stream) {
  google::protobuf::io::CodedInputStream coded(&stream);
  Walk walk{coded};
  if (walk_message(walk, *::onnx::ModelProto::descriptor(), 0)) return Parts::fine;
  return walk.parts > kMaxParts ? Parts::too_many : Parts::broken;
}

}  // namespace cnnc::onnx
