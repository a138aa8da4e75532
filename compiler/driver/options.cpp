#include "driver/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <filesystem>
#include <limits>
#include <thread>

#include "driver/help.h"
#include "driver/text.h"
#include "support/limits.h"
#include "support/suggest.h"

namespace cnnc {
namespace {

constexpr const char* kModelHelp =
    "the network's text, or an ONNX model; '-' reads a text from the standard input";
constexpr const char* kTextHelp = "the network's text; '-' reads it from the standard input";
constexpr int kMaxJobs = 1024;

// The words of the command line, as they were written.
struct Words {
  std::string model, output, weights, target, jobs, weights_file, emit, seed, algorithm, batch, threads,
      seconds;
  std::vector<std::string> shapes;
  bool trace = false, in_place = false, check = false;
};

void add_model(CLI::App& app, Words& words) {
  app.add_option("MODEL.dsl", words.model, kModelHelp)->type_name("");
}

void add_shape(CLI::App& app, Words& words) {
  app.add_option("--shape", words.shapes,
                 "a size that an ONNX model leaves open: DIMENSION=640, INPUT=3x640x480; may be repeated")
      ->type_name("NAME=SIZE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_weights(CLI::App& app, Words& words) {
  app.add_option("--weights", words.weights, "a safetensors file, or random:SEED")->type_name("FILE");
}

void add_target(CLI::App& app, Words& words) {
  app.add_option("--target", words.target, "instruction set: avx512, avx2, sse41 or host (default: host)")
      ->type_name("ISA");
}

void add_jobs(CLI::App& app, Words& words) {
  app.add_option("--jobs", words.jobs, "kernels compiled at a time (default: one a processor)")
      ->type_name("N");
}

void add_batch(CLI::App& app, Words& words) {
  app.add_option("--batch", words.batch,
                 "images that a run computes together (default: 1, or what an ONNX model fixes)")
      ->type_name("N");
}

void add_algorithm(CLI::App& app, Words& words) {
  app.add_option("--algorithm", words.algorithm,
                 "auto, or direct: no convolution by Winograd's transforms (default: auto)")
      ->type_name("NAME");
}

void add_compile(CLI::App& app, Words& words) {
  add_model(app, words);
  app.add_option("-o", words.output, "the archive; its header is written beside it (default: MODEL.a here)")
      ->type_name("FILE");
  add_weights(app, words);
  add_target(app, words);
  add_batch(app, words);
  add_shape(app, words);
  add_algorithm(app, words);
  add_jobs(app, words);
  app.add_option("--weights-file", words.weights_file, "write the packed weights there, not into the archive")
      ->type_name("FILE");
  app.add_option("--emit", words.emit,
                 "print a stage's value and stop: ast, graph, passes, plan, stmt, llvm or asm")
      ->type_name("STAGE");
  app.add_flag("--trace", words.trace,
               "print each pass, its time, and the graph that it leaves, on the standard error");
}

void add_subcommands(CLI::App& app, Words& words) {
  CLI::App* import = app.add_subcommand("import", "an ONNX model as a text, with its weights beside it");
  import->add_option("NET.onnx", words.model, "the ONNX model")->type_name("");
  import
      ->add_option("-o", words.output, "the text; the weights are written beside it (default: NET.dsl here)")
      ->type_name("FILE");
  import->add_option("--batch", words.batch, "images of a run, where the model leaves them open (default: 1)")
      ->type_name("N");
  add_shape(*import, words);
  CLI::App* check = app.add_subcommand("check", "parse and check shapes and weights; writes nothing");
  add_model(*check, words);
  add_weights(*check, words);
  add_shape(*check, words);
  CLI::App* summary = app.add_subcommand("summary", "the layer table: shapes, formulas, parameters, cost");
  add_model(*summary, words);
  add_target(*summary, words);
  add_shape(*summary, words);
  CLI::App* fmt = app.add_subcommand("fmt", "print the text in its canonical layout");
  fmt->add_option("MODEL.dsl", words.model, kTextHelp)->type_name("");
  fmt->add_flag("-i", words.in_place, "rewrite the file instead");
  fmt->add_flag("--check", words.check, "print nothing; exit 1 if the layout is not canonical");
  CLI::App* to_onnx = app.add_subcommand("export", "write the network with its weights as an ONNX model");
  add_model(*to_onnx, words);
  to_onnx->add_option("-o", words.output, "the ONNX model (default: MODEL.onnx here)")->type_name("FILE");
  add_weights(*to_onnx, words);
  add_shape(*to_onnx, words);
  CLI::App* verify =
      app.add_subcommand("verify", "run the compiled network; compare each layer with its definition");
  add_model(*verify, words);
  add_weights(*verify, words);
  verify->add_option("--seed", words.seed, "of the random input (default: 1)")->type_name("N");
  add_target(*verify, words);
  add_batch(*verify, words);
  add_shape(*verify, words);
  add_algorithm(*verify, words);
  add_jobs(*verify, words);
  CLI::App* bench =
      app.add_subcommand("bench", "the time of each layer, and what of the machine's peak it is");
  add_model(*bench, words);
  add_weights(*bench, words);
  add_target(*bench, words);
  add_batch(*bench, words);
  add_shape(*bench, words);
  bench->add_option("--threads", words.threads, "that a run uses (default: 1)")->type_name("N");
  bench->add_option("--seconds", words.seconds, "to measure for (default: 2)")->type_name("N");
  add_jobs(*bench, words);
}

// The whole number that was written for `what`.
uint64_t whole_number(const std::string& what, const std::string& word, uint64_t least, uint64_t greatest) {
  uint64_t value = 0;
  const char* end_of_word = word.data() + word.size();
  const auto [end, error] = std::from_chars(word.data(), end_of_word, value);
  if (error != std::errc() || end != end_of_word || value < least || value > greatest)
    throw UsageError{
        fmt::format("{} wants a whole number from {} to {}; found '{}'", what, least, greatest, word)};
  return value;
}

uint64_t seed_of(const std::string& what, const std::string& word) {
  return whole_number(what, word, 0, std::numeric_limits<uint64_t>::max());
}

Weights weights_of(const std::string& word) {
  const std::string random = "random:";
  if (word.empty()) return std::monostate();
  if (word.compare(0, random.size(), random) == 0)
    return RandomWeights{seed_of("the SEED of 'random:SEED'", word.substr(random.size()))};
  if (word == "random") throw UsageError{"random weights want a seed: write '--weights random:1'"};
  return WeightsFile{word};
}

std::optional<Isa> target_of(const std::string& word) {
  if (word.empty() || word == "host") return std::nullopt;
  if (const std::optional<Isa> isa = parse_isa(word)) return isa;
  throw UsageError{fmt::format("'--target' wants avx512, avx2, sse41 or host; found '{}'{}", word,
                               did_you_mean(word, {"avx512", "avx2", "sse41", "host"}))};
}

int jobs_of(const std::string& word) {
  if (word.empty()) return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return static_cast<int>(whole_number("'--jobs'", word, 1, kMaxJobs));
}

std::optional<int64_t> images_of(const std::string& word) {
  if (word.empty()) return std::nullopt;
  return static_cast<int64_t>(whole_number("'--batch'", word, 1, limits::kImages));
}

// "3x640x480"
std::vector<int64_t> sizes_of(const std::string& option, const std::string& word) {
  std::vector<int64_t> sizes;
  for (size_t begin = 0; begin <= word.size();) {
    const size_t end = std::min(word.find('x', begin), word.size());
    sizes.push_back(
        static_cast<int64_t>(whole_number(option, word.substr(begin, end - begin), 1, limits::kElements)));
    begin = end + 1;
  }
  return sizes;
}

// What the command line says of an ONNX model.
onnx::TranslateOptions onnx_options(const Words& words) {
  onnx::TranslateOptions options;
  options.images = images_of(words.batch);
  for (const std::string& word : words.shapes) {
    const size_t equals = word.rfind('=');
    if (equals == std::string::npos || equals == 0)
      throw UsageError{
          fmt::format("'--shape' wants NAME=SIZE, as in 'height=640' for a dimension or "
                      "'image=3x640x480' for an input; found '{}'",
                      word)};
    const std::string name = word.substr(0, equals);
    if (!options.sizes.emplace(name, sizes_of("'--shape " + name + "'", word.substr(equals + 1))).second)
      throw UsageError{fmt::format("'--shape' gives '{}' twice", name)};
  }
  if (!words.shapes.empty() && !is_onnx(words.model))
    throw UsageError{"'--shape' is for ONNX models, which may leave sizes open; a text says them all"};
  return options;
}

bool allow_winograd(const std::string& word) {
  if (word.empty() || word == "auto") return true;
  if (word == "direct") return false;
  throw UsageError{fmt::format("'--algorithm' wants auto or direct; found '{}'", word)};
}

std::optional<Emit> emit_of(const std::string& word) {
  const std::vector<std::string> names = {"ast", "graph", "passes", "plan", "stmt", "llvm", "asm"};
  if (word.empty()) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end())
    throw UsageError{fmt::format("'--emit' wants one of {}; found '{}'{}", fmt::join(names, ", "), word,
                                 did_you_mean(word, names))};
  return static_cast<Emit>(found - names.begin());
}

std::optional<std::string> path_of(const std::string& word) {
  return word.empty() ? std::nullopt : std::optional(word);
}

CompileOptions compile_options(const Words& words) {
  CompileOptions options;
  options.model = words.model;
  options.onnx = onnx_options(words);
  options.output = path_of(words.output);
  options.weights = weights_of(words.weights);
  options.target = target_of(words.target);
  options.jobs = jobs_of(words.jobs);
  options.weights_file = path_of(words.weights_file);
  options.emit = emit_of(words.emit);
  options.trace = words.trace;
  options.allow_winograd = allow_winograd(words.algorithm);
  options.images = images_of(words.batch);
  if (options.emit && options.weights_file)
    throw UsageError{"'--weights-file' and '--emit' exclude each other: with '--emit' no library is written"};
  return options;
}

FmtOptions fmt_options(const Words& words) {
  if (words.in_place && words.check)
    throw UsageError{
        "'-i' and '--check' exclude each other: one rewrites the file, the other only looks at it"};
  if (words.in_place && words.model == "-")
    throw UsageError{"'-i' rewrites a file; the standard input is none. Leave '-i' out to print the result"};
  return {words.model, words.in_place, words.check};
}

VerifyOptions verify_options(const Words& words) {
  VerifyOptions options;
  options.model = words.model;
  options.onnx = onnx_options(words);
  options.weights = weights_of(words.weights);
  if (!words.seed.empty()) options.seed = seed_of("'--seed'", words.seed);
  options.target = target_of(words.target);
  options.jobs = jobs_of(words.jobs);
  options.allow_winograd = allow_winograd(words.algorithm);
  options.images = images_of(words.batch);
  return options;
}

// What has no meaning for an ONNX model, or for anything else.
void check_onnx(const std::string& subcommand, const Words& words) {
  const bool is_model = is_onnx(words.model);
  if (subcommand == "import" && !is_model)
    throw UsageError{fmt::format("'cnnc import' wants an ONNX model, NET.onnx; found '{}'", words.model)};
  if (subcommand == "fmt" && is_model)
    throw UsageError{
        fmt::format("'cnnc fmt' wants a text; write 'cnnc import {}' to make one of the model", words.model)};
  if (is_model && !words.weights.empty())
    throw UsageError{
        fmt::format("'--weights' is for texts; an ONNX model has its own. To give it others, write 'cnnc "
                    "import {}' and compile the text",
                    words.model)};
}

BenchOptions bench_options(const Words& words) {
  BenchOptions options;
  options.model = words.model;
  options.onnx = onnx_options(words);
  options.weights = weights_of(words.weights);
  options.target = target_of(words.target);
  options.jobs = jobs_of(words.jobs);
  options.images = images_of(words.batch);
  if (!words.threads.empty())
    options.threads = static_cast<int>(whole_number("'--threads'", words.threads, 1, 256));
  if (!words.seconds.empty())
    options.seconds = static_cast<double>(whole_number("'--seconds'", words.seconds, 1, 86400));
  return options;
}

// A file that stands where the network's text should, by its suffix.
void refuse_other_file(const std::string& model) {
  const std::pair<const char*, const char*> kinds[] = {
      {".a", "an archive"},
      {".o", "an object file"},
      {".safetensors", "a file of weights"},
      {".pt", "a PyTorch checkpoint"},
      {".pth", "a PyTorch checkpoint"},
  };
  const std::string suffix = std::filesystem::path(model).extension().string();
  for (const auto& [end, kind] : kinds)
    if (suffix == end)
      throw UsageError{fmt::format("'{}' is {}; a network's text is wanted, or an ONNX model", model, kind)};
}

Command command_of(const std::string& subcommand, const Words& words) {
  if (words.model.empty()) {
    const std::string command = subcommand.empty() ? "cnnc" : "cnnc " + subcommand;
    throw UsageError{fmt::format("'{0}' wants the file of a network: write '{0} {1}'", command,
                                 subcommand == "import" ? "NET.onnx" : "MODEL.dsl")};
  }
  refuse_other_file(words.model);
  check_onnx(subcommand, words);
  if (subcommand == "import") return ImportOptions{words.model, onnx_options(words), path_of(words.output)};
  if (subcommand == "check") return CheckOptions{words.model, onnx_options(words), weights_of(words.weights)};
  if (subcommand == "summary")
    return SummaryOptions{words.model, onnx_options(words), target_of(words.target)};
  if (subcommand == "fmt") return fmt_options(words);
  if (subcommand == "verify") return verify_options(words);
  if (subcommand == "export")
    return ExportOptions{words.model, onnx_options(words), path_of(words.output), weights_of(words.weights)};
  if (subcommand == "bench") return bench_options(words);
  return compile_options(words);
}

// The subcommand's app, or the main one.
const CLI::App* selected(const CLI::App& app) {
  return app.get_subcommands().empty() ? &app : app.get_subcommands().front();
}

// What is wrong with the first word that no option and no position takes.
std::string unexpected_word(const CLI::App& app) {
  const CLI::App* command = selected(app);
  const std::string name = command == &app ? "cnnc" : "cnnc " + command->get_name();
  const std::string word = app.remaining(true).at(0);
  if (word[0] != '-') return fmt::format("'{}' is one argument too many for '{}'", word, name);
  const std::string option = word.substr(0, word.find('='));
  std::vector<std::string> options;
  for (const CLI::Option* o : command->get_options([](const CLI::Option* o) { return o->nonpositional(); }))
    options.push_back(o->get_lnames().empty() ? "-" + o->get_snames().at(0) : "--" + o->get_lnames()[0]);
  return fmt::format("'{}' has no option '{}'{}", name, option, did_you_mean(option, options));
}

// An option without its value, or written twice. CLI11 says "--jobs: At Most 1 required but received 2".
std::string wrong_count(const CLI::ArgumentMismatch& error) {
  const std::string text = error.what(), option = text.substr(0, text.find(':'));
  const bool is_missing = text.find("missing") != std::string::npos;
  return fmt::format(is_missing ? "'{}' wants a value behind it" : "'{}' is written more than once", option);
}

void check_not_empty(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options())
    for (const std::string& value : option->results())
      if (value.empty() && option->nonpositional())
        throw UsageError{
            fmt::format("'{}' wants a {}; found ''", option->get_name(), option->get_type_name())};
}

// A first word that looks like a misspelt command, not like a file.
void check_command_word(const CLI::App& app, const std::string& word) {
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands(nullptr)) commands.push_back(command->get_name());
  const bool is_command = std::find(commands.begin(), commands.end(), word) != commands.end();
  std::error_code error;
  if (is_command || word.find_first_of("-./") != std::string::npos || std::filesystem::exists(word, error))
    return;
  throw UsageError{fmt::format("'{}' is neither a command nor a file{}", word, did_you_mean(word, commands))};
}

// Options of the main command in front of a subcommand would be lost.
void check_order(const CLI::App& app) {
  if (app.get_subcommands().empty()) return;
  for (const CLI::Option* option : app.get_options())
    if (option->count() > 0)
      throw UsageError{fmt::format(
          "the command comes first, and its options behind it: write 'cnnc {} MODEL.dsl [options]'",
          selected(app)->get_name())};
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  CLI::App app("cnnc compiles a convolutional network, described in text, to a static library.", "cnnc");
  Words words;
  app.set_help_flag("-h,--help", "print this text");
  app.set_version_flag("--version", "cnnc " CNNC_VERSION, "print the version");
  app.formatter_fn([](const CLI::App* a, const std::string&, CLI::AppFormatMode) { return help_text(*a); });
  app.require_subcommand(0, 1);
  add_compile(app, words);
  add_subcommands(app, words);
  if (argc < 2) return ShowText{app.help(), 2};
  check_command_word(app, argv[1]);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return ShowText{app.help()};
  } catch (const CLI::CallForVersion& version) {
    return ShowText{std::string(version.what()) + "\n"};
  } catch (const CLI::ExtrasError&) {
    throw UsageError{unexpected_word(app)};
  } catch (const CLI::ArgumentMismatch& error) {
    throw UsageError{wrong_count(error)};
  } catch (const CLI::ParseError& error) {
    throw UsageError{error.what()};
  }
  check_order(app);
  check_not_empty(*selected(app));
  return command_of(app.get_subcommands().empty() ? "" : selected(app)->get_name(), words);
}

}  // namespace cnnc
