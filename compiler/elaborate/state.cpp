#include "elaborate/state.h"

#include <fmt/format.h>

#include <algorithm>

namespace cnnc::elaboration {
namespace {

// "in the call 'basic(64)' on line 20, in the call …": the way from the innermost block to the file.
std::string way_here(const State& state) {
  constexpr size_t kShown = 3;
  std::string way;
  size_t shown = 0;
  for (size_t i = state.frames.size(); i > 1 && shown < kShown; --i, ++shown) {
    const Span call = state.frames[i - 1].call;
    way += fmt::format("{}in the call '{}' on {}", shown == 0 ? "" : ", ", text_at(state, call),
                       line_of(state, call));
  }
  return way;
}

bool is_at(const Diagnostic& diagnostic, Span where) {
  return diagnostic.where && diagnostic.where->begin == where.begin && diagnostic.where->end == where.end;
}

}  // namespace

void error(State& state, Span where, const std::string& message, const std::string& hint) {
  if (state.stopped) return;
  const auto is_same = [&](const Diagnostic& d) { return is_at(d, where) && d.message == message; };
  const auto& all = state.diagnostics.all();
  if (std::any_of(all.begin(), all.end(), is_same)) return;
  const std::string way = way_here(state);
  const std::string full_hint = hint.empty() || way.empty() ? hint + way : fmt::format("{} ({})", hint, way);
  state.diagnostics.error(where, message, full_hint);
  if (state.diagnostics.count() >= Diagnostics::kMaxErrors) state.stopped = true;
}

bool is_reported(const State& state, Span where) {
  const auto& all = state.diagnostics.all();
  return std::any_of(all.begin(), all.end(), [&](const Diagnostic& d) { return is_at(d, where); });
}

void stop(State& state, Span where, const std::string& message, const std::string& hint) {
  if (state.stopped) return;
  state.diagnostics.error(where, message, hint);
  state.stopped = true;
}

std::string text_at(const State& state, Span where) {
  constexpr size_t kShown = 40;
  const std::string& text = state.source.text;
  if (where.begin >= text.size() || where.end <= where.begin) return "";
  std::string written = text.substr(where.begin, where.end - where.begin);
  written = written.substr(0, std::min(written.find('\n'), written.size()));
  return written.size() <= kShown ? written : written.substr(0, kShown - 3) + "...";
}

std::string line_of(const State& state, Span where) {
  return fmt::format("line {}", position_of(state.source, where.begin).line);
}

std::string list_of(const std::vector<std::string>& words) {
  std::string list;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) list += i + 1 == words.size() ? " and " : ", ";
    list += words[i];
  }
  return list;
}

}  // namespace cnnc::elaboration
