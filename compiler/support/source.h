// Source text and positions in it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace cnnc {

// A half-open range of byte offsets in a source text.
struct Span {
  uint32_t begin = 0, end = 0;
};

// The smallest span that holds both.
Span join(Span a, Span b);

struct Source {
  std::string name;  // as the user wrote it: "model.dsl"
  std::string text;
};

// 1-based; a column counts bytes.
struct Position {
  uint32_t line = 1, column = 1;
};

Position position_of(const Source& source, uint32_t offset);

// The text of a 1-based line, without its line break.
std::string_view line_text(const Source& source, uint32_t line);

}  // namespace cnnc
