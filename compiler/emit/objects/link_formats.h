// link.h for each format. For the files of this folder alone.
#pragma once
#include <string>
#include <vector>

#include "support/bytes.h"
#include "target/target.h"

namespace cnnc {

ByteSource elf_shared_library(const ByteSource& archive, const std::string& soname);
ByteSource elf_object(const ByteSource& archive);
ByteSource macho_shared_library(const ByteSource& archive, const std::string& name, const Target& target);
ByteSource linked_wasm(const ByteSource& archive, bool may_import);

ByteSource coff_shared_library(const ByteSource& archive, const std::string& name,
                               const std::vector<std::string>& functions, const Target& target);
ByteSource coff_import_library(const std::string& name, const std::vector<std::string>& functions,
                               const Target& target);

}  // namespace cnnc
