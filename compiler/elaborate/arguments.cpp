#include "elaborate/arguments.h"

#include <fmt/format.h>

#include "elaborate/expressions.h"
#include "elaborate/slips.h"
#include "elaborate/values.h"
#include "support/suggest.h"

namespace cnnc::elaboration {
namespace {

// The arguments of one layer and how far they are read.
struct Reader {
  State& state;
  const Operator& op;
  const std::vector<ast::Argument>& arguments;
  Span statement;
  size_t next = 0;
  LayerArguments result;

  bool at_end() const { return next == arguments.size(); }
};

// The rule that a word stands for, or null.
const AttributeRule* keyword_rule(const Operator& op, const ast::Argument& argument) {
  const std::string* text = word(argument);
  if (!text) return nullptr;
  for (const AttributeRule& rule : op.attributes) {
    if (!rule.positional && rule.name == *text) return &rule;
  }
  return nullptr;
}

std::vector<std::string> names_of_rules(const Operator& op, bool positional) {
  std::vector<std::string> names;
  for (const AttributeRule& rule : op.attributes) {
    if (rule.positional == positional) names.emplace_back(rule.name);
  }
  return names;
}

std::string upper(std::string_view name) {
  std::string result(name);
  for (char& c : result) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return result;
}

bool must_be_written(const AttributeRule& rule) {
  return !rule.default_value;
}

// "write 'conv CHANNELS FILTER', such as 'conv 64 3x3'"
std::string usage(const Operator& op) {
  std::string form(op.name), example(op.name);
  for (const AttributeRule& rule : op.attributes) {
    if (!rule.positional && !must_be_written(rule)) continue;
    if (!rule.positional) {
      form += fmt::format(" {}", rule.name);
      example += fmt::format(" {}", rule.name);
    }
    form += " " + upper(rule.name);
    example += " " + example_of(rule);
  }
  return fmt::format("write '{}', such as '{}'", form, example);
}

// The keyword that an expression begins with, as `pad -1` does, which reads as `pad - 1`; or null.
const AttributeRule* leading_keyword(const Operator& op, const ast::Argument& argument) {
  const auto* expression = std::get_if<ast::Expression>(&argument);
  while (expression && !expression->parenthesised && expression->operands.size() == 2) {
    expression = &expression->operands[0];
  }
  return expression ? keyword_rule(op, *expression) : nullptr;
}

// How it is written: 'concat along' is a form of 'concat'.
std::string_view word_of(const Operator& op) {
  return op.name == "concat_along" ? "concat" : op.name;
}

// How many arguments are meant as the rule's value: of a padding, all the numbers that stand side by side; of
// axes, all up to the next word of the operator; else one.
size_t count_of_values(const Reader& reader, const AttributeRule& rule) {
  size_t last = reader.next + 1;
  if (rule.kind == AttributeKind::axes) {
    while (last < reader.arguments.size() && !keyword_rule(reader.op, reader.arguments[last])) ++last;
    return last - reader.next;
  }
  if (rule.kind != AttributeKind::padding) return 1;
  const auto is_number = [&](const ast::Argument& argument) {
    const AttributeRule* keyword = leading_keyword(reader.op, argument);
    if (!word(argument)) return !keyword || reader.state.frames.back().parameters.count(keyword->name) > 0;
    return is_parameter(reader.state, argument) && !keyword_rule(reader.op, argument);
  };
  if (chosen_word(rule, reader.arguments[reader.next])) return 1;
  while (last < reader.arguments.size() && is_number(reader.arguments[last])) ++last;
  return last - reader.next;
}

// Takes the rule's values from the arguments on; false if there are none or they are wrong, which is
// reported.
bool read_value(Reader& reader, const AttributeRule& rule, const std::string& hint) {
  const size_t count = count_of_values(reader, rule);
  const std::vector<ast::Argument> values(reader.arguments.begin() + reader.next,
                                          reader.arguments.begin() + reader.next + count);
  reader.next += count;
  const Span where = join(ast::where(values.front()), ast::where(values.back()));
  auto value = value_of(reader.state, {word_of(reader.op), rule, where, hint}, values);
  if (!value) return false;
  reader.result.attributes.insert_or_assign(std::string(rule.name), std::move(*value));
  reader.result.where.insert_or_assign(std::string(rule.name), where);
  return true;
}

// Goes on at the next word of the operator.
void skip_to_keyword(Reader& reader) {
  while (!reader.at_end() && !keyword_rule(reader.op, reader.arguments[reader.next])) ++reader.next;
}

// What stands where one of the operator's words should, and is a number.
void report_number(Reader& reader, const ast::Argument& argument, const std::string& words) {
  const Span where = ast::where(argument);
  const std::string found = text_at(reader.state, where);
  if (const AttributeRule* rule = leading_keyword(reader.op, argument)) {
    return error(
        reader.state, where, fmt::format("'{}' reads as arithmetic with the word '{}'", found, rule->name),
        rule->kind == AttributeKind::axis
            ? kAxesHint
            : fmt::format("a value that begins with '-' stands in parentheses: '{} (-1)'", rule->name));
  }
  const auto places = names_of_rules(reader.op, true);
  const std::string takes = places.empty() ? "no values" : "only its " + list_of(places);
  if (words.empty()) {
    return error(reader.state, where, fmt::format("'{}' takes {}; found '{}'", reader.op.name, takes, found));
  }
  error(reader.state, where,
        fmt::format("'{}' takes {} before its words; found '{}'", reader.op.name, takes, found),
        reader.result.where.size() > places.size() ? "two sizes of one thing are joined: '2x1'; " + words
                                                   : words);
}

// What stands where one of the operator's words should, and is none.
void report_no_keyword(Reader& reader) {
  const ast::Argument& argument = reader.arguments[reader.next];
  const auto keywords = names_of_rules(reader.op, false);
  const std::string words =
      keywords.empty() ? "" : fmt::format("the words of '{}': {}", reader.op.name, list_of(keywords));
  const std::string* text = word(argument);
  if (!text || keywords.empty()) return report_number(reader, argument, words);
  const std::string slip = hint_for_slip(reader.state, reader.op, reader.arguments, reader.next);
  error(reader.state, ast::where(argument),
        fmt::format("'{}' has no '{}'{}", reader.op.name, *text, did_you_mean(*text, keywords)),
        slip.empty() ? words : slip);
}

// The values that stand by their place; after a wrong one the others are not looked at.
bool read_positional(Reader& reader) {
  for (const AttributeRule& rule : reader.op.attributes) {
    if (!rule.positional) continue;
    const bool missing = reader.at_end() || keyword_rule(reader.op, reader.arguments[reader.next]);
    if (missing && rule.default_value) continue;
    if (missing) {
      const Span where = reader.at_end() ? reader.statement : ast::where(reader.arguments[reader.next]);
      error(reader.state, where, fmt::format("'{}' lacks its {}", reader.op.name, rule.name),
            usage(reader.op));
      return false;
    }
    const ast::Argument& argument = reader.arguments[reader.next];
    if (rule.name == std::string_view("filter") && is_filter_word(argument) &&
        !is_parameter(reader.state, argument)) {
      report_no_keyword(reader);
      return false;
    }
    if (!read_value(reader, rule, usage(reader.op))) return false;
  }
  return true;
}

// `stride 2x1`: false if it is wrong, which is reported.
bool read_keyword(Reader& reader) {
  const ast::Argument& argument = reader.arguments[reader.next];
  const AttributeRule* rule = keyword_rule(reader.op, argument);
  if (!rule) {
    report_no_keyword(reader);
    ++reader.next;
    skip_to_keyword(reader);
    return false;
  }
  ++reader.next;
  const std::string hint = keyword_usage(*rule);
  if (reader.result.where.count(rule->name) > 0) {
    error(reader.state, ast::where(argument), fmt::format("'{}' is given twice", rule->name),
          "leave one out");
    skip_to_keyword(reader);
    return false;
  }
  reader.result.where.emplace(rule->name, ast::where(argument));
  const bool is_next_keyword = !reader.at_end() && keyword_rule(reader.op, reader.arguments[reader.next]) &&
                               !is_parameter(reader.state, reader.arguments[reader.next]);
  if (reader.at_end() || is_next_keyword) {
    error(reader.state, ast::where(argument), fmt::format("'{}' lacks its value", rule->name), hint);
    return false;
  }
  return read_value(reader, *rule, hint);
}

// Reports each word that must be written and is not; whether all are.
bool has_required_words(Reader& reader) {
  bool all = true;
  for (const AttributeRule& rule : reader.op.attributes) {
    if (rule.positional || !must_be_written(rule) || reader.result.where.count(rule.name) > 0) continue;
    error(reader.state, reader.statement, fmt::format("'{}' lacks its {}", reader.op.name, rule.name),
          usage(reader.op));
    all = false;
  }
  return all;
}

}  // namespace

LayerArguments default_arguments(const Operator& op) {
  LayerArguments result;
  for (const AttributeRule& rule : op.attributes) {
    if (rule.default_value) result.attributes.emplace(rule.name, *rule.default_value);
  }
  return result;
}

std::optional<LayerArguments> read_arguments(State& state, const Operator& op, const ast::Layer& layer,
                                             Span statement) {
  if (!spend(state, layer.arguments.size())) return std::nullopt;
  Reader reader{state, op, layer.arguments, statement, 0, default_arguments(op)};
  bool good = read_positional(reader);
  if (!good) skip_to_keyword(reader);
  while (!reader.at_end() && !state.stopped) good = read_keyword(reader) && good;
  if (!good || !has_required_words(reader)) return std::nullopt;
  return std::move(reader.result);
}

}  // namespace cnnc::elaboration
