// A section for constants with the data and its symbol, which other images do not see (private extern). What
// is read of it stands behind the data, as LLVM writes it.
#include <llvm/BinaryFormat/MachO.h>

#include <stdexcept>
#include <string_view>

#include "emit/objects/formats.h"
#include "support/checked.h"

namespace cnnc {

namespace {

// The load commands, in their order.
struct Commands {
  llvm::MachO::mach_header_64 header{};
  llvm::MachO::segment_command_64 segment{};
  llvm::MachO::section_64 section{};
  llvm::MachO::build_version_command version{};
  llvm::MachO::symtab_command symbols{};
};

constexpr uint32_t kPageAsPower = 14;  // 16 KiB, AArch64's

void set_name(char (&field)[16], std::string_view text) {
  text.copy(field, sizeof field);
}

llvm::MachO::segment_command_64 macho_segment(uint64_t at, uint64_t bytes) {
  llvm::MachO::segment_command_64 segment{};
  segment.cmd = llvm::MachO::LC_SEGMENT_64;
  segment.cmdsize = sizeof segment + sizeof(llvm::MachO::section_64);
  segment.vmsize = segment.filesize = bytes;
  segment.fileoff = at;
  segment.maxprot = segment.initprot =
      llvm::MachO::VM_PROT_READ | llvm::MachO::VM_PROT_WRITE | llvm::MachO::VM_PROT_EXECUTE;
  segment.nsects = 1;
  return segment;
}

llvm::MachO::section_64 macho_section(uint32_t at, uint64_t bytes) {
  llvm::MachO::section_64 section{};
  set_name(section.sectname, "__const");
  set_name(section.segname, "__TEXT");
  section.size = bytes;
  section.offset = at;
  section.align = kPageAsPower;
  return section;
}

llvm::MachO::build_version_command least_version() {
  llvm::MachO::build_version_command version{};
  version.cmd = llvm::MachO::LC_BUILD_VERSION;
  version.cmdsize = sizeof version;
  version.platform = llvm::MachO::PLATFORM_MACOS;
  version.minos = kLeastMacos << 16;
  return version;
}

llvm::MachO::nlist_64 macho_symbol() {
  llvm::MachO::nlist_64 symbol{};
  symbol.n_strx = 1;  // behind a blank name
  symbol.n_type = llvm::MachO::N_SECT | llvm::MachO::N_EXT | llvm::MachO::N_PEXT;
  symbol.n_sect = 1;
  return symbol;
}

}  // namespace

DataObject macho_data(const std::string& symbol, int64_t bytes, const Target& target) {
  if (bytes > UINT32_MAX - (int64_t{1} << 20))
    throw std::runtime_error("an object for macOS holds at most 4 GiB");
  const auto at = static_cast<uint32_t>(round_up(sizeof(Commands), kDataAlignment));
  std::string strings = '\0' + symbol + '\0';
  strings.resize(static_cast<size_t>(round_up(static_cast<int64_t>(strings.size()), 8)), '\0');

  Commands commands;
  commands.header.magic = llvm::MachO::MH_MAGIC_64;
  commands.header.cputype = target.architecture->macho_cpu;
  commands.header.cpusubtype = target.architecture->macho_subtype;
  commands.header.filetype = llvm::MachO::MH_OBJECT;
  commands.header.ncmds = 3;
  commands.header.sizeofcmds = sizeof commands - sizeof commands.header;
  commands.header.flags = llvm::MachO::MH_SUBSECTIONS_VIA_SYMBOLS;
  commands.segment = macho_segment(at, static_cast<uint64_t>(bytes));
  commands.section = macho_section(at, static_cast<uint64_t>(bytes));
  commands.version = least_version();
  commands.symbols.cmd = llvm::MachO::LC_SYMTAB;
  commands.symbols.cmdsize = sizeof commands.symbols;
  const std::string to_multiple(static_cast<size_t>(round_up(bytes, 8) - bytes), '\0');
  commands.symbols.symoff = static_cast<uint32_t>(at + bytes + static_cast<int64_t>(to_multiple.size()));
  commands.symbols.nsyms = 1;
  commands.symbols.stroff = commands.symbols.symoff + sizeof(llvm::MachO::nlist_64);
  commands.symbols.strsize = static_cast<uint32_t>(strings.size());

  DataObject object;
  append(object.head, commands);
  object.head.resize(at, '\0');
  object.tail = to_multiple;
  append(object.tail, macho_symbol());
  object.tail += strings;
  return object;
}

}  // namespace cnnc
