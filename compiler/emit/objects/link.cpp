#include "emit/objects/link.h"

#include <stdexcept>

#include "emit/objects/link_formats.h"

namespace cnnc {

ByteSource shared_library(const ByteSource& archive, const std::string& name, const System& system) {
  if (system.format == ObjectFormat::elf) return elf_shared_library(archive, name);
  throw std::logic_error("a format of shared libraries without a linker");
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
