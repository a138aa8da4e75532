#include "driver/options/option_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>

#include "elaborate/identifiers/identifiers.h"
#include "kernels/strategies.h"
#include "support/limits.h"
#include "support/parallel.h"
#include "support/suggest.h"
#include "target/host.h"

namespace cnnc {
namespace {

constexpr int kMaxJobs = 1024;

const std::vector<std::string>& emit_names() {
  static const std::vector<std::string> names = {"ast",  "graph", "passes", "schedule",
                                                 "plan", "stmt",  "llvm",   "asm"};
  return names;
}

std::vector<std::string> target_words() {
  std::vector<std::string> names = target_names();
  names.emplace_back("host");
  return names;
}

std::vector<std::string> schedule_names() {
  std::vector<std::string> names = {"tuned", "default"};
  names.insert(names.end(), strategy_names().begin(), strategy_names().end());
  return names;
}

std::optional<double> finite_number(const std::string& word) {
  double value = 0;
  const char* end_of_word = word.data() + word.size();
  const auto [end, error] = std::from_chars(word.data(), end_of_word, value);
  if (error != std::errc() || end != end_of_word || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

std::vector<std::string> values_of(const std::string& option) {
  if (option == "--target") return target_words();
  if (option == "--system") return system_names();
  if (option == "--emit") return emit_names();
  if (option == "--algorithm") return {"auto", "direct"};
  if (option == "--bindings") return {"python"};
  if (option == "--precision") return {"f32", "bf16"};
  if (option == "--weights-type") return {"f32", "f16", "bf16", "s8"};
  if (option == "--input-type" || option == "--output-type") return {"f32", "u8", "s8"};
  if (option == "--resize") return {"crop", "fit", "stretch"};
  if (option == "--what") return {"layers", "memory", "field", "filters", "maps"};
  if (option == "--style") return {"volumes", "graph"};
  if (option == "--schedules") return schedule_names();
  if (option == "--method") return {"min-max", "percentile", "least-squares"};
  if (option == "--weight-bits") return {"7", "8"};
  return {};
}

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

namespace {

Isa isa_of(const std::string& word) {
  if (const std::optional<Isa> isa = parse_isa(word)) return *isa;
  const std::vector<std::string> names = target_words();
  throw UsageError{
      fmt::format("'--target' wants {}; found '{}'{}", one_of(names), word, did_you_mean(word, names))};
}

// What the list says so far and one more; in the order of all_targets().
void add_target(std::vector<Isa>& targets, const std::string& word, const std::string& list) {
  if (word == "host")
    throw UsageError{
        fmt::format("'--target {}': 'host' stands alone; a list names instruction sets, as in '--target "
                    "avx512,avx2'",
                    list)};
  const Isa isa = isa_of(word);
  for (const Isa other : targets) {
    if (other == isa) throw UsageError{fmt::format("'--target {}' names '{}' twice", list, word)};
    if (target_for(other).architecture != target_for(isa).architecture)
      throw UsageError{
          fmt::format("'--target {}': '{}' and '{}' are of two architectures, and an archive is for one",
                      list, to_string(other), word)};
  }
  targets.push_back(isa);
}

}  // namespace

std::optional<Isa> target_of(const std::string& word, const std::string& command) {
  if (word.empty() || word == "host") return std::nullopt;
  if (word.find(',') != std::string::npos)
    throw UsageError{fmt::format("'cnnc {}' takes one '--target'; found the list '{}'", command, word)};
  return isa_of(word);
}

std::vector<Isa> targets_of(const std::string& word) {
  if (word.empty() || word == "host") return {};
  std::vector<Isa> named, targets;
  for (size_t begin = 0; begin <= word.size();) {
    const size_t end = std::min(word.find(',', begin), word.size());
    add_target(named, word.substr(begin, end - begin), word);
    begin = end + 1;
  }
  for (const Target& target : all_targets())
    if (std::find(named.begin(), named.end(), target.isa) != named.end()) targets.push_back(target.isa);
  return targets;
}

const System* system_of(const std::string& word, const std::string& target) {
  if (word.empty()) return nullptr;
  const System* system = system_named(word);
  if (!system)
    throw UsageError{fmt::format("'--system' wants {}; found '{}'{}", one_of(system_names()), word,
                                 did_you_mean(word, system_names()))};
  const std::vector<Isa> isas = targets_of(target);
  const Architecture& architecture =
      *(isas.empty() ? least_of_host() : target_for(isas.front())).architecture;
  if (goes_with(*system, architecture.name)) return system;
  std::vector<std::string> names;
  for (const Target& row : all_targets())
    if (goes_with(*system, row.architecture->name)) names.emplace_back(row.name);
  const std::string found = isas.empty() ? "this machine's processor" : fmt::format("'--target {}'", target);
  throw UsageError{fmt::format("'--system {}' and {} do not go together: libraries for {} are made for {}",
                               word, found, system->title, fmt::join(names, ", "))};
}

int jobs_of(const std::string& word) {
  if (word.empty()) return processors();
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

bool allow_winograd(const std::string& word) {
  if (word.empty() || word == "auto") return true;
  if (word == "direct") return false;
  throw UsageError{fmt::format("'--algorithm' wants auto or direct; found '{}'", word)};
}

std::optional<Emit> emit_of(const std::string& word) {
  const std::vector<std::string>& names = emit_names();
  if (word.empty()) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end())
    throw UsageError{fmt::format("'--emit' wants one of {}; found '{}'{}", fmt::join(names, ", "), word,
                                 did_you_mean(word, names))};
  return static_cast<Emit>(found - names.begin());
}

std::vector<double> numbers_of(const std::string& option, const std::string& word) {
  std::vector<double> numbers;
  for (size_t begin = 0; begin <= word.size();) {
    const size_t end = std::min(word.find(',', begin), word.size());
    const std::optional<double> value = finite_number(word.substr(begin, end - begin));
    if (!value)
      throw UsageError{fmt::format(
          "'{}' wants numbers with commas between, as in 0.485,0.456,0.406; found '{}'", option, word)};
    numbers.push_back(*value);
    begin = end + 1;
  }
  return numbers;
}

double decibels_of(const std::string& word) {
  if (const std::optional<double> value = finite_number(word)) return *value;
  throw UsageError{fmt::format("'--least-sqnr' wants a number of decibels, as in 20; found '{}'", word)};
}

Resize resize_of(const std::string& word) {
  if (const auto resize = resize_of_name(word)) return *resize;
  throw UsageError{fmt::format("'--resize' wants crop, fit or stretch; found '{}'{}", word,
                               did_you_mean(word, values_of("--resize")))};
}

bool is_bfloat16(const std::string& word) {
  if (word == "bf16") return true;
  if (word.empty() || word == "f32") return false;
  throw UsageError{fmt::format("'--precision' wants f32 or bf16; found '{}'{}", word,
                               did_you_mean(word, values_of("--precision")))};
}

ElementType port_type_of(const std::string& option, const std::string& word) {
  if (word.empty()) return ElementType::float32;
  for (const ElementType type : {ElementType::float32, ElementType::uint8, ElementType::int8})
    if (word == to_string(type)) return type;
  throw UsageError{fmt::format("'{}' wants f32, u8 or s8; found '{}'{}", option, word,
                               did_you_mean(word, values_of(option)))};
}

ElementType weights_type_of(const std::string& word) {
  if (word.empty()) return ElementType::float32;
  for (const ElementType type :
       {ElementType::float32, ElementType::float16, ElementType::bfloat16, ElementType::int8})
    if (word == to_string(type)) return type;
  throw UsageError{fmt::format("'--weights-type' wants f32, f16, bf16 or s8; found '{}'{}", word,
                               did_you_mean(word, values_of("--weights-type")))};
}

RangeMethod method_of(const std::string& word) {
  const std::string prefix = "percentile:";
  if (word.empty() || word == "min-max") return {RangeMethod::Kind::min_max};
  if (word == "percentile") return {RangeMethod::Kind::percentile};
  if (word == "least-squares") return {RangeMethod::Kind::least_squares};
  double percentile = 0;
  const char* begin = word.data() + std::min(prefix.size(), word.size());
  const char* end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(begin, end, percentile);
  if (word.rfind(prefix, 0) == 0 && error == std::errc() && rest == end && percentile > 50 &&
      percentile <= 100)
    return {RangeMethod::Kind::percentile, percentile};
  throw UsageError{
      fmt::format("'--method' wants min-max, least-squares, percentile, or percentile:NUMBER "
                  "with one above 50, up to 100, as in percentile:99.9; found '{}'{}",
                  word, did_you_mean(word, values_of("--method")))};
}

PlotWhat what_of(const std::string& word) {
  if (word.empty() || word == "layers") return PlotWhat::layers;
  if (word == "memory") return PlotWhat::memory;
  if (word == "field") return PlotWhat::field;
  if (word == "filters") return PlotWhat::filters;
  if (word == "maps") return PlotWhat::maps;
  throw UsageError{fmt::format("'--what' wants layers, memory, field, filters or maps; found '{}'{}", word,
                               did_you_mean(word, values_of("--what")))};
}

PlotStyle style_of(const std::string& word) {
  if (word.empty() || word == "volumes") return PlotStyle::volumes;
  if (word == "graph") return PlotStyle::graph;
  throw UsageError{fmt::format("'--style' wants volumes or graph; found '{}'{}", word,
                               did_you_mean(word, values_of("--style")))};
}

void check_threads(int threads, const std::vector<Isa>& targets) {
  for (const Isa isa : targets)
    if (threads > 1 && target_for(isa).system->is_bare)
      throw UsageError{
          fmt::format("'--threads {}': a run of '--target {}' has one thread", threads, to_string(isa))};
}

std::optional<std::string> path_of(const std::string& word) {
  return word.empty() ? std::nullopt : std::optional(word);
}

namespace {

bool ends_with_one_of(const std::string& path, const std::vector<std::string>& suffixes) {
  const std::string suffix = elaboration::lower(std::filesystem::path(path).extension().string());
  return std::find(suffixes.begin(), suffixes.end(), suffix) != suffixes.end();
}

}  // namespace

bool is_onnx(const std::string& path) {
  return ends_with_one_of(path, {".onnx"});
}

bool is_picture(const std::string& path) {
  return ends_with_one_of(path, {".png", ".jpg", ".jpeg", ".bmp"});
}

bool is_data(const std::string& path) {
  return is_picture(path) || ends_with_one_of(path, {".npy", ".safetensors"});
}

std::vector<std::string> schedules_of(const std::string& word) {
  const std::vector<std::string> known = schedule_names();
  std::vector<std::string> schedules;
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

double seconds_of_budget(const std::string& word) {
  const std::pair<char, double> units[] = {{'s', 1}, {'m', 60}, {'h', 3600}};
  for (const auto& [unit, seconds] : units) {
    if (word.size() < 2 || word.size() > 7 || word.back() != unit) continue;
    if (word.find_first_not_of("0123456789") != word.size() - 1) continue;
    if (const double number = std::stod(word); number > 0) return number * seconds;
  }
  throw UsageError{fmt::format("'--budget' wants a time such as 30s, 10m or 2h; found '{}'", word)};
}

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

}  // namespace cnnc
