#include "emit/library/weights_object.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "runtime/cnnc_rt.h"
#include "support/checked.h"
#include "support/half.h"

namespace cnnc {

namespace {

constexpr int64_t kPieceBytes = int64_t{4} << 20;  // about; a tile of outputs may be more
constexpr int64_t kPageBytes = 4096;

// Tiles of a constant that are packed at a time: their bytes are a multiple of kAlignment.
int64_t tiles_of_piece(const Packing& packing) {
  const int64_t bytes = packing.tile_bytes();
  const int64_t whole = kAlignment / std::gcd(kAlignment, bytes);
  return std::max<int64_t>(1, kPieceBytes / (bytes * whole)) * whole;
}

// The sections of the object, in the order of their headers.
enum Section : uint16_t { kNull, kWeights, kSymbols, kStrings, kStack, kSections };

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

Elf64_Sym weights_symbol(uint32_t name, int64_t bytes) {
  Elf64_Sym symbol{};
  symbol.st_name = name;
  symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT);
  symbol.st_other = STV_HIDDEN;
  symbol.st_shndx = kWeights;
  symbol.st_size = static_cast<uint64_t>(bytes);
  return symbol;
}

// Each value as the bytes of what `convert` makes of it.
template <class T, class Convert>
std::string bytes_of(const std::vector<T>& values, Convert convert) {
  using Stored = decltype(convert(T()));
  std::string bytes(values.size() * sizeof(Stored), '\0');
  for (size_t i = 0; i < values.size(); ++i) {
    const Stored value = convert(values[i]);
    std::memcpy(&bytes[i * sizeof value], &value, sizeof value);
  }
  return bytes;
}

std::string bytes_of_floats(const std::vector<float>& values, ElementType type) {
  if (type == ElementType::float16) return bytes_of(values, f16_from_float);
  if (type == ElementType::bfloat16) return bytes_of(values, bf16_from_float);
  return bytes_of(values, [](float value) { return value; });
}

std::string bytes_of_integers(const std::vector<int32_t>& values, ElementType type) {
  if (type == ElementType::int8) return bytes_of(values, [](int32_t v) { return static_cast<int8_t>(v); });
  return bytes_of(values, [](int32_t value) { return value; });
}

std::string packed_bytes(const Constant& constant, int64_t begin, int64_t end) {
  const ElementType type = constant.packing.type;
  if (constant.values) return bytes_of_floats(pack(constant.packing, *constant.values, begin, end), type);
  if (!constant.integers) throw std::logic_error("no values for " + constant.name);
  return bytes_of_integers(pack(constant.packing, *constant.integers, begin, end), type);
}

}  // namespace

void write_weights(const Plans& plans, const ByteSink& take) {
  int64_t written = 0;
  for (const Constant& constant : plans.constants) {
    const int64_t tiles = constant.packing.tiles(), step = tiles_of_piece(constant.packing);
    for (int64_t tile = 0; tile < tiles; tile += step) {
      std::string piece = packed_bytes(constant, tile, std::min(tile + step, tiles));
      piece.resize(static_cast<size_t>(round_up(static_cast<int64_t>(piece.size()), kAlignment)), '\0');
      take(piece.data(), piece.size());
      written += static_cast<int64_t>(piece.size());
    }
  }
  if (written != plans.weights_bytes) throw std::logic_error("the weights do not have the planned size");
}

uint64_t hash_weights(const Plans& plans) {
  uint64_t hash = CNNC_RT_HASH_OF_NOTHING;
  write_weights(plans, [&](const void* data, size_t bytes) { hash = cnnc_rt_hash(hash, data, bytes); });
  return hash;
}

// The file's header, the sections' headers, symbols, strings; the weights last, so that all is known before.
std::string head_of_weights_object(const std::string& symbol, int64_t bytes,
                                   const Architecture& architecture) {
  std::string strings(1, '\0');
  const uint32_t symbol_name = add_string(strings, symbol),
                 weights_name = add_string(strings, ".rodata." + symbol),
                 symbols_name = add_string(strings, ".symtab"), strings_name = add_string(strings, ".strtab"),
                 stack_name = add_string(strings, ".note.GNU-stack");
  const size_t symbols_at = sizeof(Elf64_Ehdr) + kSections * sizeof(Elf64_Shdr),
               symbols_bytes = 2 * sizeof(Elf64_Sym), strings_at = symbols_at + symbols_bytes;
  const auto weights_at =
      static_cast<size_t>(round_up(static_cast<int64_t>(strings_at + strings.size()), kAlignment));

  Elf64_Shdr headers[kSections] = {};
  headers[kWeights] = section(weights_name, SHT_PROGBITS, weights_at, static_cast<size_t>(bytes), kPageBytes);
  headers[kWeights].sh_flags = SHF_ALLOC;
  headers[kSymbols] = section(symbols_name, SHT_SYMTAB, symbols_at, symbols_bytes, alignof(Elf64_Sym));
  headers[kSymbols].sh_link = kStrings;
  headers[kSymbols].sh_info = 1;  // the first symbol that is not local
  headers[kSymbols].sh_entsize = sizeof(Elf64_Sym);
  headers[kStrings] = section(strings_name, SHT_STRTAB, strings_at, strings.size(), 1);
  // Says that the stack need not be executable; without it the linker makes it so.
  headers[kStack] = section(stack_name, SHT_PROGBITS, weights_at, 0, 1);

  std::string head;
  append(head, file_header(architecture.elf_machine));
  append(head, headers);
  append(head, Elf64_Sym{});
  append(head, weights_symbol(symbol_name, bytes));
  head += strings;
  head.resize(weights_at, '\0');
  return head;
}

}  // namespace cnnc
