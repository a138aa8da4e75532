#include "driver/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>
#include <thread>

#include "driver/cache.h"
#include "driver/help.h"
#include "driver/mistakes.h"
#include "driver/text.h"
#include "driver/words.h"
#include "kernels/strategies.h"
#include "support/limits.h"
#include "support/suggest.h"

namespace cnnc {
namespace {

constexpr int kMaxJobs = 1024;

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

int threads_of(const std::string& word) {
  if (word.empty()) return 1;
  return static_cast<int>(whole_number("'--threads'", word, 1, limits::kThreads));
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
  const std::vector<std::string> names = {"ast",  "graph", "passes", "schedule",
                                          "plan", "stmt",  "llvm",   "asm"};
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
  if (!words.no_cache) options.cache = cache_of_environment();
  options.weights_file = path_of(words.weights_file);
  options.emit = emit_of(words.emit);
  options.trace = words.trace;
  options.allow_winograd = allow_winograd(words.algorithm);
  options.images = images_of(words.batch);
  options.threads = threads_of(words.threads);
  options.schedules = words.schedules;
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
  if (!words.no_cache) options.cache = cache_of_environment();
  options.allow_winograd = allow_winograd(words.algorithm);
  options.images = images_of(words.batch);
  options.threads = threads_of(words.threads);
  options.schedules = words.schedules;
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

// "default,naive"
std::vector<std::string> schedules_of(const std::string& word) {
  std::vector<std::string> known = {"tuned", "default"}, schedules;
  known.insert(known.end(), strategy_names().begin(), strategy_names().end());
  for (size_t begin = 0; begin <= word.size();) {
    const size_t end = std::min(word.find(',', begin), word.size());
    const std::string name = word.substr(begin, end - begin);
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw UsageError{fmt::format("'--schedules' wants some of {}, with commas between; found '{}'{}",
                                   fmt::join(known, ", "), name, did_you_mean(name, known))};
    if (std::find(schedules.begin(), schedules.end(), name) != schedules.end())
      throw UsageError{fmt::format("'--schedules' names '{}' twice", name)};
    schedules.push_back(name);
    begin = end + 1;
  }
  return schedules;
}

BenchOptions bench_options(const Words& words) {
  BenchOptions options;
  options.model = words.model;
  options.onnx = onnx_options(words);
  options.weights = weights_of(words.weights);
  options.target = target_of(words.target);
  options.jobs = jobs_of(words.jobs);
  if (!words.no_cache) options.cache = cache_of_environment();
  options.images = images_of(words.batch);
  options.threads = threads_of(words.threads);
  options.schedules = words.schedules;
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
  return options;
}

// "30s", "10m", "2h" in seconds.
double seconds_of_budget(const std::string& word) {
  const std::pair<char, double> units[] = {{'s', 1}, {'m', 60}, {'h', 3600}};
  for (const auto& [unit, seconds] : units) {
    if (word.size() < 2 || word.size() > 7 || word.back() != unit) continue;
    if (word.find_first_not_of("0123456789") != word.size() - 1) continue;
    if (const double number = std::stod(word); number > 0) return number * seconds;
  }
  throw UsageError{fmt::format("'--budget' wants a time such as 30s, 10m or 2h; found '{}'", word)};
}

// "2/5"
Shard shard_of(const std::string& word) {
  const size_t slash = word.find('/');
  if (slash == std::string::npos)
    throw UsageError{
        fmt::format("'--shard' wants I/N, as in '2/5' for the second of five; found '{}'", word)};
  constexpr uint64_t kMostShards = 10000;
  Shard shard;
  shard.count = whole_number("the N of '--shard I/N'", word.substr(slash + 1), 1, kMostShards);
  shard.number = whole_number("the I of '--shard I/N'", word.substr(0, slash), 1, shard.count);
  return shard;
}

// With --merge nothing is searched.
TuneOptions merge_options(const Words& words) {
  const std::pair<const char*, const std::string&> others[] = {
      {"--budget", words.budget}, {"--threads", words.threads}, {"--target", words.target},
      {"--batch", words.batch},   {"--shard", words.shard},     {"--jobs", words.jobs}};
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
  options.model = words.model;
  options.output = path_of(words.output);
  options.onnx = onnx_options(words);
  options.target = target_of(words.target);
  options.jobs = jobs_of(words.jobs);
  options.images = images_of(words.batch);
  options.threads = threads_of(words.threads);
  if (!words.budget.empty()) options.seconds = seconds_of_budget(words.budget);
  if (!words.shard.empty()) options.shard = shard_of(words.shard);
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
  if (subcommand == "summary")
    return SummaryOptions{words.model, onnx_options(words), target_of(words.target), words.schedules};
  if (subcommand == "fmt") return fmt_options(words);
  if (subcommand == "verify") return verify_options(words);
  if (subcommand == "export")
    return ExportOptions{words.model, onnx_options(words), path_of(words.output), weights_of(words.weights)};
  if (subcommand == "bench") return bench_options(words);
  if (subcommand == "tune") return tune_options(words);
  return compile_options(words);
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  CLI::App app("cnnc compiles a convolutional network, described in text, to a static library.", "cnnc");
  Words words;
  app.set_help_flag("-h,--help", "print this text");
  app.set_version_flag("--version", "cnnc " CNNC_VERSION, "print the version");
  app.formatter_fn([](const CLI::App* a, const std::string&, CLI::AppFormatMode) { return help_text(*a); });
  app.require_subcommand(0, 1);
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
  return command_of(app.get_subcommands().empty() ? "" : selected(app)->get_name(), words);
}

}  // namespace cnnc
