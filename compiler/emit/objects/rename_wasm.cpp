// The names of what an object defines stand in its custom section "linking", which all else refers to by
// numbers: it can be made anew, of any size.
#include "emit/objects/formats.h"
#include "emit/objects/wasm.h"

namespace cnnc {

namespace {

// Reads from the beginning of some bytes on.
struct Reader {
  const std::string& bytes;
  size_t at = 0;

  bool is_at_end() const { return at == bytes.size(); }
  std::string take(uint64_t count) {
    require_as_written(count <= bytes.size() - at);
    at += count;
    return bytes.substr(at - count, count);
  }
  unsigned char byte() { return static_cast<unsigned char>(take(1)[0]); }
  uint64_t number() {
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      require_as_written(shift < 64);
      const uint64_t next = byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
  }
  std::string text() { return take(number()); }
};

std::string renamed_symbol(Reader& in, const std::string& from, const std::string& to) {
  const uint64_t kind = in.number(), flags = in.number();
  std::string result = wasm_number(kind) + wasm_number(flags);
  if (kind == kWasmSectionSymbol) return result + wasm_number(in.number());
  const bool is_defined = (flags & kWasmUndefined) == 0;
  if (kind != kWasmData) {
    result += wasm_number(in.number());
    const bool has_name = is_defined || (flags & kWasmExplicitName) != 0;
    return has_name ? result + wasm_text(renamed(in.text(), from, to)) : result;
  }
  result += wasm_text(renamed(in.text(), from, to));
  for (int word = 0; is_defined && word < 3; ++word) result += wasm_number(in.number());
  return result;
}

std::string renamed_symbols(const std::string& table, const std::string& from, const std::string& to) {
  Reader in{table};
  const uint64_t count = in.number();
  std::string result = wasm_number(count);
  for (uint64_t i = 0; i < count; ++i) result += renamed_symbol(in, from, to);
  require_as_written(in.is_at_end());
  return result;
}

// A custom section: its name, and what is in it.
std::string renamed_section(const std::string& content, const std::string& from, const std::string& to) {
  Reader in{content};
  const std::string name = in.text();
  if (name != "linking") return content;
  std::string result = wasm_text(name) + wasm_number(in.number());
  while (!in.is_at_end()) {
    const unsigned char kind = in.byte();
    const std::string part = in.text();
    result += wasm_section(kind, kind == kWasmSymbolTable ? renamed_symbols(part, from, to) : part);
  }
  return result;
}

}  // namespace

std::string rename_in_wasm(const std::string& object, const std::string& from, const std::string& to) {
  Reader in{object};
  std::string result = in.take(kWasmMagicBytes);
  while (!in.is_at_end()) {
    const unsigned char kind = in.byte();
    const std::string content = in.text();
    result += wasm_section(kind, kind == kWasmCustomSection ? renamed_section(content, from, to) : content);
  }
  return result;
}

}  // namespace cnnc
