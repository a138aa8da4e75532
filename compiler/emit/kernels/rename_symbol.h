// A symbol of a compiled kernel → another name, without compiling it anew.
#pragma once
#include <string>

namespace cnnc {

// A relocatable ELF object, as LLVM writes it for x86-64, with `to` in place of `from` in the names of all
// symbols and sections that contain it. `from` and `to` need not be of one length; the code stays as it is.
// Throws std::logic_error for anything else than such an object.
std::string rename_symbol(const std::string& object, const std::string& from, const std::string& to);

}  // namespace cnnc
