#include "support/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/utf8.h"

namespace cnnc {
namespace {

// A line longer than this is cut around its caret.
constexpr size_t kShownBytes = 110;

struct Colors {
  const char *bold = "", *red = "", *green = "", *off = "";
};

Colors colors(bool color) {
  if (!color) return {};
  return {"\033[1m", "\033[1;31m", "\033[1;32m", "\033[0m"};
}

bool same_place(const std::optional<Span>& a, const std::optional<Span>& b) {
  if (!a || !b) return !a && !b;
  return a->begin == b->begin && a->end == b->end;
}

// Steps back to the first byte of a character; not far where the text is not UTF-8.
size_t character_begin(std::string_view line, size_t at) {
  for (int i = 0; i < 3 && at > 0 && at < line.size() && (line[at] & 0xc0) == 0x80; ++i) --at;
  return at;
}

// The range of a line that is shown: all of it, or a window with the caret in its middle.
Span shown_range(std::string_view line, size_t caret) {
  if (line.size() <= kShownBytes) return {0, static_cast<uint32_t>(line.size())};
  size_t begin = caret > kShownBytes / 2 ? caret - kShownBytes / 2 : 0;
  begin = std::min(begin, line.size() - kShownBytes);
  const size_t end = character_begin(line, begin + kShownBytes);
  return {static_cast<uint32_t>(character_begin(line, begin)), static_cast<uint32_t>(end)};
}

// A character as it may go to a terminal: what would control it (C0, C1) or is not UTF-8 becomes '?'.
std::string_view printable(std::string_view character, bool valid) {
  const char32_t value = valid ? utf8_code_point(character) : 0;
  const bool control = value != '\t' && (value < 0x20 || (value >= 0x7f && value < 0xa0));
  return control ? "?" : character;
}

// What stands below one character of the line: a caret, a tilde, or what moves as far as the character does.
char mark(size_t at, Span columns, char character) {
  if (at == columns.begin) return '^';
  if (at > columns.begin && at < columns.end) return '~';
  return character == '\t' ? '\t' : ' ';
}

// The line and below it the caret; `columns` is the marked range, 0-based, in the line.
std::string excerpt(std::string_view line, Span columns, const Colors& paint) {
  const Span range = shown_range(line, columns.begin);
  const char* cut_left = range.begin > 0 ? "…" : "";
  const char* cut_right = range.end < line.size() ? "…" : "";
  std::string text, marks(range.begin > 0 ? 1 : 0, ' ');
  for (size_t at = range.begin; at < range.end;) {
    const size_t length = utf8_length(line.substr(at, range.end - at));
    const std::string_view character = line.substr(at, std::max<size_t>(length, 1));
    text += printable(character, length > 0);
    marks += mark(at, columns, character[0]);
    at += character.size();
  }
  if (columns.begin >= range.end) marks += '^';
  marks.erase(marks.find_last_not_of(" \t") + 1);
  return fmt::format("  {}{}{}\n  {}{}{}\n", cut_left, text, cut_right, paint.green, marks, paint.off);
}

// The marked part of the first line of a span.
Span columns_of(Span where, Position position, std::string_view line) {
  const auto begin = std::min<uint32_t>(position.column - 1, static_cast<uint32_t>(line.size()));
  const uint32_t length = where.end > where.begin ? where.end - where.begin : 0;
  return {begin, begin + std::min<uint32_t>(length, static_cast<uint32_t>(line.size()) - begin)};
}

// A text as it may go to a terminal, whatever a file had in it; line breaks stay.
std::string printable_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    const std::string_view character = text.substr(0, std::max<size_t>(length, 1));
    out += character == "\n" ? character : printable(character, length > 0);
    text.remove_prefix(character.size());
  }
  return out;
}

// The text that is made of an ONNX model has the model's name, in which no such line is.
bool is_of_model(const Source& source) {
  constexpr std::string_view kSuffix = ".onnx";
  const std::string& name = source.name;
  return name.size() > kSuffix.size() &&
         name.compare(name.size() - kSuffix.size(), kSuffix.size(), kSuffix) == 0;
}

std::string render_one(const Diagnostic& diagnostic, const Source& source, const Colors& paint) {
  const Position position = diagnostic.where ? position_of(source, diagnostic.where->begin) : Position{};
  const std::string place = !diagnostic.where ? diagnostic.file
                            : is_of_model(source)
                                ? source.name
                                : fmt::format("{}:{}:{}", source.name, position.line, position.column);
  std::string out = fmt::format("{}{}: {}error:{} {}{}{}\n", paint.bold, place, paint.red, paint.off,
                                paint.bold, printable_text(diagnostic.message), paint.off);
  if (diagnostic.where) {
    const std::string_view line = line_text(source, position.line);
    out += excerpt(line, columns_of(*diagnostic.where, position, line), paint);
  }
  if (!diagnostic.hint.empty()) {
    out += fmt::format("  {}hint:{} {}\n", paint.bold, paint.off, printable_text(diagnostic.hint));
  }
  return out;
}

uint32_t sort_key(const Diagnostic& d) {
  return d.where ? d.where->begin : UINT32_MAX;
}

}  // namespace

void Diagnostics::add(Diagnostic diagnostic) {
  const auto same = [&](const Diagnostic& d) {
    return same_place(d.where, diagnostic.where) && d.file == diagnostic.file &&
           d.message == diagnostic.message;
  };
  if (std::any_of(diagnostics_.begin(), diagnostics_.end(), same)) return;
  ++count_;
  if (diagnostics_.size() < kMaxErrors) diagnostics_.push_back(std::move(diagnostic));
}

void Diagnostics::error(Span where, std::string message, std::string hint) {
  add({where, "", std::move(message), std::move(hint)});
}

void Diagnostics::error_in_file(std::string file, std::string message, std::string hint) {
  add({std::nullopt, std::move(file), std::move(message), std::move(hint)});
}

std::string render(const Diagnostics& diagnostics, const Source& source, bool color) {
  std::vector<Diagnostic> sorted = diagnostics.all();
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return sort_key(a) < sort_key(b); });
  std::string out;
  for (const Diagnostic& diagnostic : sorted) out += render_one(diagnostic, source, colors(color));
  const size_t more = diagnostics.count() - sorted.size();
  if (more > 0) out += fmt::format("{} more error{}\n", more, more == 1 ? "" : "s");
  return out;
}

}  // namespace cnnc
