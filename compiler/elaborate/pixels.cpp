#include "elaborate/pixels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "elaborate/expressions.h"
#include "graph/picture_shape.h"
#include "graph/pixel_limits.h"
#include "support/suggest.h"

namespace cnnc::elaboration {
namespace {

const std::vector<std::string> kWords = {"mean", "deviation", "resize", "fill"};

// The words behind `from`, on their way to what they mean.
struct Reader {
  State& state;
  const ast::Input& input;
  size_t next = 0;  // of input.pixels
  bool good = true;

  bool at_end() const { return next == input.pixels.size(); }
  Span where() const { return ast::where(at_end() ? input.pixels.back() : input.pixels[next]); }
};

void fail(Reader& r, Span where, const std::string& message, const std::string& hint = "") {
  error(r.state, where, message, hint);
  r.good = false;
}

// What stands at the reader's place, for a message.
std::string found(const Reader& r) {
  return r.at_end() ? "nothing" : fmt::format("'{}'", text_at(r.state, r.where()));
}

// The word at the reader's place, or null.
const ast::Expression* word_at(const Reader& r) {
  if (r.at_end()) return nullptr;
  const auto* expression = std::get_if<ast::Expression>(&r.input.pixels[r.next]);
  return expression && expression->kind == ast::Expression::Kind::name ? expression : nullptr;
}

void read_format(Reader& r, Pixels& pixels) {
  const ast::Expression* word = word_at(r);
  const auto format = word ? pixel_format_of(word->text) : std::nullopt;
  if (!format) {
    const std::string text = text_at(r.state, r.where());
    return fail(r, r.where(),
                fmt::format("'{}' is no format of pixels{}", text, did_you_mean(text, pixel_format_names())),
                fmt::format("write {}", one_of(pixel_format_names())));
  }
  pixels.format = *format;
  ++r.next;
}

// mean, deviation: one number for all channels, or one for each.
void read_numbers(Reader& r, const ast::Expression& word, std::vector<double>& numbers) {
  std::vector<double> read;
  for (; !r.at_end() && !word_at(r); ++r.next) {
    const auto* expression = std::get_if<ast::Expression>(&r.input.pixels[r.next]);
    if (!expression)
      return fail(r, r.where(), fmt::format("'{}' wants numbers; found {}", word.text, found(r)));
    const auto number = evaluate_real(r.state, {}, *expression);
    if (!number) {
      r.good = false;
      return;
    }
    const bool is_mean = word.text == "mean";
    const double magnitude = std::fabs(*number);
    if (!(magnitude <= kGreatestOfPixels && (is_mean || magnitude >= kLeastDeviation)))
      return fail(r, r.where(),
                  fmt::format("a {} is {} in magnitude; found {}", word.text,
                              is_mean ? "at most 1000000" : "from 0.000001 to 1000000", *number));
    read.push_back(*number);
  }
  if (read.size() == 1) read.assign(numbers.size(), read[0]);
  if (read.size() != numbers.size())
    return fail(r, word.where,
                fmt::format("'{}' has {} numbers, and '{}' becomes {} channel{}", word.text, read.size(),
                            text_at(r.state, ast::where(r.input.pixels[0])), numbers.size(),
                            numbers.size() == 1 ? "" : "s"),
                numbers.size() == 1 ? "write one number" : "write one number for all, or one for each");
  numbers = read;
}

void read_resize(Reader& r, Pixels& pixels) {
  const ast::Expression* word = word_at(r);
  const auto resize = word ? resize_of_name(word->text) : std::nullopt;
  if (!resize)
    return fail(r, r.where(), fmt::format("'resize' wants crop, fit or stretch; found {}", found(r)));
  pixels.resize = *resize;
  ++r.next;
}

void read_fill(Reader& r, Pixels& pixels) {
  const auto* expression = r.at_end() ? nullptr : std::get_if<ast::Expression>(&r.input.pixels[r.next]);
  const std::optional<int64_t> level = expression ? evaluate(r.state, {}, *expression) : std::nullopt;
  if (expression && !level) {
    r.good = false;
    return;
  }
  if (!level || *level < 0 || *level > 255)
    return fail(r, r.where(), fmt::format("'fill' wants a level, 0 to 255; found {}", found(r)));
  pixels.fill = *level;
  ++r.next;
}

void read_word(Reader& r, Pixels& pixels, std::set<std::string>& seen) {
  const ast::Expression* word = word_at(r);
  const Span where = r.where();
  const std::string text = text_at(r.state, where);
  if (!word || std::find(kWords.begin(), kWords.end(), word->text) == kWords.end())
    return fail(
        r, where,
        fmt::format("'{}' is nothing that is said of pixels{}", text, word ? did_you_mean(text, kWords) : ""),
        "behind the format stand mean, deviation, resize and fill, each with its value");
  if (!seen.insert(word->text).second) return fail(r, where, fmt::format("'{}' is given twice", text));
  ++r.next;
  if (word->text == "resize") return read_resize(r, pixels);
  if (word->text == "fill") return read_fill(r, pixels);
  read_numbers(r, *word, word->text == "mean" ? pixels.mean : pixels.deviation);
}

void check_shape(Reader& r, const Pixels& pixels, const Shape& shape) {
  if (picture_shape(shape, pixels.format)) return;
  const int64_t channels = channels_of(pixels.format);
  const bool other = shape.is_map() && (shape.channels() == 1 || shape.channels() == 3);
  const std::string hint = !other                  ? "an input without 'from' takes floats of any shape"
                           : shape.channels() == 1 ? "write 'from grey8'; a run takes colours as well"
                                                   : "write 'from rgb8'; a run takes grey as well";
  fail(r, ast::where(r.input.shape),
       fmt::format("pixels of {} become a map of {} channel{}; the input is '{}'", name_of(pixels.format),
                   channels, channels == 1 ? "" : "s", to_string(shape)),
       hint);
}

}  // namespace

std::optional<Pixels> read_pixels(State& state, const ast::Input& input, const Shape& shape) {
  Reader r{state, input};
  Pixels pixels;
  std::set<std::string> seen;
  read_format(r, pixels);
  if (!r.good) return std::nullopt;
  check_shape(r, pixels, shape);
  const auto channels = static_cast<size_t>(channels_of(pixels.format));
  pixels.mean.assign(channels, 0);
  pixels.deviation.assign(channels, 1);
  while (r.good && !r.at_end()) read_word(r, pixels, seen);
  return r.good ? std::optional(pixels) : std::nullopt;
}

}  // namespace cnnc::elaboration
