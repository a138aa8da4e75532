// A read-only section with the data and its symbol. Objects of this format hide no symbols.
#include <llvm/Object/COFF.h>

#include <cstdint>
#include <stdexcept>

#include "emit/objects/formats.h"
#include "support/checked.h"

namespace cnnc {

namespace {

llvm::object::coff_file_header coff_header(uint16_t machine) {
  llvm::object::coff_file_header header{};
  header.Machine = machine;
  header.NumberOfSections = 1;
  header.NumberOfSymbols = 1;
  header.PointerToSymbolTable = sizeof header + sizeof(llvm::object::coff_section);
  return header;
}

llvm::object::coff_section section(int64_t at, int64_t bytes) {
  llvm::object::coff_section section{};
  std::string_view(".rdata").copy(section.Name, sizeof section.Name);
  section.SizeOfRawData = static_cast<uint32_t>(bytes);
  section.PointerToRawData = static_cast<uint32_t>(at);
  section.Characteristics = llvm::COFF::IMAGE_SCN_CNT_INITIALIZED_DATA | llvm::COFF::IMAGE_SCN_MEM_READ |
                            llvm::COFF::IMAGE_SCN_ALIGN_4096BYTES;
  return section;
}

// Its name is the first in the table of strings.
llvm::object::coff_symbol16 data_symbol() {
  llvm::object::coff_symbol16 symbol{};
  symbol.Name.Offset.Offset = sizeof(uint32_t);
  symbol.SectionNumber = 1;
  symbol.StorageClass = llvm::COFF::IMAGE_SYM_CLASS_EXTERNAL;
  return symbol;
}

}  // namespace

// The file's header, the section's, the symbol, strings; the data last, so that all is known before.
std::string head_of_coff_data(const std::string& symbol, int64_t bytes, const Target& target) {
  if (bytes > UINT32_MAX) throw std::runtime_error("an object for Windows holds at most 4 GiB");
  std::string head;
  append(head, coff_header(target.architecture->coff_machine));
  const size_t section_at = head.size();
  head.resize(section_at + sizeof(llvm::object::coff_section));
  append(head, data_symbol());
  append(head, llvm::support::ulittle32_t(static_cast<uint32_t>(sizeof(uint32_t) + symbol.size() + 1)));
  head += symbol + '\0';
  head.resize(static_cast<size_t>(round_up(static_cast<int64_t>(head.size()), kDataAlignment)), '\0');
  const llvm::object::coff_section data = section(static_cast<int64_t>(head.size()), bytes);
  head.replace(section_at, sizeof data, reinterpret_cast<const char*>(&data), sizeof data);
  return head;
}

}  // namespace cnnc
