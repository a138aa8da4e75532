// A read-only section with the data and its symbol.
#include <elf.h>

#include <algorithm>

#include "emit/objects/formats.h"
#include "support/checked.h"

namespace cnnc {

namespace {

constexpr int64_t kPageBytes = 4096;
constexpr int64_t kDataAlignment = 64;  // in the file

// The sections of the object, in the order of their headers.
enum Section : uint16_t { kNull, kData, kSymbols, kStrings, kStack, kSections };

// Adds a name to the table of strings; its place there.
uint32_t add_string(std::string& strings, const std::string& text) {
  const size_t at = strings.size();
  strings += text + '\0';
  return static_cast<uint32_t>(at);
}

template <class T>
void append(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

Elf64_Shdr section(uint32_t name, uint32_t type, size_t offset, size_t bytes, uint64_t alignment) {
  Elf64_Shdr header{};
  header.sh_name = name;
  header.sh_type = type;
  header.sh_offset = offset;
  header.sh_size = bytes;
  header.sh_addralign = alignment;
  return header;
}

Elf64_Ehdr file_header(uint16_t machine) {
  Elf64_Ehdr header{};
  std::copy_n(ELFMAG, SELFMAG, header.e_ident);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_REL;
  header.e_machine = machine;
  header.e_version = EV_CURRENT;
  header.e_shoff = sizeof header;
  header.e_ehsize = sizeof header;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = kSections;
  header.e_shstrndx = kStrings;
  return header;
}

Elf64_Sym data_symbol(uint32_t name, int64_t bytes) {
  Elf64_Sym symbol{};
  symbol.st_name = name;
  symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT);
  symbol.st_other = STV_HIDDEN;
  symbol.st_shndx = kData;
  symbol.st_size = static_cast<uint64_t>(bytes);
  return symbol;
}

}  // namespace

// The file's header, the sections' headers, symbols, strings; the data last, so that all is known before.
std::string head_of_elf_data(const std::string& symbol, int64_t bytes, const Target& target) {
  std::string strings(1, '\0');
  const uint32_t symbol_name = add_string(strings, symbol),
                 data_name = add_string(strings, ".rodata." + symbol),
                 symbols_name = add_string(strings, ".symtab"), strings_name = add_string(strings, ".strtab"),
                 stack_name = add_string(strings, ".note.GNU-stack");
  const size_t symbols_at = sizeof(Elf64_Ehdr) + kSections * sizeof(Elf64_Shdr),
               symbols_bytes = 2 * sizeof(Elf64_Sym), strings_at = symbols_at + symbols_bytes;
  const auto data_at =
      static_cast<size_t>(round_up(static_cast<int64_t>(strings_at + strings.size()), kDataAlignment));

  Elf64_Shdr headers[kSections] = {};
  headers[kData] = section(data_name, SHT_PROGBITS, data_at, static_cast<size_t>(bytes), kPageBytes);
  headers[kData].sh_flags = SHF_ALLOC;
  headers[kSymbols] = section(symbols_name, SHT_SYMTAB, symbols_at, symbols_bytes, alignof(Elf64_Sym));
  headers[kSymbols].sh_link = kStrings;
  headers[kSymbols].sh_info = 1;  // the first symbol that is not local
  headers[kSymbols].sh_entsize = sizeof(Elf64_Sym);
  headers[kStrings] = section(strings_name, SHT_STRTAB, strings_at, strings.size(), 1);
  // Says that the stack need not be executable; without it the linker makes it so.
  headers[kStack] = section(stack_name, SHT_PROGBITS, data_at, 0, 1);

  std::string head;
  append(head, file_header(target.architecture->elf_machine));
  append(head, headers);
  append(head, Elf64_Sym{});
  append(head, data_symbol(symbol_name, bytes));
  head += strings;
  head.resize(data_at, '\0');
  return head;
}

}  // namespace cnnc
