// The symbols stand behind the sections, and the table of strings for names of more than eight letters behind
// them, at the end of the file. So new names are added there, and nothing moves.
#include <fmt/format.h>
#include <llvm/Object/COFF.h>

#include <cstdlib>
#include <cstring>

#include "emit/objects/formats.h"

namespace cnnc {

namespace {

using llvm::COFF::NameSize;
using llvm::object::coff_file_header;
using llvm::object::coff_section;
using llvm::object::coff_symbol16;

template <class T>
T value_at(const std::string& object, size_t at) {
  require_as_written(at <= object.size() && sizeof(T) <= object.size() - at);
  T value;
  std::memcpy(&value, object.data() + at, sizeof value);
  return value;
}

std::string long_name(const std::string& strings, size_t at) {
  require_as_written(at < strings.size());
  return strings.c_str() + at;
}

// Where the name is then.
size_t add_name(std::string& strings, const std::string& name) {
  const size_t at = strings.size();
  strings += name + '\0';
  return at;
}

// A section's long name is a slash and its place among the strings, in decimal digits.
void rename_section(coff_section& section, std::string& strings, const std::string& from,
                    const std::string& to) {
  if (section.Name[0] != '/') return;
  const std::string digits(section.Name + 1, strnlen(section.Name + 1, NameSize - 1));
  const std::string old = long_name(strings, std::strtoul(digits.c_str(), nullptr, 10));
  const std::string name = renamed(old, from, to);
  if (name == old) return;
  const std::string place = fmt::format("/{}", add_name(strings, name));
  require_as_written(place.size() <= NameSize);
  std::memset(section.Name, 0, NameSize);
  place.copy(section.Name, NameSize);
}

void rename(coff_symbol16& symbol, std::string& strings, const std::string& from, const std::string& to) {
  const bool is_long = symbol.Name.Offset.Zeroes == 0;
  const std::string old = is_long
                              ? long_name(strings, symbol.Name.Offset.Offset)
                              : std::string(symbol.Name.ShortName, strnlen(symbol.Name.ShortName, NameSize));
  const std::string name = renamed(old, from, to);
  if (name == old) return;
  std::memset(&symbol.Name, 0, sizeof symbol.Name);
  if (name.size() <= NameSize)
    name.copy(symbol.Name.ShortName, NameSize);
  else
    symbol.Name.Offset.Offset = static_cast<uint32_t>(add_name(strings, name));
}

// Changes the value at a place of the object.
template <class T, class Change>
void change_at(std::string& object, size_t at, const Change& change) {
  T value = value_at<T>(object, at);
  change(value);
  std::memcpy(&object[at], &value, sizeof value);
}

}  // namespace

// The length of the table, which counts itself, stands before its strings.
std::string rename_in_coff(const std::string& object, const std::string& from, const std::string& to) {
  const auto header = value_at<coff_file_header>(object, 0);
  const size_t symbols_at = header.PointerToSymbolTable, count = header.NumberOfSymbols;
  const size_t strings_at = symbols_at + count * sizeof(coff_symbol16);
  const auto length = value_at<llvm::support::ulittle32_t>(object, strings_at);
  require_as_written(!header.isImportLibrary() && header.SizeOfOptionalHeader == 0 &&
                     strings_at + length == object.size());
  std::string result = object.substr(0, strings_at), strings = object.substr(strings_at);
  for (size_t i = 0; i < header.NumberOfSections; ++i)
    change_at<coff_section>(result, sizeof header + i * sizeof(coff_section),
                            [&](coff_section& section) { rename_section(section, strings, from, to); });
  for (size_t i = 0; i < count; ++i)
    change_at<coff_symbol16>(result, symbols_at + i * sizeof(coff_symbol16), [&](coff_symbol16& symbol) {
      rename(symbol, strings, from, to);
      i += symbol.NumberOfAuxSymbols;
    });
  const llvm::support::ulittle32_t new_length(static_cast<uint32_t>(strings.size()));
  std::memcpy(strings.data(), &new_length, sizeof new_length);
  return result + strings;
}

}  // namespace cnnc
