// What one element of a tensor is stored as.
#pragma once
#include <cstdint>

namespace cnnc {

enum class ElementType { float32, int32 };

// Bytes of an element.
constexpr int64_t size_of(ElementType type) {
  switch (type) {
    case ElementType::float32:
    case ElementType::int32:
      return 4;
  }
  return 0;
}

}  // namespace cnnc
