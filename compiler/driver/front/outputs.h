// Which files a compilation writes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "driver/options/options.h"
#include "emit/library/library.h"

namespace cnnc {

// What the library is: by the suffix of -o, such as '.a', '.so', '.o' and '.wasm'.
enum class LibraryKind { archive, shared, object, module };

struct Outputs {
  LibraryKind kind = LibraryKind::archive;
  std::string library, header;                                      // empty with --emit
  std::optional<std::string> weights, depfile, pkg_config, python;  // where asked for
  std::optional<std::string> imports;                               // beside a shared library that wants it
  // Of a module, which has no header: the script that loads it, its types, and where asked for package.json.
  std::optional<std::string> script, types, npm;
};

// Where -o is a folder, the library is named after the model and an archive. The header is named after the
// library, without the "lib" in front. Throws UsageError where -o names no library, or where two of the files
// that are read and written are one.
Outputs choose_outputs(const CompileOptions& options);

// The path of the ONNX model. Throws UsageError where -o names none, or a file that is read.
std::string choose_export(const ExportOptions& options);

// The same for the file of a quantisation.
std::string choose_quantization(const QuantizeOptions& options);

// The path of the picture. Throws UsageError where -o names none, or a file that is read.
std::string choose_picture(const PlotOptions& options);

// The same for the page of a report.
std::string choose_report(const ReportOptions& options);

struct ImportOutputs {
  std::string text, weights, quantization;  // the last is written of a quantised model
};

// Throws UsageError where -o names no text, or where a file would be overwritten that is read.
ImportOutputs choose_import(const ImportOptions& options);

// Throws UsageError where a report would overwrite a file that is read or the other report.
void check_reports(const BenchOptions& options);

// What there is to say of the size of a library that has its weights inside: of more than 10^9 bytes of
// weights, that two such libraries may not fit into one program, and what to do. `name` is the network's
// file.
std::optional<std::string> note_of_size(int64_t weights_bytes, const std::string& name);

// What a compilation reads: the model, weights and schedules, and what the model brings with it.
std::vector<std::string> files_read(const CompileOptions& options, const std::vector<std::string>& of_model);

// All of them or none. `read` is for the depfile, `network` the name for pkg-config. Throws InputError.
void write_outputs(const Outputs& outputs, const Library& library, const std::vector<std::string>& read,
                   const std::string& network, const Target& target);

// "wrote lenet5.a (312,456 bytes) and lenet5.h", with further files behind, for the console.
std::string what_was_written(const Outputs& outputs);

}  // namespace cnnc
