// Which files a compilation writes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "driver/options/options.h"
#include "emit/library/library.h"

namespace cnnc {

struct Outputs {
  std::string archive, header;         // empty with --emit
  std::optional<std::string> weights;  // only with --weights-file
};

// Throws UsageError where -o names no archive, or where two of the files that are read and written are one.
Outputs choose_outputs(const CompileOptions& options);

// The path of the ONNX model. Throws UsageError where -o names none, or a file that is read.
std::string choose_export(const ExportOptions& options);

struct ImportOutputs {
  std::string text, weights;
};

// Throws UsageError where -o names no text, or where a file would be overwritten that is read.
ImportOutputs choose_import(const ImportOptions& options);

// Throws UsageError where a report would overwrite a file that is read or the other report.
void check_reports(const BenchOptions& options);

// What there is to say of the size of a library that has its weights inside: of more than 10^9 bytes of
// weights, that two such libraries may not fit into one program, and what to do. `name` is the network's
// file.
std::optional<std::string> note_of_size(int64_t weights_bytes, const std::string& name);

// All of them or none. Throws InputError.
void write_outputs(const Outputs& outputs, const Library& library);

}  // namespace cnnc
