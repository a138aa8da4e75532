// Objects → a static library.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "support/bytes.h"
#include "target/system.h"

namespace cnnc {

// An object file of an archive.
struct Member {
  std::string name;
  std::vector<std::string> symbols;  // that it defines for others
  int64_t bytes = 0;
  ByteSource write;  // passes so many bytes
};

// An object in memory, with the symbols that it defines; none if the bytes are no object.
Member make_member(std::string name, std::string object);

// An ar archive as the linkers of the format want it, with a symbol index; no times, owners or paths in it.
// Throws std::runtime_error for one that is too large for the index, 4 GiB; std::logic_error where a member
// has not the bytes that it promises.
void write_archive(const std::vector<Member>& members, ObjectFormat format, const ByteSink& take);

}  // namespace cnnc
