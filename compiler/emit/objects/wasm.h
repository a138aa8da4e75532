// How WebAssembly writes numbers, texts and sections. For the files of this folder alone.
#pragma once
#include <cstdint>
#include <string>

namespace cnnc {

constexpr char kWasmMagic[] = "\0asm\1\0\0";  // with the 0 that ends it
constexpr size_t kWasmMagicBytes = sizeof kWasmMagic;

// The kinds of sections, and the parts of the custom section "linking", which linkers read (Linking.md of the
// tool conventions).
enum : unsigned char { kWasmCustomSection = 0, kWasmImportSection = 2, kWasmDataSection = 11 };
enum : unsigned char { kWasmSegmentInfo = 5, kWasmSymbolTable = 8 };
// The kinds of symbols; and flags.
enum : uint64_t { kWasmFunction = 0, kWasmData = 1, kWasmSectionSymbol = 3 };
enum : uint64_t { kWasmHidden = 0x04, kWasmUndefined = 0x10, kWasmExplicitName = 0x40 };

// LEB128, seven bits a byte.
inline std::string wasm_number(uint64_t value) {
  std::string bytes;
  do {
    const uint64_t low = value & 0x7f;
    value >>= 7;
    bytes += static_cast<char>(value ? low | 0x80 : low);
  } while (value);
  return bytes;
}

inline std::string wasm_text(const std::string& characters) {
  return wasm_number(characters.size()) + characters;
}

// With its size in five bytes, as LLVM writes them.
inline std::string wasm_section(unsigned char kind, const std::string& content) {
  std::string size;
  for (int i = 0; i < 5; ++i)
    size += static_cast<char>((content.size() >> 7 * i & 0x7f) | (i < 4 ? 0x80 : 0));
  return static_cast<char>(kind) + size + content;
}

}  // namespace cnnc
