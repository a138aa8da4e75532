// ar(5) as Apple's linkers want it, BSD's variant: names stand behind the headers, filled up so that the
// bytes of each member begin and end at multiples of 8. The first member, "__.SYMDEF", is the symbol index:
// its bytes, for each symbol the place of its name and that of its member's header, and the names with their
// bytes before them. Numbers are little-endian.
#include <llvm/Support/Endian.h>

#include "emit/objects/archive_formats.h"
#include "emit/objects/formats.h"
#include "support/checked.h"

namespace cnnc {

namespace {

constexpr int64_t kMultiple = 8;
constexpr std::string_view kIndexName = "__.SYMDEF";

int64_t rounded(int64_t bytes) {
  return round_up(bytes, kMultiple);
}

// A member that begins at a multiple of 8: the bytes of its name, with which its own begin at one, too.
int64_t name_bytes(std::string_view name) {
  return rounded(kMemberHeaderBytes + size_of(name)) - kMemberHeaderBytes;
}

int64_t place_of_member(std::string_view name, int64_t bytes) {
  return kMemberHeaderBytes + name_bytes(name) + rounded(bytes);
}

std::string begin_of_member(std::string_view name, int mode, int64_t bytes) {
  const int64_t count = name_bytes(name);
  std::string begin = member_header(fmt::format("#1/{}", count), mode, count + rounded(bytes));
  begin += name;
  begin.append(static_cast<size_t>(count - size_of(name)), '\0');
  return begin;
}

void add_number(std::string& bytes, int64_t number) {
  if (number > UINT32_MAX) refuse_large_archive();
  append(bytes, llvm::support::ulittle32_t(static_cast<uint32_t>(number)));
}

std::string symbol_index(const std::vector<Member>& members) {
  std::string names;
  std::vector<std::pair<int64_t, size_t>> entries;  // the place of the name, the member
  for (size_t i = 0; i < members.size(); ++i)
    for (const std::string& symbol : members[i].symbols) {
      entries.emplace_back(size_of(names), i);
      names += symbol + '\0';
    }
  const int64_t entries_bytes = 8 * static_cast<int64_t>(entries.size());
  const int64_t bytes = 4 + entries_bytes + 4 + size_of(names);
  std::vector<int64_t> places;
  int64_t place = size_of(kArchiveMagic) + place_of_member(kIndexName, bytes);
  for (const Member& member : members) {
    places.push_back(place);
    place += place_of_member(member.name, member.bytes);
  }
  std::string index;
  add_number(index, entries_bytes);
  for (const auto& [name, member] : entries) {
    add_number(index, name);
    add_number(index, places[member]);
  }
  add_number(index, size_of(names));
  index += names;
  index.append(static_cast<size_t>(rounded(bytes) - bytes), '\0');
  return index;
}

}  // namespace

void write_darwin_archive(const std::vector<Member>& members, const ByteSink& take) {
  const std::string index = symbol_index(members);
  take_text(take, kArchiveMagic);
  take_text(take, begin_of_member(kIndexName, 0, size_of(index)) + index);
  for (const Member& member : members) {
    take_text(take, begin_of_member(member.name, 644, member.bytes));
    write_bytes_of(member, take);
    take_text(take, std::string(static_cast<size_t>(rounded(member.bytes) - member.bytes), '\n'));
  }
}

}  // namespace cnnc
