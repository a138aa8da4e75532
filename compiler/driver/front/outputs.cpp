#include "driver/front/outputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "driver/console/numbers.h"
#include "driver/front/companions.h"
#include "driver/front/front.h"
#include "driver/options/option_values.h"
#include "emit/objects/link.h"

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

std::optional<LibraryKind> kind_of(const std::string& path, const System& system) {
  const std::string suffix = fs::path(path).extension().string();
  const auto is_one_of = [&](const std::vector<std::string>& suffixes) {
    return std::find(suffixes.begin(), suffixes.end(), suffix) != suffixes.end();
  };
  if (is_one_of(system.archives)) return LibraryKind::archive;
  if (is_one_of(system.shared)) return LibraryKind::shared;
  if (is_one_of(system.objects)) return LibraryKind::object;
  if (is_one_of(system.modules)) return LibraryKind::module;
  return std::nullopt;
}

// "'.a', '.so' or '.o'"
std::string suffixes_of(const System& system) {
  std::vector<std::string> words;
  for (const auto* suffixes : {&system.archives, &system.shared, &system.objects, &system.modules})
    for (const std::string& suffix : *suffixes) words.push_back("'" + suffix + "'");
  return one_of(words);
}

// Text in the place of a library that was built before would be found by the linker alone.
void refuse_library_of_text(const std::string& path, const System& system) {
  if (!kind_of(path, system)) return;
  throw UsageError{
      fmt::format("'--emit' writes text; '-o {}' would make a library of it: give it another suffix", path)};
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

// Whether -o is a folder, where the library gets its name from the model.
bool is_folder(const std::string& path, const System& system) {
  std::error_code error;
  return path.back() == '/' || (!kind_of(path, system) && fs::is_directory(path, error));
}

// That of a library whose name says none.
const std::string& usual_suffix(const System& system) {
  return (system.archives.empty() ? system.modules : system.archives).front();
}

std::string library_path(const CompileOptions& options) {
  const System& system = system_of(options.targets);
  const std::string path = options.npm ? *options.npm + "/" : options.output.value_or("");
  const std::string stem = fs::path(options.model).stem().string();
  if (!path.empty() && !is_folder(path, system)) return path;
  if (options.model == "-")
    throw UsageError{fmt::format(
        "a network from the standard input has no name to call its library by: write '-o MODEL{}'",
        usual_suffix(system))};
  return (fs::path(path) / (stem + usual_suffix(system))).string();
}

// liblenet5.a has the header lenet5.h, as linkers and programmers name them; the library of a network
// 'library' keeps its name.
std::string path_beside(const std::string& library, const std::string& model, const std::string& suffix) {
  const fs::path path(library);
  std::string name = path.stem().string();
  if (name.compare(0, 3, "lib") == 0 && name.size() > 3 && name != fs::path(model).stem().string())
    name.erase(0, 3);
  return (path.parent_path() / (name + suffix)).string();
}

// Python would load NAME.so itself in the place of NAME.py.
std::string module_path(const Outputs& outputs, const std::string& model, const System& system) {
  const std::string path = path_beside(outputs.library, model, ".py");
  const std::string stem = fs::path(path).stem().string();
  if (outputs.kind == LibraryKind::shared && stem != fs::path(outputs.library).stem().string()) return path;
  throw UsageError{fmt::format(
      "'--bindings python' loads a shared library of another name than the module, '{}.py': write '-o "
      "lib{}{}'; found '{}'",
      stem, stem, system.shared.front(), outputs.library)};
}

std::vector<Use> files_read(const std::string& model, const Weights& weights,
                            const std::optional<std::string>& quantization = std::nullopt,
                            const std::vector<std::string>& schedules = {}) {
  std::vector<Use> read;
  if (model != "-") read.push_back({model, "the network"});
  if (const auto* file = std::get_if<WeightsFile>(&weights)) read.push_back({file->path, "the weights"});
  if (quantization) read.push_back({*quantization, "the quantisation"});
  for (const std::string& file : schedules)
    if (file != "default" && file != "tuned") read.push_back({file, "the schedules"});
  return read;
}

std::vector<Use> files_shown(const std::string& model, const Weights& weights,
                             const std::optional<ShownInput>& input) {
  std::vector<Use> read = files_read(model, weights);
  if (input) read.push_back({input->path, "the input"});
  if (input && input->labels) read.push_back({*input->labels, "the labels"});
  return read;
}

std::string file_name(const std::string& path) {
  return fs::path(path).filename().string();
}

ByteSource library_bytes(const Outputs& outputs, const Library& library, const Target& target) {
  if (outputs.kind == LibraryKind::module) return script_module(library.archive, *target.system);
  if (outputs.kind == LibraryKind::object) return one_object(library.archive, *target.system);
  if (outputs.kind == LibraryKind::archive) return library.archive;
  return shared_library(library.archive, file_name(outputs.library), library.functions, target);
}

std::vector<Use> files_written(const Outputs& outputs) {
  const bool is_module = outputs.kind == LibraryKind::module;
  const char* library = outputs.kind == LibraryKind::archive ? "the archive"
                        : is_module                          ? "the module"
                                                             : "the library";
  std::vector<Use> written = {{outputs.library, library}};
  if (!is_module) written.push_back({outputs.header, "the header"});
  if (outputs.script) written.push_back({*outputs.script, "the script"});
  if (outputs.types) written.push_back({*outputs.types, "its types"});
  if (outputs.npm) written.push_back({*outputs.npm, "the package's description"});
  if (outputs.weights) written.push_back({*outputs.weights, "the weights file"});
  if (outputs.depfile) written.push_back({*outputs.depfile, "the depfile"});
  if (outputs.imports) written.push_back({*outputs.imports, "the import library"});
  if (outputs.pkg_config) written.push_back({*outputs.pkg_config, "the file for pkg-config"});
  if (outputs.python) written.push_back({*outputs.python, "the Python module"});
  return written;
}

// Beside the module; what belongs to other libraries is refused.
void choose_script(const CompileOptions& options, Outputs& outputs) {
  const std::pair<const char*, bool> of_libraries[] = {{"--header", options.header.has_value()},
                                                       {"--pkg-config", options.pkg_config.has_value()},
                                                       {"--bindings", options.python}};
  for (const auto& [option, is_given] : of_libraries)
    if (is_given)
      throw UsageError{
          fmt::format("'{}' goes with a library; '{}' is a module, and gets a script beside it, '{}'", option,
                      outputs.library, path_beside(outputs.library, options.model, ".js"))};
  outputs.header.clear();
  outputs.script = path_beside(outputs.library, options.model, ".js");
  outputs.types = path_beside(outputs.library, options.model, ".d.ts");
  if (options.npm) outputs.npm = (fs::path(*options.npm) / "package.json").string();
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw InputError{
        fmt::format("cnnc: error: cannot make the folder '{}': {}\n", folder.string(), error.message())};
}

// The suffix of -o is none of those that there are.
[[noreturn]] void refuse_library(const CompileOptions& options, const Outputs& outputs) {
  const System& system = system_of(options.targets);
  if (!system.modules.empty())
    throw UsageError{fmt::format(
        "'-o' names the module, which ends in {}, or a folder for it; found '{}'. The script that loads it "
        "is "
        "written beside it, as '{}'",
        suffixes_of(system), outputs.library, path_beside(outputs.library, options.model, ".js"))};
  std::string hint;
  for (const System& other : all_systems())
    if (!options.targets.system && !other.modules.empty() && kind_of(outputs.library, other))
      hint = fmt::format(". A module for {} is made by '--target {}'", other.title, other.name);
  throw UsageError{fmt::format(
      "'-o' names the library, which{} ends in {}, or a folder for it; found '{}'. The header is written "
      "beside it, as '{}'{}",
      options.targets.system ? fmt::format(" for {}", system.title) : "", suffixes_of(system),
      outputs.library, outputs.header, hint)};
}

// The folder of --npm is made when all else is done.
void check_npm(const CompileOptions& options, const System& system) {
  if (!options.npm) return;
  if (system.modules.empty())
    throw UsageError{"'--npm' makes a package of a module for pages and node: write '--target wasm' as well"};
  if (options.output)
    throw UsageError{"'--npm' and '-o' exclude each other: the module is written into the folder of '--npm'"};
  std::error_code error;
  if (fs::exists(*options.npm, error) && !fs::is_directory(*options.npm, error))
    throw InputError{fmt::format("cnnc: error: cannot write into '{}': it is no folder\n", *options.npm)};
}

// Where weights of a package go that shall have a file: their place is the package.
void check_npm_weights(const Outputs& outputs) {
  if (!outputs.npm || !outputs.weights) return;
  const fs::path folder = fs::path(*outputs.npm).parent_path();
  if (same_file(fs::path(*outputs.weights).parent_path().empty()
                    ? "."
                    : fs::path(*outputs.weights).parent_path().string(),
                folder.string()))
    return;
  throw UsageError{fmt::format("'--weights-file' is in the package: write '--weights-file {}'; found '{}'",
                               (folder / fs::path(*outputs.weights).filename()).string(), *outputs.weights)};
}

}  // namespace

Outputs choose_outputs(const CompileOptions& options) {
  check_npm(options, system_of(options.targets));
  if (options.emit) {
    if (!options.output) return {};
    refuse_library_of_text(*options.output, system_of(options.targets));
    check_distinct(files_read(options.model, options.weights, options.quantization, options.schedules),
                   {{*options.output, "the output"}});
    require_folder(*options.output);
    return {};
  }
  Outputs outputs;
  outputs.library = library_path(options);
  outputs.header = options.header.value_or(path_beside(outputs.library, options.model, ".h"));
  const System& system = system_of(options.targets);
  const std::optional<LibraryKind> kind = kind_of(outputs.library, system);
  if (!kind) refuse_library(options, outputs);
  outputs.kind = *kind;
  if (*kind == LibraryKind::shared && *system.imports)
    outputs.imports = fs::path(outputs.library).replace_extension(system.imports).string();
  if (*kind == LibraryKind::module) choose_script(options, outputs);
  outputs.weights = options.weights_file;
  outputs.depfile = options.depfile;
  outputs.pkg_config = options.pkg_config;
  if (options.python) outputs.python = module_path(outputs, options.model, system);
  const std::vector<Use> written = files_written(outputs);
  check_distinct(files_read(options.model, options.weights, options.quantization, options.schedules),
                 written);
  check_npm_weights(outputs);
  for (const Use& use : written)
    if (!options.npm || fs::exists(*options.npm)) require_folder(use.path);
  return outputs;
}

std::vector<std::string> files_read(const CompileOptions& options, const std::vector<std::string>& of_model) {
  std::vector<std::string> paths;
  for (const Use& use : files_read(options.model, options.weights, options.quantization, options.schedules))
    paths.push_back(use.path);
  paths.insert(paths.end(), of_model.begin(), of_model.end());
  return paths;
}

std::string choose_picture(const PlotOptions& options) {
  if (!options.output && options.model == "-")
    throw UsageError{
        "a network from the standard input has no name to call its picture by: write '-o MODEL.svg'"};
  const std::string path = options.output.value_or(fs::path(options.model).stem().string() + ".svg");
  if (fs::path(path).extension() != ".svg")
    throw UsageError{fmt::format("'-o' names the picture, which ends in '.svg'; found '{}'", path)};
  check_distinct(files_shown(options.model, options.weights, options.input), {{path, "the picture"}});
  require_folder(path);
  return path;
}

std::string choose_report(const ReportOptions& options) {
  if (!options.output && options.model == "-")
    throw UsageError{
        "a network from the standard input has no name to call its page by: write '-o MODEL.html'"};
  const std::string path = options.output.value_or(fs::path(options.model).stem().string() + ".html");
  if (fs::path(path).extension() != ".html")
    throw UsageError{fmt::format("'-o' names the page, which ends in '.html'; found '{}'", path)};
  check_distinct(files_shown(options.model, options.weights, options.input), {{path, "the page"}});
  require_folder(path);
  return path;
}

std::string choose_export(const ExportOptions& options) {
  if (!options.output && options.model == "-")
    throw UsageError{
        "a network from the standard input has no name to call its model by: write '-o MODEL.onnx'"};
  const std::string path = options.output.value_or(fs::path(options.model).stem().string() + ".onnx");
  if (!is_onnx(path))
    throw UsageError{fmt::format("'-o' names the ONNX model, which ends in '.onnx'; found '{}'", path)};
  check_distinct(files_read(options.model, options.weights, options.quantization),
                 {{path, "the ONNX model"}});
  require_folder(path);
  return path;
}

std::string choose_quantization(const QuantizeOptions& options) {
  if (!options.output && options.model == "-")
    throw UsageError{
        "a network from the standard input has no name to call its quantisation by: write '-o MODEL.quant'"};
  const std::string path = options.output.value_or(fs::path(options.model).stem().string() + ".quant");
  std::vector<Use> read = files_read(options.model, options.weights);
  for (const auto* files : {&options.data, &options.test})
    for (const std::string& file : *files) read.push_back({file, "data"});
  check_distinct(read, {{path, "the quantisation"}});
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
  const std::string quantization = fs::path(text).replace_extension(".quant").string();
  check_distinct({{options.model, "the model"}},
                 {{text, "the text"}, {weights, "the weights"}, {quantization, "the quantisation"}});
  require_folder(text);
  return {text, weights, quantization};
}

void check_reports(const BenchOptions& options) {
  std::vector<Use> written;
  if (options.json) written.push_back({*options.json, "the JSON file"});
  if (options.html) written.push_back({*options.html, "the page"});
  check_distinct(files_read(options.model, options.weights, options.quantization, options.schedules),
                 written);
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

void write_outputs(const Outputs& outputs, const Library& library, const std::vector<std::string>& read,
                   const std::string& network, const Target& target) {
  const std::string depfile = depfile_text(outputs.library, read),
                    pkg_config = pkg_config_text(outputs, network, *target.system);
  std::vector<std::pair<std::string, Content>> files;
  if (outputs.weights) files.emplace_back(*outputs.weights, library.weights);
  if (!outputs.header.empty()) files.emplace_back(outputs.header, library.header);
  if (outputs.script) files.emplace_back(*outputs.script, library.script);
  if (outputs.types) files.emplace_back(*outputs.types, library.types);
  if (outputs.npm) files.emplace_back(*outputs.npm, library.npm);
  if (outputs.depfile) files.emplace_back(*outputs.depfile, depfile);
  if (outputs.pkg_config) files.emplace_back(*outputs.pkg_config, pkg_config);
  if (outputs.python) files.emplace_back(*outputs.python, library.python);
  if (outputs.imports)
    files.emplace_back(*outputs.imports,
                       import_library(file_name(outputs.library), library.functions, target));
  if (outputs.npm) make_folder(fs::path(*outputs.npm).parent_path());
  // Last: make(1) takes it for the sign that all is done.
  files.emplace_back(outputs.library, library_bytes(outputs, library, target));
  write_files(files);
}

std::string what_was_written(const Outputs& outputs) {
  std::error_code error;
  const auto bytes = fs::file_size(outputs.library, error);
  std::string text = "wrote " + outputs.library;
  if (!error) text += fmt::format(" ({} bytes)", with_commas(static_cast<int64_t>(bytes)));
  const std::vector<Use> files = files_written(outputs);
  for (size_t i = 1; i < files.size(); ++i) text += (i + 1 < files.size() ? ", " : " and ") + files[i].path;
  return text;
}

}  // namespace cnnc
