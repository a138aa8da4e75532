// archive.h for each format, and what their files share. For the files of this folder alone.
#pragma once
#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "emit/objects/archive.h"

namespace cnnc {

void write_system_v_archive(const std::vector<Member>& members, const ByteSink& take);
void write_darwin_archive(const std::vector<Member>& members, const ByteSink& take);

constexpr std::string_view kArchiveMagic = "!<arch>\n";
constexpr int64_t kMemberHeaderBytes = 60;

inline void take_text(const ByteSink& take, std::string_view text) {
  take(text.data(), text.size());
}

inline int64_t size_of(std::string_view text) {
  return static_cast<int64_t>(text.size());
}

// Name, date, owner, group, mode, bytes.
inline std::string member_header(std::string_view name, int mode, int64_t bytes) {
  return fmt::format("{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", name, 0, 0, 0, mode, bytes);
}

// Throws std::logic_error where the member has not the bytes that it promises.
void write_bytes_of(const Member& member, const ByteSink& take);

// The error of archives whose places do not fit into an index of so many bits.
[[noreturn]] void refuse_large_archive();

}  // namespace cnnc
