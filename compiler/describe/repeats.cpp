#include "describe/repeats.h"

#include <algorithm>
#include <unordered_map>

#include "describe/layers.h"
#include "describe/visit.h"
#include "syntax/formatter.h"

namespace cnnc {
namespace {

constexpr size_t kLongest = 24;  // statements of a turn

using Statements = std::vector<ast::Statement>;

bool is_join_with_bodies(const ast::Statement& s) {
  return std::holds_alternative<ast::Residual>(s.what) || std::holds_alternative<ast::Gate>(s.what) ||
         std::holds_alternative<ast::Concat>(s.what);
}

// Whether the statement gives a name in the scope that it stands in, so that it cannot stand there twice.
bool gives_name(ast::Statement& s, Naming naming) {
  if (s.as) return true;
  if (std::holds_alternative<ast::Output>(s.what) || std::holds_alternative<ast::Input>(s.what) ||
      std::holds_alternative<ast::Block>(s.what))
    return true;
  if (const auto* group = std::get_if<ast::Group>(&s.what)) return group->name.has_value();
  if (is_join_with_bodies(s) && naming == Naming::by_number) return false;
  const auto* residual = std::get_if<ast::Residual>(&s.what);
  if (residual && residual->shortcut && residual->shortcut->as) return true;
  size_t index = 0;
  for (ast::Body* body : bodies_of(s)) {
    if (residual && index++ == 1) break;  // a shortcut is a scope
    for (ast::Statement& inner : body->statements)
      if (gives_name(inner, naming)) return true;
  }
  return false;
}

// Each statement as a number: equal where the texts are; -1 where it cannot be repeated.
std::vector<int> numbered(Statements& statements, Naming naming) {
  std::unordered_map<std::string, int> known;
  std::vector<int> result;
  for (ast::Statement& s : statements) {
    if (gives_name(s, naming)) {
      result.push_back(-1);
      continue;
    }
    ast::File file;
    file.statements = {s};
    result.push_back(known.emplace(format(file), static_cast<int>(known.size())).first->second);
  }
  return result;
}

struct Run {
  size_t length = 1, turns = 1;
};

size_t turns_of(const std::vector<int>& ids, size_t at, size_t length) {
  size_t turns = 1;
  while (at + (turns + 1) * length <= ids.size() &&
         std::equal(ids.begin() + at, ids.begin() + at + length, ids.begin() + at + turns * length))
    ++turns;
  return turns;
}

// What spares most statements from there on. Two layers in a row are no repeat.
Run best_run(const std::vector<int>& ids, const Statements& statements, size_t at) {
  Run best;
  for (size_t length = 1; length <= kLongest && at + 2 * length <= ids.size(); ++length) {
    if (ids[at + length - 1] < 0) break;
    const size_t turns = turns_of(ids, at, length);
    const bool is_layer = length == 1 && std::holds_alternative<ast::Layer>(statements[at].what);
    if (turns < (is_layer ? 3 : 2)) continue;
    if ((turns - 1) * length > (best.turns - 1) * best.length) best = {length, turns};
  }
  return best;
}

bool write_once(Statements& statements, Naming naming) {
  const std::vector<int> ids = numbered(statements, naming);
  Statements result;
  for (size_t at = 0; at < statements.size();) {
    const Run run = best_run(ids, statements, at);
    if (run.turns == 1) {
      result.push_back(std::move(statements[at++]));
      continue;
    }
    ast::Repeat repeat;
    repeat.count = number(static_cast<int64_t>(run.turns));
    for (size_t i = 0; i < run.length; ++i) repeat.body.statements.push_back(std::move(statements[at + i]));
    ast::Statement statement;
    statement.what = std::move(repeat);
    result.push_back(std::move(statement));
    at += run.length * run.turns;
  }
  const bool changed = result.size() < statements.size();
  statements = std::move(result);
  return changed;
}

// The naming in the statement's body of that number.
Naming naming_inside(const ast::Statement& s, size_t body, Naming around) {
  if (std::holds_alternative<ast::Group>(s.what)) return Naming::by_number;
  if (std::holds_alternative<ast::Residual>(s.what) && body == 1) return Naming::by_number;
  if (std::holds_alternative<ast::Repeat>(s.what)) return around;
  return Naming::by_kind;
}

}  // namespace

void write_repeats(Statements& statements, Naming naming) {
  for (ast::Statement& s : statements) {
    size_t body = 0;
    for (ast::Body* inner : bodies_of(s)) write_repeats(inner->statements, naming_inside(s, body++, naming));
  }
  while (write_once(statements, naming)) continue;
}

}  // namespace cnnc
