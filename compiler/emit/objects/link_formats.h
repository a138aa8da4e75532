// link.h for each format. For the files of this folder alone.
#pragma once
#include <string>

#include "support/bytes.h"

namespace cnnc {

ByteSource elf_shared_library(const ByteSource& archive, const std::string& soname);
ByteSource elf_object(const ByteSource& archive);
ByteSource linked_wasm(const ByteSource& archive, bool may_import);

}  // namespace cnnc
