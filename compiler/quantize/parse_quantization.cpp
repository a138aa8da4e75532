// Text → quantisation.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>

#include "quantize/quantization.h"
#include "support/pieces.h"
#include "support/suggest.h"

namespace cnnc {
namespace {

using Words = std::vector<Piece>;

Span where_of(const Words& words) {
  return join(words.front().where, words.back().where);
}

[[noreturn]] void fail_form(const Words& words, const std::string& form, const std::string& example) {
  throw Fault{where_of(words), fmt::format("a line of '{}' is '{}'", words[0].text, form),
              fmt::format("as in '{}'", example)};
}

// The whole of the word, as the nearest number.
template <class T>
std::optional<T> number_of(const Piece& word) {
  T value = 0;
  const char* end_of_word = word.text.data() + word.text.size();
  const auto [end, error] = std::from_chars(word.text.data(), end_of_word, value);
  if (error != std::errc() || end != end_of_word) return std::nullopt;
  return value;
}

float scale_of(const Piece& word) {
  const std::optional<float> scale = number_of<float>(word);
  if (scale && *scale >= kLeastScale && *scale <= kGreatestScale) return *scale;
  throw Fault{
      word.where,
      fmt::format("a scale is a number from {} to {}; found {}", kLeastScale, kGreatestScale, quoted(word)),
      ""};
}

void read_network(const Words& words, Quantization& quantization) {
  if (words.size() != 2) fail_form(words, "network NAME", "network lenet5");
  quantization.network = std::string(words[1].text);
  quantization.network_where = words[1].where;
}

void read_weights(const Words& words, Quantization& quantization) {
  if (words.size() != 3 || words[2].text != "bits") fail_form(words, "weights BITS bits", "weights 8 bits");
  quantization.weight_bits = static_cast<int>(whole_number(words[1], "the number of a weight's bits", 7, 8));
}

double percentile_of(const Piece& word) {
  const std::optional<double> percentile = number_of<double>(word);
  if (percentile && *percentile > 50 && *percentile <= 100) return *percentile;
  throw Fault{word.where, fmt::format("a percentile is a number above 50, up to 100; found {}", quoted(word)),
              "as in 'method percentile 99.99'"};
}

void read_method(const Words& words, Quantization& quantization) {
  static const std::vector<std::string> methods = {"min-max", "percentile", "least-squares"};
  const bool has_number = words.size() > 1 && words[1].text == methods[1];
  if (words.size() != (has_number ? 3 : 2))
    fail_form(words, has_number ? "method percentile NUMBER" : "method NAME",
              has_number ? "method percentile 99.99" : "method min-max");
  const auto found = std::find(methods.begin(), methods.end(), words[1].text);
  if (found == methods.end())
    throw Fault{words[1].where,
                fmt::format("the method is {}; found {}{}", one_of(methods), quoted(words[1]),
                            did_you_mean(words[1].text, methods)),
                ""};
  quantization.method = RangeMethod{static_cast<RangeMethod::Kind>(found - methods.begin())};
  if (has_number) quantization.method->percentile = percentile_of(words[2]);
}

void read_inputs(const Words& words, Quantization& quantization) {
  if (words.size() != 2) fail_form(words, "inputs COUNT", "inputs 32");
  quantization.inputs = whole_number(words[1], "the number of inputs", 1, int64_t{1} << 31);
}

void read_tensor(const Words& words, Quantization& quantization) {
  if (words.size() != 6 || words[2].text != "scale" || words[4].text != "zero")
    fail_form(words, "tensor NAME scale NUMBER zero NUMBER", "tensor relu1 scale 0.0123 zero 0");
  Quantization::Tensor tensor;
  tensor.scale.scale = scale_of(words[3]);
  tensor.scale.zero_point = static_cast<int>(whole_number(words[5], "the byte of zero", 0, 255));
  tensor.name = std::string(words[1].text);
  tensor.where = words[1].where;
  quantization.tensors.push_back(std::move(tensor));
}

void read_weight(const Words& words, Quantization& quantization) {
  if (words.size() < 4 || words[2].text != "scale")
    fail_form(words, "weight NAME scale NUMBERS", "weight conv1 scale 0.01 0.012");
  Quantization::Weight weight;
  for (size_t i = 3; i < words.size(); ++i) weight.scales.push_back(scale_of(words[i]));
  weight.name = std::string(words[1].text);
  weight.where = words[1].where;
  quantization.weights.push_back(std::move(weight));
}

float factor_of(const Piece& word) {
  const std::optional<float> factor = number_of<float>(word);
  if (factor && *factor >= kLeastFactor && *factor <= kGreatestFactor) return *factor;
  throw Fault{word.where,
              fmt::format("a channel is divided by a number from {} to {}; found {}", kLeastFactor,
                          kGreatestFactor, quoted(word)),
              ""};
}

float correction_of(const Piece& word) {
  const std::optional<float> correction = number_of<float>(word);
  if (correction && std::fabs(*correction) <= kGreatestScale) return *correction;
  throw Fault{
      word.where,
      fmt::format("a correction is a number from -{0} to {0}; found {1}", kGreatestScale, quoted(word)), ""};
}

Quantization::Channels channels_of(const Words& words, float (*number)(const Piece&), const char* example) {
  if (words.size() < 4 || words[2].text != "by")
    fail_form(words, fmt::format("{} NAME by NUMBERS", words[0].text), example);
  Quantization::Channels channels{std::string(words[1].text), {}, words[1].where};
  for (size_t i = 3; i < words.size(); ++i) channels.numbers.push_back(number(words[i]));
  return channels;
}

void read_equalise(const Words& words, Quantization& quantization) {
  quantization.equalised.push_back(channels_of(words, factor_of, "equalise relu1 by 1 0.25"));
}

void read_correct(const Words& words, Quantization& quantization) {
  quantization.corrections.push_back(channels_of(words, correction_of, "correct conv1 by 0.001 -0.02"));
}

void read_float(const Words& words, Quantization& quantization) {
  if (words.size() != 2) fail_form(words, "float NAME", "float fc");
  quantization.floats.push_back({std::string(words[1].text), words[1].where});
}

void read_port(const Words& words, Quantization& quantization) {
  if (words.size() != 3 || (words[2].text != "u8" && words[2].text != "s8"))
    fail_form(words, fmt::format("{} NAME u8', or s8 in the place of 'u8", words[0].text),
              words[0].text == "input" ? "input image u8" : "output probabilities u8");
  (words[0].text == "input" ? quantization.byte_inputs : quantization.byte_outputs)
      .push_back({std::string(words[1].text), words[2].text == "s8", words[1].where});
}

struct Keyword {
  std::string_view word;
  bool once;  // in a file; else once for a name
  void (*read)(const Words& words, Quantization& quantization);
};

constexpr Keyword kKeywords[] = {
    {"network", true, read_network},    {"weights", true, read_weights},  {"method", true, read_method},
    {"inputs", true, read_inputs},      {"tensor", false, read_tensor},   {"weight", false, read_weight},
    {"equalise", false, read_equalise}, {"correct", false, read_correct}, {"float", false, read_float},
    {"input", false, read_port},        {"output", false, read_port},
};

const Keyword& keyword_of(const Piece& word) {
  std::vector<std::string> names;
  for (const Keyword& keyword : kKeywords) {
    if (keyword.word == word.text) return keyword;
    names.emplace_back(keyword.word);
  }
  throw Fault{word.where,
              fmt::format("a line begins with {}; found {}{}", one_of(names), quoted(word),
                          did_you_mean(word.text, names)),
              ""};
}

// "network", "tensor relu1": what may stand once, and the line where it does.
using Seen = std::map<std::string, uint32_t, std::less<>>;

void read_line(const Line& line, Seen& seen, Quantization& quantization) {
  const Words words = words_of(line.piece);
  const Keyword& keyword = keyword_of(words[0]);
  keyword.read(words, quantization);
  std::string what(words[0].text);
  if (!keyword.once) what += fmt::format(" {}", words[1].text);
  const auto [place, is_new] = seen.emplace(std::move(what), line.number);
  if (!is_new)
    throw Fault{line.piece.where, fmt::format("'{}' stands in line {} already", place->first, place->second),
                "leave one of the two out"};
}

void require_version(const std::vector<Line>& lines, const Source& source, Diagnostics& diagnostics) {
  if (lines.empty())
    diagnostics.error_in_file(source.name, fmt::format("a quantisation begins with '{}'; this file is empty",
                                                       kQuantizationVersion));
  else if (lines[0].piece.text != kQuantizationVersion)
    diagnostics.error(lines[0].piece.where, fmt::format("a quantisation begins with '{}'; found {}",
                                                        kQuantizationVersion, quoted(lines[0].piece)));
}

}  // namespace

std::optional<Quantization> parse_quantization(const Source& source, Diagnostics& diagnostics) {
  const std::vector<Line> lines = lines_of(source);
  require_version(lines, source, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  Quantization quantization;
  Seen seen;
  for (size_t i = 1; i < lines.size(); ++i) try {
      read_line(lines[i], seen, quantization);
    } catch (const Fault& fault) {
      diagnostics.error(fault.where, fault.message, fault.hint);
    }
  if (quantization.network.empty() && !diagnostics.has_errors())
    diagnostics.error_in_file(source.name, "no line names the network", "write 'network NAME'");
  if (diagnostics.has_errors()) return std::nullopt;
  return quantization;
}

}  // namespace cnnc
