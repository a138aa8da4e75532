// An archive of ours → what a linker makes of it, by LLD, which is part of cnnc: no other linker is called.
#pragma once
#include <string>
#include <vector>

#include "support/bytes.h"
#include "target/target.h"

namespace cnnc {

// These throw std::runtime_error where LLD refuses, or the folder for temporary files is full.

// A shared library of all members, which programs load by that name. It exports `functions`, those of the
// header, has no text relocations, and names no library beside those of the system: the functions of the C
// library are found in the program that loads it, on Windows in the system's own.
ByteSource shared_library(const ByteSource& archive, const std::string& name,
                          const std::vector<std::string>& functions, const Target& target);

// What a program for Windows is linked with in place of the shared library of that name.
ByteSource import_library(const std::string& name, const std::vector<std::string>& functions,
                          const Target& target);

// A module of all members, which exports what shared_library() would, its memory, and `__heap_base`, where
// that is free from on. Functions that no member defines are imports where it may have some, else an error.
ByteSource script_module(const ByteSource& archive, const System& system, bool may_import = false);

// All members in one object, whose hidden symbols stay so.
ByteSource one_object(const ByteSource& archive, const System& system);

}  // namespace cnnc
