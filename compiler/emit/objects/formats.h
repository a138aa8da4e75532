// objects.h for each format. For the files of this folder alone.
#pragma once
#include <cstdint>
#include <string>

#include "emit/objects/objects.h"
#include "target/target.h"

namespace cnnc {

std::string rename_in_elf(const std::string& object, const std::string& from, const std::string& to);
DataObject wasm_data(const std::string& symbol, int64_t bytes);
std::string rename_in_wasm(const std::string& object, const std::string& from, const std::string& to);
std::string head_of_elf_data(const std::string& symbol, int64_t bytes, const Target& target);

std::string rename_in_coff(const std::string& object, const std::string& from, const std::string& to);
std::string head_of_coff_data(const std::string& symbol, int64_t bytes, const Target& target);

std::string rename_in_macho(const std::string& object, const std::string& from, const std::string& to);
DataObject macho_data(const std::string& symbol, int64_t bytes, const Target& target);

// The first version of macOS that libraries run on; the triple of the system's row has it, too.
constexpr uint32_t kLeastMacos = 11;

// Of data in the file of an object.
constexpr int64_t kDataAlignment = 64;

template <class T>
void append(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// The name with `to` in place of `from`, if that is in it.
std::string renamed(std::string name, const std::string& from, const std::string& to);

// Throws std::logic_error: an object is not as LLVM writes it.
void require_as_written(bool condition);

}  // namespace cnnc
