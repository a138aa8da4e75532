// What one element of a tensor is stored as.
#pragma once
#include <cstdint>
#include <string_view>

namespace cnnc {

enum class ElementType { float32, int32, uint8, int8, float16, bfloat16 };

// Bytes of an element.
constexpr int64_t size_of(ElementType type) {
  switch (type) {
    case ElementType::float32:
    case ElementType::int32:
      return 4;
    case ElementType::uint8:
    case ElementType::int8:
      return 1;
    case ElementType::float16:
    case ElementType::bfloat16:
      return 2;
  }
  return 0;
}

// "f32", "s32", "u8", "s8", "f16", "bf16"
constexpr std::string_view to_string(ElementType type) {
  switch (type) {
    case ElementType::float32:
      return "f32";
    case ElementType::int32:
      return "s32";
    case ElementType::uint8:
      return "u8";
    case ElementType::int8:
      return "s8";
    case ElementType::float16:
      return "f16";
    case ElementType::bfloat16:
      return "bf16";
  }
  return "";
}

}  // namespace cnnc
