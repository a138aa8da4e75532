#include "emit/objects/objects.h"

#include <llvm/BinaryFormat/Magic.h>

#include <stdexcept>

#include "emit/objects/formats.h"

namespace cnnc {

std::string renamed(std::string name, const std::string& from, const std::string& to) {
  const size_t place = name.find(from);
  return place == std::string::npos ? name : name.replace(place, from.size(), to);
}

void require_as_written(bool condition) {
  if (!condition) throw std::logic_error("an object is not as LLVM writes it");
}

// A kernel comes from the cache, or from a process that compiled it: its bytes say what it is.
std::string rename_symbol(const std::string& object, const std::string& from, const std::string& to) {
  switch (llvm::identify_magic(object)) {
    case llvm::file_magic::elf_relocatable:
      return rename_in_elf(object, from, to);
    case llvm::file_magic::coff_object:
      return rename_in_coff(object, from, to);
    case llvm::file_magic::macho_object:
      return rename_in_macho(object, from, to);
    case llvm::file_magic::wasm_object:
      return rename_in_wasm(object, from, to);
    default:
      require_as_written(false);
      return {};
  }
}

DataObject data_object(const std::string& symbol, int64_t bytes, const Target& target) {
  switch (target.system->format) {
    case ObjectFormat::elf:
      return {head_of_elf_data(symbol, bytes, target), ""};
    case ObjectFormat::macho:
      return macho_data(symbol, bytes, target);
    case ObjectFormat::wasm:
      return wasm_data(symbol, bytes);
    case ObjectFormat::coff:
      return {head_of_coff_data(symbol, bytes, target), ""};
  }
  throw std::logic_error("a format of objects without a file");
}

}  // namespace cnnc
