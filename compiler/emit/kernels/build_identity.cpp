#include "emit/kernels/build_identity.h"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <cstring>
#include <string_view>

namespace cnnc {

namespace {

size_t padded(size_t bytes) {
  return (bytes + 3) / 4 * 4;
}

// The build ID among notes, each of them a header, the owner's name and what it says; "" if there is none.
std::string_view build_id_of(std::string_view notes) {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes.data(), sizeof note);
    const size_t says_at = sizeof note + padded(note.n_namesz), end = says_at + padded(note.n_descsz);
    if (end > notes.size()) return "";
    if (note.n_type == NT_GNU_BUILD_ID &&
        notes.substr(sizeof note, note.n_namesz) == std::string_view("GNU", 4))
      return notes.substr(says_at, note.n_descsz);
    notes.remove_prefix(end);
  }
  return "";
}

std::string_view build_id_of(const dl_phdr_info& object) {
  for (int i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object.dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const auto* notes = reinterpret_cast<const char*>(object.dlpi_addr + segment.p_vaddr);
    const std::string_view id = build_id_of(std::string_view(notes, segment.p_memsz));
    if (!id.empty()) return id;
  }
  return "";
}

// Adds one shared library's line; not 0 ends the walk.
int add_object(dl_phdr_info* object, size_t, void* identity) {
  const std::string_view name = object->dlpi_name;
  if (name.empty() || name == "linux-vdso.so.1") return 0;  // the program itself; the kernel's
  const std::string_view id = build_id_of(*object);
  for (const char c : id)
    *static_cast<std::string*>(identity) += fmt::format("{:02x}", static_cast<uint8_t>(c));
  *static_cast<std::string*>(identity) += '\n';
  return id.empty();
}

}  // namespace

std::optional<std::string> build_identity() {
  std::string identity = kKernelMakers;
  if (dl_iterate_phdr(add_object, &identity) != 0) return std::nullopt;
  return identity;
}

}  // namespace cnnc
