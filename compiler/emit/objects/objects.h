// Objects as bytes. What is done with them depends on their format, and is in a file for each of that name.
#pragma once
#include <cstdint>
#include <string>

#include "target/target.h"

namespace cnnc {

// A symbol of a compiled kernel → another name, without compiling it anew: a relocatable object, as LLVM
// writes it, with `to` in place of `from` in the names of all symbols and sections that contain it. `from`
// and `to` need not be of one length; the code stays as it is. Throws std::logic_error for anything else than
// such an object.
std::string rename_symbol(const std::string& object, const std::string& from, const std::string& to);

// What stands before and behind the data in an object.
struct DataObject {
  std::string head, tail;
};

// An object with nothing but `bytes` bytes of read-only data, aligned to a page (of a module for WebAssembly,
// to 64), under one hidden symbol. Throws std::runtime_error where the format cannot hold so
// many.
DataObject data_object(const std::string& symbol, int64_t bytes, const Target& target);

}  // namespace cnnc
