#include "describe/forms/repeats.h"

#include <algorithm>
#include <unordered_map>

#include "describe/text/layers.h"
#include "describe/text/visit.h"
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

size_t turns_of(const std::vector<int>& ids, size_t at, size_t length) {
  const auto turn = [&](size_t n) { return ids.begin() + static_cast<std::ptrdiff_t>(at + n * length); };
  size_t turns = 1;
  while (at + (turns + 1) * length <= ids.size() && std::equal(turn(0), turn(1), turn(turns))) ++turns;
  return turns;
}

bool may_be_turn(const std::vector<int>& ids, size_t at, size_t length) {
  const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(at);
  return std::find(begin, begin + static_cast<std::ptrdiff_t>(length), -1) ==
         begin + static_cast<std::ptrdiff_t>(length);
}

ast::Statement repeat_of(Statements turn, size_t turns) {
  ast::Repeat repeat;
  repeat.count = number(static_cast<int64_t>(turns));
  repeat.body.statements = std::move(turn);
  ast::Statement statement;
  statement.what = std::move(repeat);
  return statement;
}

Convs convs_of(const Statements& statements, size_t at, size_t length) {
  Convs convs;
  for (size_t i = at; i < at + length; ++i) count_conv(convs, statements[i]);
  return convs;
}

// How many statements the turns that begin there had better begin later, if there are as many of them: a turn
// does not begin with what belongs to the last one's end.
size_t delay_of(const Statements& statements, const std::vector<int>& ids, size_t at, size_t length) {
  const size_t turns = turns_of(ids, at, length);
  for (size_t delay = 0; delay < length && at + delay + 2 * length <= ids.size(); ++delay) {
    const ast::Statement& before = statements[at + delay + length - 1];  // of the turn before
    if (belongs_to(statements[at + delay], before) ||
        is_cut_behind_depthwise(convs_of(statements, at + delay, length)))
      continue;
    const bool fits = may_be_turn(ids, at + delay, length) && turns_of(ids, at + delay, length) == turns;
    return fits ? delay : 0;
  }
  return 0;
}

// Repeats whose turns have so many statements; whether there are any. Two layers in a row are none.
bool write_repeats_of(size_t length, Statements& statements, Naming naming) {
  if (statements.size() < 2 * length) return false;
  const std::vector<int> ids = numbered(statements, naming);
  Statements result;
  for (size_t at = 0; at < statements.size();) {
    const bool fits = at + 2 * length <= ids.size() && may_be_turn(ids, at, length);
    const size_t turns = fits ? turns_of(ids, at, length) : 1;
    const bool is_layer = length == 1 && std::holds_alternative<ast::Layer>(statements[at].what);
    if (turns < (is_layer ? 3 : 2)) {
      result.push_back(std::move(statements[at++]));
      continue;
    }
    for (size_t delay = delay_of(statements, ids, at, length); delay > 0; --delay)
      result.push_back(std::move(statements[at++]));
    const auto begin = std::make_move_iterator(statements.begin() + static_cast<std::ptrdiff_t>(at));
    result.push_back(repeat_of(Statements(begin, begin + static_cast<std::ptrdiff_t>(length)), turns));
    at += length * turns;
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
  // Short turns first: those of longer ones may hold repeats.
  for (size_t length = 1; length <= kLongest; ++length)
    if (write_repeats_of(length, statements, naming)) length = 0;
}

}  // namespace cnnc
