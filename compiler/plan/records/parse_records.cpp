// Text → records.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include "plan/choose/space.h"
#include "plan/records/records.h"
#include "support/limits.h"
#include "support/pieces.h"
#include "support/suggest.h"

namespace cnnc {

namespace {

constexpr std::string_view kVersion = "cnnc schedules 1";

// "64x56x56", "64x56x56/16"
bool is_shape(std::string_view word) {
  return !word.empty() && word.front() >= '1' && word.front() <= '9' &&
         word.find_first_not_of("0123456789x/") == std::string_view::npos &&
         std::count(word.begin(), word.end(), 'x') == 2;
}

// Passes a shape and, behind it, the type of what is no float. Whether there is one.
bool pass_shape(const std::vector<Piece>& words, size_t& at) {
  if (at == words.size() || !is_shape(words[at].text)) return false;
  ++at;
  for (const ElementType type : {ElementType::uint8, ElementType::bfloat16})
    if (at < words.size() && words[at].text == to_string(type)) ++at;
  return true;
}

// "64x56x56/16 -> 64x56x56/16 u8", behind the operator.
bool has_shapes(const std::vector<Piece>& words) {
  size_t at = 1;
  return pass_shape(words, at) && at < words.size() && words[at++].text == "->" && pass_shape(words, at);
}

// Its words with one blank between them.
std::string problem_of_text(const Piece& piece) {
  const std::vector<Piece> words = words_of(piece);
  const std::string hint = "as in 'conv 64x56x56/16 -> 64x56x56/16 filter 3x3 stride 1x1 pad 1,1,1,1'";
  if (words.empty() || (words[0].text != "conv" && words[0].text != "dense"))
    throw Fault{words.empty() ? piece.where : words[0].where,
                fmt::format("a record begins with the problem's operator, conv or dense; found {}{}",
                            words.empty() ? "nothing" : quoted(words[0]),
                            words.empty() ? "" : did_you_mean(words[0].text, {"conv", "dense"})),
                hint};
  if (!has_shapes(words))
    throw Fault{piece.where, "a problem has an input's shape, '->' and an output's shape behind its operator",
                hint};
  std::string text;
  for (const Piece& word : words) text += (text.empty() ? "" : " ") + std::string(word.text);
  return text;
}

// "f32 avx512 threads 1"
void read_machine(const Piece& piece, RecordKey& key) {
  const std::vector<Piece> words = words_of(piece);
  if (words.size() != 4 || words[2].text != "threads")
    throw Fault{piece.where,
                fmt::format("the second part of a record is type, instruction set and threads; found {}",
                            quoted(piece)),
                "as in 'f32 avx512 threads 1'"};
  if (words[0].text != "f32")
    throw Fault{words[0].where, fmt::format("the type is f32; found {}", quoted(words[0])), ""};
  const std::optional<Isa> isa = parse_isa(words[1].text);
  if (!isa)
    throw Fault{words[1].where,
                fmt::format("the instruction set is {}; found {}{}", one_of(target_names()), quoted(words[1]),
                            did_you_mean(words[1].text, target_names())),
                ""};
  key.isa = *isa;
  key.threads = static_cast<int>(whole_number(words[3], "the number of threads", 1, limits::kThreads));
}

// "conv_blocked blocks 2 x 14"
Choice choice_of_text(const Piece& piece) {
  const std::vector<Piece> words = words_of(piece);
  if (words.empty()) throw Fault{piece.where, "the third part of a record is the family of the kernel", ""};
  const std::vector<std::string> families = schedule_families();
  if (std::find(families.begin(), families.end(), words[0].text) == families.end())
    throw Fault{
        words[0].where,
        fmt::format("no family is called {}{}", quoted(words[0]), did_you_mean(words[0].text, families)),
        fmt::format("the families are {}", fmt::join(families, ", "))};
  Choice choice{std::string(words[0].text), {}};
  for (size_t i = 1; i < words.size(); i += 2) {
    const std::string name(words[i].text);
    if (i + 1 == words.size())
      throw Fault{words[i].where, fmt::format("{} has no value behind it", quoted(words[i])), ""};
    const int64_t value = whole_number(words[i + 1], "the value of " + quoted(words[i]), 0, kMostNumber);
    if (!choice.schedule.emplace(name, value).second)
      throw Fault{words[i].where, fmt::format("{} is given twice", quoted(words[i])), ""};
  }
  return choice;
}

double microseconds(const Piece& word, const Fault& fault) {
  double value = 0;
  const char* end_of_word = word.text.data() + word.text.size();
  const auto [end, error] = std::from_chars(word.text.data(), end_of_word, value);
  if (error != std::errc() || end != end_of_word || !(value > 0 && value < 1e12)) throw fault;
  return value;
}

// "187.2 us of 204.9"
Figures figures_of_text(const Piece& piece) {
  const Fault fault{
      piece.where,
      fmt::format("the last part of a record is the time of it and of the default; found {}", quoted(piece)),
      "as in '187.2 us of 204.9'; it may be left out"};
  const std::vector<Piece> words = words_of(piece);
  if (words.size() != 4 || words[1].text != "us" || words[2].text != "of") throw fault;
  return {microseconds(words[0], fault), microseconds(words[3], fault)};
}

void read_record(const Piece& line, uint32_t number, Records& records) {
  const std::vector<Piece> parts = split(line, '|');
  if (parts.size() != 3 && parts.size() != 4)
    throw Fault{line.where,
                fmt::format("a record has three or four parts with '|' between them; found {}", parts.size()),
                "as in 'dense 512x1x1 -> 10x1x1 | f32 avx512 threads 1 | dense images 1 ways 4'"};
  RecordKey key;
  key.problem = problem_of_text(parts[0]);
  read_machine(parts[1], key);
  Record record{choice_of_text(parts[2]), std::nullopt, number};
  if (parts.size() == 4) record.figures = figures_of_text(parts[3]);
  const auto [place, is_new] = records.emplace(std::move(key), std::move(record));
  if (!is_new)
    throw Fault{parts[0].where,
                fmt::format("the same problem, instruction set and threads stand in line {} already",
                            place->second.line),
                "leave one of the two out"};
}

void read_version(const Piece& line) {
  if (line.text == kVersion) return;
  throw Fault{line.where,
              fmt::format("a file of schedules begins with '{}'; found {}", kVersion, quoted(line)), ""};
}

}  // namespace

std::optional<Records> parse_records(const Source& source, Diagnostics& diagnostics) {
  Records records;
  bool has_version = false;
  for (const Line& line : lines_of(source)) {
    try {
      if (has_version)
        read_record(line.piece, line.number, records);
      else
        read_version(line.piece);
    } catch (const Fault& fault) {
      diagnostics.error(fault.where, fault.message, fault.hint);
      if (!has_version) return std::nullopt;
    }
    has_version = true;
  }
  if (!has_version)
    diagnostics.error_in_file(
        source.name, fmt::format("a file of schedules begins with '{}'; this one is empty", kVersion));
  if (diagnostics.has_errors()) return std::nullopt;
  return records;
}

}  // namespace cnnc
