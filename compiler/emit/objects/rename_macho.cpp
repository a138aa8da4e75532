// LLVM writes the table of strings last, and symbols alone have names there: new names are added to it, and
// nothing moves.
#include <llvm/BinaryFormat/MachO.h>

#include <cstring>

#include "emit/objects/formats.h"
#include "support/checked.h"

namespace cnnc {

namespace {

template <class T>
T read_at(const std::string& object, uint64_t at) {
  require_as_written(at <= object.size() && sizeof(T) <= object.size() - at);
  T value;
  std::memcpy(&value, object.data() + at, sizeof value);
  return value;
}

template <class T>
void write_at(std::string& object, uint64_t at, const T& value) {
  std::memcpy(&object[at], &value, sizeof value);
}

// Where the load command is that says where the symbols are.
uint64_t place_of_symtab(const std::string& object) {
  const auto header = read_at<llvm::MachO::mach_header_64>(object, 0);
  require_as_written(header.magic == llvm::MachO::MH_MAGIC_64 && header.filetype == llvm::MachO::MH_OBJECT);
  uint64_t at = sizeof header;
  for (uint32_t i = 0; i < header.ncmds; ++i) {
    const auto command = read_at<llvm::MachO::load_command>(object, at);
    if (command.cmd == llvm::MachO::LC_SYMTAB) return at;
    require_as_written(command.cmdsize >= sizeof command);
    at += command.cmdsize;
  }
  require_as_written(false);
  return 0;
}

}  // namespace

std::string rename_in_macho(const std::string& object, const std::string& from, const std::string& to) {
  const uint64_t symtab_at = place_of_symtab(object);
  auto symtab = read_at<llvm::MachO::symtab_command>(object, symtab_at);
  require_as_written(uint64_t{symtab.stroff} + symtab.strsize == object.size() &&
                     symtab.symoff <= symtab.stroff &&
                     symtab.nsyms <= (symtab.stroff - symtab.symoff) / sizeof(llvm::MachO::nlist_64));
  std::string result = object;
  for (uint32_t i = 0; i < symtab.nsyms; ++i) {
    const uint64_t at = symtab.symoff + i * sizeof(llvm::MachO::nlist_64);
    auto symbol = read_at<llvm::MachO::nlist_64>(object, at);
    require_as_written(symbol.n_strx < symtab.strsize);
    const std::string old = object.c_str() + symtab.stroff + symbol.n_strx, name = renamed(old, from, to);
    if (name == old) continue;
    symbol.n_strx = static_cast<uint32_t>(result.size() - symtab.stroff);
    write_at(result, at, symbol);
    result += name + '\0';
  }
  result.resize(static_cast<size_t>(round_up(static_cast<int64_t>(result.size()), 8)), '\0');
  symtab.strsize = static_cast<uint32_t>(result.size() - symtab.stroff);
  write_at(result, symtab_at, symtab);
  return result;
}

}  // namespace cnnc
