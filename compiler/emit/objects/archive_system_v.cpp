// ar(5), System V's variant: a magic line, then members, each a header of 60 characters and its bytes, at
// even places. The first, "/", is the symbol index, "//" the names that do not fit into a header.
// The linkers of ELF, COFF and WebAssembly read this one, Microsoft's too.
#include "emit/objects/archive_formats.h"

namespace cnnc {

namespace {

constexpr size_t kMostNameBytes = 15;  // and the slash that ends it

// Of a member with so many bytes: its header, the bytes, and one that makes the place of the next even.
int64_t place_of_member(int64_t bytes) {
  return kMemberHeaderBytes + bytes + bytes % 2;
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
  if (number > UINT32_MAX) refuse_large_archive();
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
  int64_t place = size_of(kArchiveMagic) + place_of_member(index_bytes);
  if (long_names_bytes > 0) place += place_of_member(long_names_bytes);
  std::string index = big_endian(count);
  for (const Member& member : members) {
    for (size_t i = 0; i < member.symbols.size(); ++i) index += big_endian(place);
    place += place_of_member(member.bytes);
  }
  return index + names;
}

void write_member(const Member& member, const std::string& name, const ByteSink& take) {
  take_text(take, member_header(name, 644, member.bytes));
  write_bytes_of(member, take);
  if (member.bytes % 2 != 0) take_text(take, "\n");
}

}  // namespace

void write_system_v_archive(const std::vector<Member>& members, const ByteSink& take) {
  const Names names = names_of(members);
  const std::string index = symbol_index(members, size_of(names.table));
  take_text(take, kArchiveMagic);
  take_text(take, member_header("/", 0, size_of(index)) + index);
  if (!names.table.empty()) take_text(take, member_header("//", 0, size_of(names.table)) + names.table);
  for (size_t i = 0; i < members.size(); ++i) write_member(members[i], names.fields[i], take);
}

}  // namespace cnnc
