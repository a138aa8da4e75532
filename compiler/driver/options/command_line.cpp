#include "driver/options/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

#include "driver/options/cache.h"
#include "driver/options/mistakes.h"
#include "driver/options/network_options.h"
#include "driver/options/option_values.h"
#include "driver/options/plot_options.h"
#include "driver/options/words.h"
#include "support/limits.h"
#include "target/host.h"

namespace cnnc {
namespace {

template <class Options>
void set_weights(Options& options, const Words& words) {
  set_precision(options, words);
  options.weights = weights_of(words.weights);
  options.weights_type = options.bfloat16 && words.weights_type.empty() ? ElementType::bfloat16
                                                                        : weights_type_of(words.weights_type);
}

template <class Options>
void set_compilation(Options& options, const Words& words) {
  options.jobs = jobs_of(words.jobs);
  if (!words.no_cache) options.cache = cache_of_environment();
  options.threads = threads_of(words.threads);
  check_threads(options.threads, targets_of(words.target));
}

template <class Options>
void set_runner(Options& options, const Words& words) {
  options.runner = path_of(words.runner);
  options.system = system_of(words.system, words.target);
  if (options.system && !options.runner)
    throw UsageError{
        "'--system' says what '--runner COMMAND' runs on; without '--runner' the network runs here"};
}

CompileOptions compile_options(const Words& words) {
  CompileOptions options;
  set_network(options, words);
  options.output = path_of(words.output);
  set_weights(options, words);
  options.targets.isas = targets_of(words.target);
  options.targets.system = system_of(words.system, words.target);
  set_compilation(options, words);
  options.weights_file = path_of(words.weights_file);
  options.check_finite = words.check_finite;
  options.emit = emit_of(words.emit);
  options.targets.all = words.target.empty() && !options.emit;
  options.trace = words.trace;
  options.allow_winograd = allow_winograd(words.algorithm);
  options.images = images_of(words.batch);
  options.schedules = words.schedules;
  if (!words.bindings.empty() && words.bindings != "python")
    throw UsageError{fmt::format("'--bindings' wants python; found '{}'", words.bindings)};
  options.python = !words.bindings.empty();
  options.header = path_of(words.header);
  options.depfile = path_of(words.depfile);
  options.pkg_config = path_of(words.pkg_config);
  options.npm = path_of(words.npm);
  const std::pair<const char*, const std::string&> of_libraries[] = {
      {"--weights-file", words.weights_file}, {"--header", words.header}, {"--depfile", words.depfile},
      {"--pkg-config", words.pkg_config},     {"--npm", words.npm},       {"--bindings", words.bindings}};
  for (const auto& [option, word] : of_libraries)
    if (options.emit && !word.empty())
      throw UsageError{
          fmt::format("'{}' and '--emit' exclude each other: with '--emit' no library is written", option)};
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
  set_network(options, words);
  set_weights(options, words);
  if (!words.seed.empty()) options.seed = seed_of("'--seed'", words.seed);
  options.targets = targets_of(words.target);
  set_compilation(options, words);
  options.allow_winograd = allow_winograd(words.algorithm);
  options.images = images_of(words.batch);
  options.schedules = words.schedules;
  set_runner(options, words);
  return options;
}

RunOptions run_options(const Words& words) {
  RunOptions options;
  set_network(options, words);
  set_weights(options, words);
  options.files = words.files;
  if (!words.top.empty()) options.top = whole_number("'--top'", words.top, 1, 1000000);
  options.labels = path_of(words.labels);
  options.output = path_of(words.output);
  options.pictures = picture_options(words);
  options.time = words.time;
  set_compilation(options, words);
  if (options.files.empty())
    throw UsageError{
        fmt::format("'cnnc run' wants what the network is to read: write 'cnnc run {} FILE...', with "
                    "pictures or arrays",
                    words.model)};
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

void check_simulation(const BenchOptions& options, const Words& words) {
  const std::pair<const char*, const std::string&> others[] = {{"--runner", words.runner},
                                                               {"--json", words.json},
                                                               {"--html", words.html},
                                                               {"--schedules", words.compared}};
  for (const auto& [option, word] : others)
    if (!word.empty())
      throw UsageError{fmt::format(
          "'{}' and '--simulate' exclude each other: a simulation is of tasks that were timed here, by one "
          "schedule, and prints a table of its own",
          option)};
  if (options.threads < 2)
    throw UsageError{
        "'--simulate' reckons how long several threads take: write '--threads N' with 2 or more"};
}

BenchOptions bench_options(const Words& words) {
  BenchOptions options;
  set_network(options, words);
  set_weights(options, words);
  options.target = target_of(words.target, "bench");
  set_compilation(options, words);
  options.images = images_of(words.batch);
  options.schedules = words.schedules;
  set_runner(options, words);
  if (!words.seconds.empty())
    options.seconds = static_cast<double>(whole_number("'--seconds'", words.seconds, 1, 86400));
  if (!words.compared.empty()) options.compared = schedules_of(words.compared);
  const auto& compared = options.compared;
  if (!words.schedules.empty() && std::find(compared.begin(), compared.end(), "tuned") == compared.end())
    throw UsageError{
        fmt::format("'--schedule' says what 'tuned' is, which '--schedules {}' leaves out", words.compared)};
  if (!words.limit.empty())
    options.limit = static_cast<double>(whole_number("'--limit'", words.limit, 1, 86400));
  options.json = path_of(words.json);
  options.html = path_of(words.html);
  options.simulate = words.simulate;
  if (options.simulate) check_simulation(options, words);
  return options;
}

QuantizeOptions quantize_options(const Words& words) {
  QuantizeOptions options;
  set_network(options, words);
  options.output = path_of(words.output);
  options.weights = weights_of(words.weights);
  options.data = words.data;
  if (options.data.empty())
    throw UsageError{
        fmt::format("'cnnc quantize' runs the network on inputs like those that it will have: write 'cnnc "
                    "quantize {} --calibrate FILE...', with pictures, arrays or a folder of them",
                    words.model)};
  options.test = words.test;
  options.pictures = picture_options(words);
  options.inputs = port_type_of("--input-type", words.input_type);
  options.outputs = port_type_of("--output-type", words.output_type);
  options.equalise = !words.no_equalise;
  options.correct_bias = !words.no_correct_bias;
  options.method = method_of(words.method);
  if (!words.weight_bits.empty())
    options.weight_bits = static_cast<int>(whole_number("'--weight-bits'", words.weight_bits, 7, 8));
  if (!words.keep_float.empty())
    options.keep_float = whole_number("'--keep-float'", words.keep_float, 0, 1000000);
  if (!words.least_sqnr.empty()) options.least_sqnr = decibels_of(words.least_sqnr);
  set_compilation(options, words);
  return options;
}

SummaryOptions summary_options(const Words& words) {
  SummaryOptions options;
  set_network(options, words);
  options.targets = {targets_of(words.target), words.target.empty()};
  set_precision(options, words);
  options.schedules = words.schedules;
  options.expand = words.expand;
  options.formulas = words.formulas;
  options.json = words.as_json;
  if (options.json && (options.expand || options.formulas))
    throw UsageError{fmt::format("'{}' has no meaning with '--json', which says all of every layer",
                                 options.expand ? "--expand" : "--formulas")};
  return options;
}

ExplainOptions explain_options(const Words& words) {
  ExplainOptions options;
  set_network(options, words);
  options.layer = words.layer;
  options.target = target_of(words.target, "explain");
  set_precision(options, words);
  options.schedules = words.schedules;
  options.measure = words.measure;
  set_compilation(options, words);
  if (options.layer.empty())
    throw UsageError{fmt::format(
        "'cnnc explain' wants a layer: write 'cnnc explain {0} LAYER'; 'cnnc summary {0} --expand' "
        "lists them",
        words.model)};
  if (options.measure && words.model == "-")
    throw UsageError{
        "'--measure' reads the network once more, which the standard input cannot give: write a file"};
  if (!options.measure && (!words.jobs.empty() || words.no_cache))
    throw UsageError{fmt::format("'{}' is for '--measure', without which nothing is compiled",
                                 words.no_cache ? "--no-cache" : "--jobs")};
  return options;
}

// With --merge nothing is searched.
TuneOptions merge_options(const Words& words) {
  const std::pair<const char*, const std::string&> others[] = {
      {"--budget", words.budget},        {"--threads", words.threads}, {"--target", words.target},
      {"--batch", words.batch},          {"--shard", words.shard},     {"--jobs", words.jobs},
      {"--runner", words.runner},        {"--system", words.system},   {"--precision", words.precision},
      {"--quantize", words.quantization}};
  if (!words.model.empty())
    throw UsageError{
        fmt::format("'--merge' takes files of schedules and no network; found '{}'", words.model)};
  for (const auto& [option, word] : others)
    if (!word.empty())
      throw UsageError{fmt::format("'{}' has no meaning with '--merge', which only reads files", option)};
  TuneOptions options;
  options.merged = words.merged;
  options.output = path_of(words.output);
  return options;
}

TuneOptions tune_options(const Words& words) {
  TuneOptions options;
  set_network(options, words);
  options.output = path_of(words.output);
  set_precision(options, words);
  options.targets = targets_of(words.target);
  options.jobs = jobs_of(words.jobs);
  options.images = images_of(words.batch);
  options.threads = threads_of(words.threads);
  check_threads(options.threads, options.targets);
  set_runner(options, words);
  if (!words.budget.empty()) options.seconds = seconds_of_budget(words.budget);
  if (!words.shard.empty()) options.shard = shard_of(words.shard);
  return options;
}

// A file that stands where the network's text should, by its suffix.
void refuse_other_file(const std::string& model) {
  const std::pair<const char*, const char*> kinds[] = {
      {".a", "an archive"},
      {".so", "a shared library"},
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
  if (subcommand == "tune" && !words.merged.empty()) return merge_options(words);
  if (words.model.empty()) {
    const std::string command = subcommand.empty() ? "cnnc" : "cnnc " + subcommand;
    throw UsageError{fmt::format("'{0}' wants the file of a network: write '{0} {1}'", command,
                                 subcommand == "import" ? "NET.onnx" : "MODEL.dsl")};
  }
  refuse_other_file(words.model);
  check_onnx(subcommand, words);
  if (subcommand == "import") return ImportOptions{words.model, onnx_options(words), path_of(words.output)};
  if (subcommand == "check") return CheckOptions{words.model, onnx_options(words), weights_of(words.weights)};
  if (subcommand == "summary") return summary_options(words);
  if (subcommand == "explain") return explain_options(words);
  if (subcommand == "plot") return plot_options(words);
  if (subcommand == "report") return report_options(words);
  if (subcommand == "fmt") return fmt_options(words);
  if (subcommand == "verify") return verify_options(words);
  if (subcommand == "run") return run_options(words);
  if (subcommand == "export")
    return ExportOptions{words.model, onnx_options(words), path_of(words.output), weights_of(words.weights),
                         path_of(words.quantization)};
  if (subcommand == "bench") return bench_options(words);
  if (subcommand == "tune") return tune_options(words);
  if (subcommand == "quantize") return quantize_options(words);
  return compile_options(words);
}

// A word as a shell takes it.
std::string quoted(const std::string& word) {
  const std::string plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:=,+-@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

// The command line without where the result goes and how it is compiled.
std::string written_command(int argc, const char* const* argv) {
  std::string text = "cnnc";
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "-o" || word == "--jobs")
      ++i;
    else if (word != "--no-cache" && word.rfind("--jobs=", 0) != 0 && word.rfind("-o", 0) != 0)
      text += " " + quoted(word);
  }
  return text;
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  Words words;
  words.command = written_command(argc, argv);
  CLI::App app;
  add_options(app, words);
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
  check_no_option_as_value(*selected(app));
  return command_of(app.get_subcommands().empty() ? "" : selected(app)->get_name(), words);
}

}  // namespace cnnc
