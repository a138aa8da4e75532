#include "elaborate/names.h"

#include <fmt/format.h>

#include "support/suggest.h"

namespace cnnc::elaboration {
namespace {

// "layer1.0" → "layer1" → "".
std::string_view outer(std::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

// The same place named twice: it is expanded several times.
void report_repeated_name(State& state, const std::string& name, Span where) {
  error(state, where,
        fmt::format("the name '{}' is given more than once: this statement is expanded several times", name),
        "leave the name out, or put the statements into a block, each call of which has names of its own");
}

void report_taken_name(State& state, const std::string& name, Span where, Span first, bool written) {
  if (is_reported(state, where)) return;
  if (where.begin == first.begin && where.end == first.end) return report_repeated_name(state, name, where);
  const std::string line = line_of(state, first);
  if (written) {
    error(state, where, fmt::format("the name '{}' is taken by {}", name, line), "choose another name");
  } else {
    error(state, where,
          fmt::format("without a name this statement is called '{}', which is taken by {}", name, line),
          "give one of the two another name with 'as NAME'");
  }
}

// Takes a full name. One beyond the limit is reported and ends the expansion, which would copy it too often.
std::string take(State& state, const Scope& scope, const std::string& name, Span where, bool written) {
  if (scope.path.size() + name.size() >= kNameBytes) {
    stop(state, where,
         fmt::format("a name, with those of its scopes before it, has at most {} bytes; this one has {}",
                     kNameBytes, join_path(scope.path, name).size()),
         "choose a shorter name");
    return {};
  }
  std::string full_name = join_path(scope.path, name);
  const auto [entry, is_new] = state.names.try_emplace(full_name, NamedTensor{{}, where, false});
  if (!is_new) report_taken_name(state, full_name, where, entry->second.where, written);
  return full_name;
}

// The names that could be meant in a scope, as they would be written there.
std::vector<std::string> candidates(const State& state, const Scope& scope) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : state.names) {
    names.push_back(name);
    for (std::string_view path = scope.path; !path.empty(); path = outer(path)) {
      const bool inside = name.size() > path.size() + 1 && name[path.size()] == '.' &&
                          std::string_view(name).substr(0, path.size()) == path;
      if (inside) names.push_back(name.substr(path.size() + 1));
    }
  }
  return names;
}

}  // namespace

std::string join_path(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

std::string name_statement(State& state, Scope& scope, std::string_view kind,
                           const std::optional<ast::Name>& as, Span statement) {
  const int number = scope.numbered ? scope.next_number++ : 0;
  const int count = ++scope.counts[std::string(kind)];
  if (as) return take(state, scope, as->text, as->where, true);
  const std::string name = scope.numbered ? fmt::format("{}", number) : fmt::format("{}{}", kind, count);
  return take(state, scope, name, statement, false);
}

std::string take_name(State& state, const Scope& scope, const std::string& name, Span where) {
  return take(state, scope, name, where, true);
}

void define(State& state, const std::string& full_name, Tensor tensor) {
  NamedTensor& named = state.names[full_name];
  named.tensor = tensor;
  named.finished = true;
}

Found find_tensor(State& state, const Scope& scope, const ast::Name& name) {
  std::string_view path = scope.path;
  while (true) {
    const std::string full_name = join_path(path, name.text);
    const auto found = state.names.find(full_name);
    if (found != state.names.end()) {
      if (found->second.finished) return {full_name, found->second.tensor};
      error(state, name.where,
            fmt::format("'{}' has no tensor yet: its statement ends further down", name.text));
      return {full_name, unknown()};
    }
    if (path.empty()) break;
    path = outer(path);
  }
  if (is_reported(state, name.where)) return {name.text, unknown()};
  error(state, name.where,
        fmt::format("no tensor above is called '{}'{}", text_at(state, name.where),
                    did_you_mean(name.text, candidates(state, scope))),
        "name a statement with 'as NAME'; 'cnnc summary' shows the names of all");
  return {name.text, unknown()};
}

}  // namespace cnnc::elaboration
