// Output that appears whole or not at all.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "support/bytes.h"

namespace cnnc {

// A file cannot be written: the path and the system's reason (a full disk, a missing folder).
struct FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What is written to is a pipe whose reader has gone. No error to report: who reads has what it wants.
struct ClosedPipe {};

// What a file is to hold: text, or bytes that are made while they are written.
using Content = std::variant<std::string_view, ByteSource>;

// Throws FileError, ClosedPipe, and what a source throws.
// Each content goes to a temporary file beside its path; once all are written they are renamed, in order. A
// failed or interrupted (SIGINT, SIGTERM, SIGHUP) run leaves the old files as they were and no temporary
// ones; a killed one leaves the old files. A path to a pipe or a device is written, never replaced; a link
// stays a link.
void write_files_atomically(const std::vector<std::pair<std::string, Content>>& path_and_content);
void write_file_atomically(const std::string& path, std::string_view content);

}  // namespace cnnc
