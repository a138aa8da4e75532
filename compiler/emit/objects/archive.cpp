#include "emit/objects/archive.h"

#include <llvm/BinaryFormat/Magic.h>
#include <llvm/Object/ObjectFile.h>

#include <memory>
#include <stdexcept>

#include "emit/objects/archive_formats.h"

namespace cnnc {

namespace {

template <class T>
T unwrap(llvm::Expected<T> value) {
  if (!value) throw std::logic_error("an object is damaged: " + llvm::toString(value.takeError()));
  return std::move(*value);
}

std::vector<std::string> symbols_of_object(const std::string& bytes) {
  const llvm::file_magic magic = llvm::identify_magic(bytes);
  if (magic != llvm::file_magic::elf_relocatable && magic != llvm::file_magic::coff_object &&
      magic != llvm::file_magic::macho_object && magic != llvm::file_magic::wasm_object)
    return {};
  const auto object = unwrap(llvm::object::ObjectFile::createObjectFile(llvm::MemoryBufferRef(bytes, "")));
  std::vector<std::string> symbols;
  for (const llvm::object::SymbolRef& symbol : object->symbols()) {
    const uint32_t flags = unwrap(symbol.getFlags());
    const bool is_defined = (flags & llvm::object::SymbolRef::SF_Undefined) == 0;
    if (is_defined && (flags & llvm::object::SymbolRef::SF_Global) != 0)
      symbols.push_back(unwrap(symbol.getName()).str());
  }
  return symbols;
}

}  // namespace

Member make_member(std::string name, std::string object) {
  std::vector<std::string> symbols = symbols_of_object(object);
  const int64_t bytes = size_of(object);
  const auto kept = std::make_shared<const std::string>(std::move(object));
  return {std::move(name), std::move(symbols), bytes,
          [kept](const ByteSink& take) { take_text(take, *kept); }};
}

void write_bytes_of(const Member& member, const ByteSink& take) {
  int64_t written = 0;
  member.write([&](const void* data, size_t bytes) {
    written += static_cast<int64_t>(bytes);
    take(data, bytes);
  });
  if (written != member.bytes) throw std::logic_error(member.name + " has not the bytes that it promises");
}

void refuse_large_archive() {
  throw std::runtime_error("the archive would have more than 4 GiB");
}

void write_archive(const std::vector<Member>& members, ObjectFormat format, const ByteSink& take) {
  switch (format) {
    case ObjectFormat::macho:
      return write_darwin_archive(members, take);
    case ObjectFormat::elf:
    case ObjectFormat::coff:
    case ObjectFormat::wasm:
      return write_system_v_archive(members, take);
  }
  throw std::logic_error("a format of objects without archives");
}

}  // namespace cnnc
