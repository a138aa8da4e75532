// LLVM writes one table of strings, for the names of sections and symbols alike, behind all other sections;
// only the sections' headers follow. So the table can be made anew, of any size, and nothing else moves.
#include <elf.h>
#include <llvm/MC/StringTableBuilder.h>
#include <llvm/Support/raw_ostream.h>

#include <cstring>
#include <vector>

#include "emit/objects/formats.h"
#include "support/checked.h"

namespace cnnc {

namespace {

// `count` values of a type at a place of the object.
template <class T>
std::vector<T> values_at(const std::string& object, uint64_t at, uint64_t count) {
  require_as_written(at <= object.size() && count <= (object.size() - at) / sizeof(T));
  std::vector<T> values(count);
  std::memcpy(values.data(), object.data() + at, count * sizeof(T));
  return values;
}

template <class T>
void put(std::string& object, uint64_t at, const std::vector<T>& values) {
  if (object.size() < at + values.size() * sizeof(T)) object.resize(at + values.size() * sizeof(T), '\0');
  std::memcpy(object.data() + at, values.data(), values.size() * sizeof(T));
}

// The parts of an object that hold names, or say where they are.
struct Parts {
  Elf64_Ehdr header;
  std::vector<Elf64_Shdr> sections;
  std::vector<Elf64_Sym> symbols;
  size_t symbols_at = 0;
  Elf64_Shdr strings;
};

Parts parts_of(const std::string& object) {
  Parts parts;
  parts.header = values_at<Elf64_Ehdr>(object, 0, 1)[0];
  require_as_written(std::memcmp(parts.header.e_ident, ELFMAG, SELFMAG) == 0 &&
                     parts.header.e_type == ET_REL);
  parts.sections = values_at<Elf64_Shdr>(object, parts.header.e_shoff, parts.header.e_shnum);
  require_as_written(parts.header.e_shstrndx < parts.sections.size());
  parts.strings = parts.sections[parts.header.e_shstrndx];
  require_as_written(parts.strings.sh_offset <= parts.header.e_shoff &&
                     parts.strings.sh_size <= parts.header.e_shoff - parts.strings.sh_offset);
  for (const Elf64_Shdr& section : parts.sections) {
    require_as_written(section.sh_type == SHT_NULL || section.sh_offset <= parts.strings.sh_offset);
    if (section.sh_type != SHT_SYMTAB) continue;
    require_as_written(section.sh_link == parts.header.e_shstrndx && parts.symbols.empty());
    parts.symbols_at = section.sh_offset;
    parts.symbols = values_at<Elf64_Sym>(object, section.sh_offset, section.sh_size / sizeof(Elf64_Sym));
  }
  return parts;
}

// The name at a place of the table of strings, with the new words in it.
std::string new_name(const std::string& strings, uint32_t at, const std::string& from,
                     const std::string& to) {
  require_as_written(at < strings.size());
  return renamed(strings.c_str() + at, from, to);
}

// A table of these strings; where each stands goes to the place beside it.
std::string place_names(const std::vector<std::pair<Elf64_Word*, std::string>>& names) {
  llvm::StringTableBuilder table(llvm::StringTableBuilder::ELF);
  for (const auto& [place, name] : names) table.add(name);
  table.finalize();
  for (const auto& [place, name] : names)
    *place = name.empty() ? 0 : static_cast<Elf64_Word>(table.getOffset(name));
  std::string bytes;
  llvm::raw_string_ostream out(bytes);
  table.write(out);
  return out.str();
}

}  // namespace

std::string rename_in_elf(const std::string& object, const std::string& from, const std::string& to) {
  Parts parts = parts_of(object);
  const std::string strings = object.substr(parts.strings.sh_offset, parts.strings.sh_size);
  std::vector<std::pair<Elf64_Word*, std::string>> names;
  for (Elf64_Shdr& s : parts.sections) names.emplace_back(&s.sh_name, new_name(strings, s.sh_name, from, to));
  for (Elf64_Sym& s : parts.symbols) names.emplace_back(&s.st_name, new_name(strings, s.st_name, from, to));
  const std::string new_strings = place_names(names);

  parts.sections[parts.header.e_shstrndx].sh_size = new_strings.size();
  const uint64_t end = parts.strings.sh_offset + new_strings.size();
  parts.header.e_shoff = static_cast<uint64_t>(round_up(static_cast<int64_t>(end), alignof(Elf64_Shdr)));
  std::string result = object.substr(0, parts.strings.sh_offset) + new_strings;
  put(result, 0, std::vector<Elf64_Ehdr>{parts.header});
  put(result, parts.symbols_at, parts.symbols);
  put(result, parts.header.e_shoff, parts.sections);
  return result;
}

}  // namespace cnnc
