// What a file will be parsed into, before it is: a message of the schema takes a hundred times the memory of
// the two bytes that an empty one has in a file.
#pragma once
#include <google/protobuf/io/zero_copy_stream.h>

#include <cstdint>

namespace cnnc::onnx {

constexpr int64_t kMaxParts = 4'000'000;  // some forty for each node that there may be

enum class Parts { fine, broken, too_many };

// Walks the structure of a model: its messages, words and lists of numbers.
Parts check_parts(google::protobuf::io::ZeroCopyInputStream& stream);

}  // namespace cnnc::onnx
