#include "driver/front/outputs.h"

#include <fmt/format.h>

#include <filesystem>

#include "driver/console/numbers.h"
#include "driver/front/front.h"
#include "driver/options/option_values.h"

namespace cnnc {
namespace {

namespace fs = std::filesystem;

struct Use {
  std::string path, what;
};

// The same file, also through links and where it does not exist yet.
bool same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  if (fs::equivalent(a, b, error) && !error) return true;
  const fs::path first = fs::weakly_canonical(fs::absolute(a), error);
  const fs::path second = fs::weakly_canonical(fs::absolute(b), error);
  return !error && first == second;
}

void check_distinct(const std::vector<Use>& read, const std::vector<Use>& written) {
  for (size_t i = 0; i < written.size(); i++) {
    for (const Use& use : read)
      if (same_file(written[i].path, use.path))
        throw UsageError{fmt::format("{} '{}' would overwrite {} '{}'", written[i].what, written[i].path,
                                     use.what, use.path)};
    for (size_t j = 0; j < i; j++)
      if (same_file(written[i].path, written[j].path))
        throw UsageError{
            fmt::format("{} and {} are one file, '{}'", written[j].what, written[i].what, written[i].path)};
  }
}

// Text in the place of an archive that was built before would be found by the linker alone.
void refuse_archive_of_text(const std::string& path) {
  if (fs::path(path).extension() != ".a") return;
  throw UsageError{
      fmt::format("'--emit' writes text; '-o {}' would make an archive of it: give it another suffix", path)};
}

// Said before the compilation, which may take minutes.
void require_folder(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  std::error_code error;
  if (folder.empty() || fs::is_directory(folder, error)) return;
  const fs::file_type type = fs::status(folder, error).type();
  if (type == fs::file_type::none || type == fs::file_type::unknown) return;
  const bool is_missing = type == fs::file_type::not_found;
  throw InputError{fmt::format("cnnc: error: cannot write '{}': {}\n", path,
                               is_missing ? fmt::format("there is no folder '{}'", folder.string())
                                          : fmt::format("'{}' is no folder", folder.string()))};
}

std::string archive_path(const CompileOptions& options) {
  if (!options.output && options.model == "-")
    throw UsageError{
        "a network from the standard input has no name to call its archive by: write '-o MODEL.a'"};
  if (!options.output) return fs::path(options.model).stem().string() + ".a";
  const fs::path path(*options.output);
  if (path.extension() == ".a") return *options.output;
  throw UsageError{
      fmt::format("'-o' names the archive, which ends in '.a'; found '{}'. The header is written beside "
                  "it, as '{}'",
                  *options.output, fs::path(path).replace_extension(".h").string())};
}

std::vector<Use> files_read(const std::string& model, const Weights& weights,
                            const std::vector<std::string>& schedules = {}) {
  std::vector<Use> read;
  if (model != "-") read.push_back({model, "the network"});
  if (const auto* file = std::get_if<WeightsFile>(&weights)) read.push_back({file->path, "the weights"});
  for (const std::string& file : schedules)
    if (file != "default" && file != "tuned") read.push_back({file, "the schedules"});
  return read;
}

}  // namespace

Outputs choose_outputs(const CompileOptions& options) {
  if (options.emit) {
    if (!options.output) return {};
    refuse_archive_of_text(*options.output);
    check_distinct(files_read(options.model, options.weights, options.schedules),
                   {{*options.output, "the output"}});
    require_folder(*options.output);
    return {};
  }
  const std::string archive = archive_path(options);
  const Outputs outputs{archive, fs::path(archive).replace_extension(".h").string(), options.weights_file};
  std::vector<Use> written = {{outputs.archive, "the archive"}, {outputs.header, "the header"}};
  if (outputs.weights) written.push_back({*outputs.weights, "the weights file"});
  check_distinct(files_read(options.model, options.weights, options.schedules), written);
  require_folder(outputs.archive);
  if (outputs.weights) require_folder(*outputs.weights);
  return outputs;
}

std::string choose_export(const ExportOptions& options) {
  if (!options.output && options.model == "-")
    throw UsageError{
        "a network from the standard input has no name to call its model by: write '-o MODEL.onnx'"};
  const std::string path = options.output.value_or(fs::path(options.model).stem().string() + ".onnx");
  if (!is_onnx(path))
    throw UsageError{fmt::format("'-o' names the ONNX model, which ends in '.onnx'; found '{}'", path)};
  check_distinct(files_read(options.model, options.weights), {{path, "the ONNX model"}});
  require_folder(path);
  return path;
}

ImportOutputs choose_import(const ImportOptions& options) {
  const std::string text = options.output.value_or(fs::path(options.model).stem().string() + ".dsl");
  const std::string weights = fs::path(text).replace_extension(".safetensors").string();
  if (fs::path(text).extension() != ".dsl")
    throw UsageError{
        fmt::format("'-o' names the text, which ends in '.dsl'; found '{}'. The weights are written beside "
                    "it, as '{}'",
                    text, weights)};
  check_distinct({{options.model, "the model"}}, {{text, "the text"}, {weights, "the weights"}});
  require_folder(text);
  return {text, weights};
}

void check_reports(const BenchOptions& options) {
  std::vector<Use> written;
  if (options.json) written.push_back({*options.json, "the JSON file"});
  if (options.html) written.push_back({*options.html, "the page"});
  check_distinct(files_read(options.model, options.weights, options.schedules), written);
  for (const Use& use : written) require_folder(use.path);
}

// Code reaches its data by signed offsets of 32 bits, so all code and data of a program or shared library,
// of which the weights are the most, must lie within 2 GiB.
std::optional<std::string> note_of_size(int64_t weights_bytes, const std::string& name) {
  constexpr int64_t kMuch = 1'000'000'000;  // two of them, with code and data beside, fit into 2 GiB
  if (weights_bytes <= kMuch) return std::nullopt;
  return fmt::format(
      "{}: note: the library holds {} bytes of weights, and all libraries of one program at most 2 GiB: with "
      "another large network the linker ends in 'relocation truncated to fit'\n"
      "  hint: write '--weights-file FILE' to have them in a file of their own, which the application "
      "opens\n",
      name, with_commas(weights_bytes));
}

void write_outputs(const Outputs& outputs, const Library& library) {
  std::vector<std::pair<std::string, Content>> files;
  if (outputs.weights) files.emplace_back(*outputs.weights, library.weights);
  files.emplace_back(outputs.header, library.header);
  files.emplace_back(outputs.archive,
                     library.archive);  // last: make(1) takes it for the sign that all is done
  write_files(files);
}

}  // namespace cnnc
