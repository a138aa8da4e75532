#include "describe/forms/sequences.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "describe/forms/parameters.h"
#include "describe/forms/titles.h"
#include "describe/text/layers.h"
#include "describe/text/visit.h"
#include "syntax/formatter.h"

namespace cnnc {
namespace {

using Statements = std::vector<ast::Statement>;

constexpr size_t kLongest = 12;     // statements of a run
constexpr int kMostSequences = 12;  // of a text
constexpr size_t kMostParameters = 6;
constexpr int64_t kLeastGain = 100;       // characters that a sequence must spare
constexpr size_t kMostStatements = 8000;  // of a text in which runs are looked for
constexpr size_t kTries = 8;

// A run at a place of one of the lists.
struct Place {
  size_t list = 0, at = 0;
};

// A run of statements of one form, and its places, which do not overlap.
struct Run {
  size_t length = 0;
  std::vector<Place> places;
  int64_t characters = 0;  // of the run, as it is written
  int64_t gain = 0;        // an estimate; in characters
};

// The text as lists of statements, each statement with the number of its form.
struct Text {
  std::vector<Statements*> lists = {};
  std::vector<std::vector<int>> forms = {};
  std::vector<int64_t> lengths = {};           // of each form, in characters
  std::vector<std::vector<bool>> begins = {};  // whether a run may begin there
  std::vector<bool> stands = {};               // whether it may be a run alone
  std::vector<int> layers = {};                // how many it holds
  std::unordered_map<std::string, int> known = {};
};

bool may_be_in_run(const ast::Statement& s) {
  return !std::holds_alternative<ast::Input>(s.what) && !std::holds_alternative<ast::Output>(s.what) &&
         !std::holds_alternative<ast::Block>(s.what) && !std::holds_alternative<ast::From>(s.what) &&
         !std::holds_alternative<ast::Join>(s.what);
}

bool has_inner_reference(ast::Statement& s) {
  bool found = false;
  std::vector<ast::Statement> alone = {s};
  for_each_statement(alone, [&](ast::Statement& inner) {
    found |= std::holds_alternative<ast::From>(inner.what) || std::holds_alternative<ast::Join>(inner.what);
  });
  return found;
}

// An activation alone belongs to what is in front of it, wherever that stands.
bool may_begin(const Statements& list, size_t at) {
  return !belongs_to(list[at], list[at > 0 ? at - 1 : 0]);
}

int64_t characters_of(const std::string& text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return c != ' ' && c != '\n'; });
}

ast::Statement shortened(ast::Statement s) {
  Statements list = {std::move(s)};
  for_each_statement(list, [](ast::Statement& inner) {
    if (auto* layer = std::get_if<ast::Layer>(&inner.what)) *layer = trimmed(std::move(*layer));
  });
  return list[0];
}

int layers_of(const ast::Statement& s) {
  Statements list = {s};
  int count = 0;
  for_each_statement(list,
                     [&](ast::Statement& inner) { count += std::holds_alternative<ast::Layer>(inner.what); });
  return count;
}

int form_number(Text& text, ast::Statement& s) {
  if (!may_be_in_run(s) || has_inner_reference(s)) return -1;
  const auto [found, is_new] = text.known.emplace(form_of({s}), static_cast<int>(text.known.size()));
  if (!is_new) return found->second;
  ast::File file;
  file.statements = {shortened(s)};
  text.lengths.push_back(characters_of(format(file)) + 2);
  text.layers.push_back(layers_of(s));
  text.stands.push_back(!bodies_of(s).empty() && !std::holds_alternative<ast::Repeat>(s.what));
  return found->second;
}

Text read(Statements& statements) {
  Text text;
  for_each_list(statements, [&](Statements& list) { text.lists.push_back(&list); });
  for (Statements* list : text.lists) {
    text.forms.emplace_back();
    text.begins.emplace_back();
    for (ast::Statement& s : *list) text.forms.back().push_back(form_number(text, s));
    for (size_t at = 0; at < list->size(); ++at) text.begins.back().push_back(may_begin(*list, at));
  }
  return text;
}

// How much shorter the text gets, if a call is so long.
int64_t gain_of(int64_t count, int64_t characters, int64_t call) {
  return count * (characters - call) - characters - 25;
}

// A repeat had better follow what begins a stage than begin a sequence; in characters.
int64_t loss_of_beginning(const Text& text, const Run& run) {
  const ast::Statement& first = (*text.lists[run.places[0].list])[run.places[0].at];
  return run.length > 1 && std::holds_alternative<ast::Repeat>(first.what) ? 20 : 0;
}

// All runs that occur at least twice, the best first.
std::vector<Run> runs_of(const Text& text) {
  std::map<std::vector<int>, Run> runs;
  for (size_t list = 0; list < text.lists.size(); ++list) {
    const std::vector<int>& forms = text.forms[list];
    for (size_t at = 0; at < forms.size(); ++at) {
      std::vector<int> key;
      int64_t characters = 0;
      int layers = 0;
      Convs convs;
      for (size_t end = at; end < forms.size() && end < at + kLongest && forms[end] >= 0; ++end) {
        if (!text.begins[list][at]) break;
        key.push_back(forms[end]);
        characters += text.lengths[forms[end]];
        layers += text.layers[forms[end]];
        count_conv(convs, (*text.lists[list])[end]);
        if (layers < 2 || (key.size() == 1 && !text.stands[forms[at]])) continue;
        Run& run = runs[key];
        run.length = key.size();
        run.characters = characters;
        const Place* last = run.places.empty() ? nullptr : &run.places.back();
        const bool is_free = !last || last->list != list || last->at + run.length <= at;
        if (is_free && !is_cut_behind_depthwise(convs)) run.places.push_back({list, at});
      }
    }
  }
  std::vector<Run> result;
  for (auto& [key, run] : runs) {
    if (run.places.size() < 2) continue;
    run.gain =
        gain_of(static_cast<int64_t>(run.places.size()), run.characters, 12) - loss_of_beginning(text, run);
    if (run.gain >= kLeastGain) result.push_back(std::move(run));
  }
  std::stable_sort(result.begin(), result.end(), [](const Run& a, const Run& b) { return a.gain > b.gain; });
  return result;
}

Statements copy_of(const Text& text, const Run& run, const Place& place) {
  const auto begin = text.lists[place.list]->begin() + static_cast<std::ptrdiff_t>(place.at);
  return Statements(begin, begin + static_cast<std::ptrdiff_t>(run.length));
}

// A run with the parameters that it takes.
struct Sequence {
  Run run;
  Template shared;
  int64_t gain = 0;
};

int64_t call_length(const Template& shared, size_t piece) {
  int64_t length = 10;
  for (size_t p = 0; p < shared.parameters.size(); ++p) {
    const auto& parameter = shared.parameters[p];
    const ast::Expression& value = shared.arguments[piece][p];
    if (!parameter.default_value)
      length += static_cast<int64_t>(format(value).size()) + 1;
    else if (!is_equal(*parameter.default_value, value))
      length += static_cast<int64_t>(parameter.name.text.size() + format(value).size()) + 2;
  }
  return length;
}

Sequence sequence_of(const Text& text, Run run) {
  std::vector<Role> roles;
  std::vector<std::vector<ast::Expression>> pieces;
  for (const Place& place : run.places) {
    Statements statements = copy_of(text, run, place);
    roles.clear();
    pieces.emplace_back();
    for_each_slot(statements, [&](ast::Expression& e, const Role& role) {
      pieces.back().push_back(e);
      roles.push_back(role);
    });
  }
  Sequence sequence{std::move(run), template_of(roles, pieces)};
  sequence.gain = -sequence.run.characters - 25 - loss_of_beginning(text, sequence.run);
  for (size_t i = 0; i < pieces.size(); ++i)
    sequence.gain += sequence.run.characters - call_length(sequence.shared, i);
  return sequence;
}

std::optional<Sequence> best_sequence(const Text& text) {
  std::optional<Sequence> best;
  size_t tries = 0;
  for (Run& run : runs_of(text)) {
    if (++tries > kTries || (best && run.gain <= best->gain)) break;
    Sequence sequence = sequence_of(text, std::move(run));
    if (sequence.shared.parameters.size() > kMostParameters || sequence.gain < kLeastGain) continue;
    if (!best || sequence.gain > best->gain) best = std::move(sequence);
  }
  return best;
}

// The sequence's definition; its places become calls.
ast::Statement define(const Text& text, const Sequence& sequence, Titles& titles) {
  ast::Block block;
  block.is_sequence = true;
  block.parameters = sequence.shared.parameters;
  block.body.statements = copy_of(text, sequence.run, sequence.run.places[0]);
  block.name.text = title_of_sequence(titles, block.body.statements);
  size_t slot = 0;
  for_each_slot(block.body.statements,
                [&](ast::Expression& e, const Role&) { e = sequence.shared.slots[slot++]; });
  // Lists inside of others first, and of one list the last place first: what comes later stays where it is.
  std::vector<size_t> order;
  for (size_t i = 0; i < sequence.run.places.size(); ++i) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const Place &left = sequence.run.places[a], &right = sequence.run.places[b];
    return left.list != right.list ? left.list < right.list : left.at > right.at;
  });
  for (const size_t i : order) {
    const Place& place = sequence.run.places[i];
    ast::Call call{block.name, {}, {}};
    for (size_t p = 0; p < block.parameters.size(); ++p)
      call.arguments.push_back({block.parameters[p].name, sequence.shared.arguments[i][p]});
    Statements& list = *text.lists[place.list];
    const auto begin = list.begin() + static_cast<std::ptrdiff_t>(place.at);
    begin->what = std::move(call);
    begin->as.reset();
    list.erase(begin + 1, begin + static_cast<std::ptrdiff_t>(sequence.run.length));
  }
  ast::Statement definition;
  definition.what = std::move(block);
  return definition;
}

// Definitions in front of what calls them.
void put_in_order(Statements& definitions) {
  std::map<std::string, size_t> places;
  for (size_t i = 0; i < definitions.size(); ++i)
    places[std::get<ast::Block>(definitions[i].what).name.text] = i;
  Statements result;
  std::vector<bool> is_done(definitions.size());
  const std::function<void(size_t)> put = [&](size_t i) {
    if (is_done[i]) return;
    is_done[i] = true;
    for_each_statement(std::get<ast::Block>(definitions[i].what).body.statements, [&](ast::Statement& s) {
      if (const auto* call = std::get_if<ast::Call>(&s.what)) put(places.at(call->block.text));
    });
    result.push_back(std::move(definitions[i]));
  };
  for (size_t i = 0; i < definitions.size(); ++i) put(i);
  definitions = std::move(result);
}

}  // namespace

ast::File with_sequences(ast::File file) {
  Titles titles;
  Statements definitions, rest;
  for (ast::Statement& s : file.statements) {
    const auto* block = std::get_if<ast::Block>(&s.what);
    if (block) titles.taken.insert(block->name.text);
    (block ? definitions : rest).push_back(std::move(s));
  }
  for (int n = 0; n < kMostSequences; ++n) {
    Statements all = std::move(definitions);
    const size_t count = all.size();
    for (ast::Statement& s : rest) all.push_back(std::move(s));
    Text text = read(all);
    std::optional<Sequence> best;
    if (text.forms.size() + all.size() < kMostStatements) best = best_sequence(text);
    std::optional<ast::Statement> definition;
    if (best) definition = define(text, *best, titles);
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(count);
    definitions.assign(std::make_move_iterator(all.begin()), std::make_move_iterator(middle));
    rest.assign(std::make_move_iterator(middle), std::make_move_iterator(all.end()));
    if (!best) break;
    definitions.push_back(std::move(*definition));
  }
  put_in_order(definitions);
  const auto is_input = [](const ast::Statement& s) { return std::holds_alternative<ast::Input>(s.what); };
  const auto body = std::find_if_not(rest.begin(), rest.end(), is_input);
  rest.insert(body, definitions.begin(), definitions.end());
  file.statements = std::move(rest);
  return file;
}

}  // namespace cnnc
