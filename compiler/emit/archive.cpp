#include "emit/archive.h"

#include <llvm/Object/ArchiveWriter.h>
#include <llvm/Support/MemoryBuffer.h>

#include <stdexcept>

namespace cnnc {

std::string make_archive(const std::vector<std::pair<std::string, std::string>>& members) {
  std::vector<llvm::NewArchiveMember> entries;
  for (const auto& [name, object] : members) entries.emplace_back(llvm::MemoryBufferRef(object, name));
  auto buffer = llvm::writeArchiveToBuffer(entries, /*WriteSymtab=*/true, llvm::object::Archive::K_GNU,
                                           /*Deterministic=*/true, /*Thin=*/false);
  if (!buffer) throw std::runtime_error("cannot write the archive: " + llvm::toString(buffer.takeError()));
  return (*buffer)->getBuffer().str();
}

}  // namespace cnnc
