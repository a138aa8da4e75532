#include "emit/objects/link.h"

#include <stdexcept>

#include "emit/objects/link_formats.h"

namespace cnnc {

ByteSource shared_library(const ByteSource& archive, const std::string& name,
                          const std::vector<std::string>& functions, const Target& target) {
  switch (target.system->format) {
    case ObjectFormat::elf:
      return elf_shared_library(archive, name);
    case ObjectFormat::coff:
      return coff_shared_library(archive, name, functions, target);
    case ObjectFormat::macho:
      return macho_shared_library(archive, name, target);
    case ObjectFormat::wasm:
      break;
  }
  throw std::logic_error("a format of shared libraries without a linker");
}

ByteSource import_library(const std::string& name, const std::vector<std::string>& functions,
                          const Target& target) {
  if (target.system->format == ObjectFormat::coff) return coff_import_library(name, functions, target);
  throw std::logic_error("shared libraries of this format need no other to be linked");
}

ByteSource script_module(const ByteSource& archive, const System& system, bool may_import) {
  if (system.format == ObjectFormat::wasm) return linked_wasm(archive, may_import);
  throw std::logic_error("a format of modules without a linker");
}

ByteSource one_object(const ByteSource& archive, const System& system) {
  if (system.format == ObjectFormat::elf) return elf_object(archive);
  throw std::logic_error("a format of objects without a linker");
}

}  // namespace cnnc
