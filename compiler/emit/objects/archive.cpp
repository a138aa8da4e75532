// ar(5), System V's variant: a magic line, then members, each a header of 60 characters and its bytes, at
// even places. The first, "/", is the symbol index, "//" the names that do not fit into a header.
// The linkers of all formats that there are here read this one, Microsoft's too.
#include "emit/objects/archive.h"

#include <fmt/format.h>
#include <llvm/BinaryFormat/Magic.h>
#include <llvm/Object/ObjectFile.h>

#include <memory>
#include <stdexcept>

namespace cnnc {

namespace {

constexpr std::string_view kMagic = "!<arch>\n";
constexpr int64_t kHeaderBytes = 60;
constexpr size_t kMostNameBytes = 15;  // and the slash that ends it

void take_text(const ByteSink& take, std::string_view text) {
  take(text.data(), text.size());
}

int64_t size_of(std::string_view text) {
  return static_cast<int64_t>(text.size());
}

// Of a member with so many bytes: its header, the bytes, and one that makes the place of the next even.
int64_t place_of_member(int64_t bytes) {
  return kHeaderBytes + bytes + bytes % 2;
}

// Name, date, owner, group, mode, bytes.
std::string header(std::string_view name, int mode, int64_t bytes) {
  return fmt::format("{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", name, 0, 0, 0, mode, bytes);
}

// The names as the headers have them, and the table of the long ones.
struct Names {
  std::vector<std::string> fields;
  std::string table;
};

Names names_of(const std::vector<Member>& members) {
  Names names;
  for (const Member& member : members) {
    const bool is_short = member.name.size() <= kMostNameBytes;
    names.fields.push_back(is_short ? member.name + "/" : fmt::format("/{}", names.table.size()));
    if (!is_short) names.table += member.name + "/\n";
  }
  if (names.table.size() % 2 != 0) names.table += '\n';
  return names;
}

std::string big_endian(int64_t number) {
  if (number > UINT32_MAX) throw std::runtime_error("the archive would have more than 4 GiB");
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xff);
  return bytes;
}

// The number of symbols, for each the place of its member, then their names.
std::string symbol_index(const std::vector<Member>& members, int64_t long_names_bytes) {
  int64_t count = 0, index_bytes = 4;
  std::string names;
  for (const Member& member : members)
    for (const std::string& symbol : member.symbols) {
      ++count;
      names += symbol + '\0';
    }
  if (names.size() % 2 != 0) names += '\0';
  index_bytes += 4 * count + size_of(names);
  int64_t place = size_of(kMagic) + place_of_member(index_bytes);
  if (long_names_bytes > 0) place += place_of_member(long_names_bytes);
  std::string index = big_endian(count);
  for (const Member& member : members) {
    for (size_t i = 0; i < member.symbols.size(); ++i) index += big_endian(place);
    place += place_of_member(member.bytes);
  }
  return index + names;
}

void write_member(const Member& member, const std::string& name, const ByteSink& take) {
  take_text(take, header(name, 644, member.bytes));
  int64_t written = 0;
  member.write([&](const void* data, size_t bytes) {
    written += static_cast<int64_t>(bytes);
    take(data, bytes);
  });
  if (written != member.bytes) throw std::logic_error(member.name + " has not the bytes that it promises");
  if (written % 2 != 0) take_text(take, "\n");
}

template <class T>
T unwrap(llvm::Expected<T> value) {
  if (!value) throw std::logic_error("an object is damaged: " + llvm::toString(value.takeError()));
  return std::move(*value);
}

std::vector<std::string> symbols_of_object(const std::string& bytes) {
  const llvm::file_magic magic = llvm::identify_magic(bytes);
  if (magic != llvm::file_magic::elf_relocatable && magic != llvm::file_magic::coff_object &&
      magic != llvm::file_magic::wasm_object)
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

void write_archive(const std::vector<Member>& members, ObjectFormat /*format*/, const ByteSink& take) {
  const Names names = names_of(members);
  const std::string index = symbol_index(members, size_of(names.table));
  take_text(take, kMagic);
  take_text(take, header("/", 0, size_of(index)) + index);
  if (!names.table.empty()) take_text(take, header("//", 0, size_of(names.table)) + names.table);
  for (size_t i = 0; i < members.size(); ++i) write_member(members[i], names.fields[i], take);
}

}  // namespace cnnc
