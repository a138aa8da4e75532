// Sections in the order that is laid down: what linkers read of the data stands behind it.
#include <stdexcept>

#include "emit/objects/formats.h"
#include "emit/objects/wasm.h"

namespace cnnc {

namespace {

std::string memory_import(int64_t bytes) {
  constexpr int64_t kPageBytes = 65536;
  constexpr char kMemory = 2, kWithoutLimit = 0;
  return wasm_section(kWasmImportSection, wasm_number(1) + wasm_text("env") + wasm_text("__linear_memory") +
                                              kMemory + kWithoutLimit +
                                              wasm_number(static_cast<uint64_t>(bytes / kPageBytes + 1)));
}

std::string linking(const std::string& symbol, int64_t bytes) {
  constexpr uint64_t kVersion = 2, kAlignment = 6;  // of 64, as a power
  const std::string symbols = wasm_number(1) + wasm_number(kWasmData) + wasm_number(kWasmHidden) +
                              wasm_text(symbol) + wasm_number(0) + wasm_number(0) +
                              wasm_number(static_cast<uint64_t>(bytes));
  const std::string segments =
      wasm_number(1) + wasm_text(".rodata." + symbol) + wasm_number(kAlignment) + wasm_number(0);
  return wasm_section(kWasmCustomSection, wasm_text("linking") + wasm_number(kVersion) +
                                              wasm_section(kWasmSymbolTable, symbols) +
                                              wasm_section(kWasmSegmentInfo, segments));
}

}  // namespace

DataObject wasm_data(const std::string& symbol, int64_t bytes) {
  if (bytes > INT32_MAX) throw std::runtime_error("a module cannot hold more than 2 GiB of weights");
  // One segment of the memory, from the constant 0 on: the linker moves it.
  const std::string place("\x41\x00\x0b", 3);
  const std::string segment =
      wasm_number(1) + wasm_number(0) + place + wasm_number(static_cast<uint64_t>(bytes));
  const std::string head = std::string(kWasmMagic, kWasmMagicBytes) + memory_import(bytes) +
                           static_cast<char>(kWasmDataSection) +
                           wasm_number(segment.size() + static_cast<uint64_t>(bytes)) + segment;
  return {head, linking(symbol, bytes)};
}

}  // namespace cnnc
