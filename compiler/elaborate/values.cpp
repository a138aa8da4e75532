#include "elaborate/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "elaborate/expressions.h"
#include "support/limits.h"
#include "support/suggest.h"

namespace cnnc::elaboration {
namespace {

// "'constant', 'reflect' or 'replicate'"
std::string quoted_choices(const AttributeRule& rule) {
  std::string text;
  for (size_t i = 0; i < rule.choices.size(); ++i)
    text += fmt::format("{}'{}'",
                        i == 0                         ? ""
                        : i + 1 == rule.choices.size() ? " or "
                                                       : ", ",
                        rule.choices[i]);
  return text;
}

std::string wanted(const AttributeRule& rule) {
  switch (rule.kind) {
    case AttributeKind::integer:
      return "one whole number";
    case AttributeKind::real:
      return "one number";
    case AttributeKind::pair:
      return "a whole number or HEIGHTxWIDTH";
    case AttributeKind::padding:
      return rule.choices.empty()
                 ? "a whole number, HEIGHTxWIDTH or four numbers (top bottom left right)"
                 : "a whole number, HEIGHTxWIDTH, four numbers (top bottom left right) or 'same'";
    case AttributeKind::word:
      return quoted_choices(rule);
    case AttributeKind::shape:
      return fmt::format("one to {} sizes, such as 3x6x40x40,", limits::kRank);
    case AttributeKind::axis:
      return "an axis, a number or 'channels', 'rows' or 'columns',";
    case AttributeKind::axes:
      return "axes, numbers or 'channels', 'rows' and 'columns',";
    default:
      return "'on' or 'off'";
  }
}

void report(State& state, const ValueOf& target, Span where, const std::string& wants,
            const std::string& found, const std::string& hint) {
  error(state, where,
        fmt::format("'{}' wants {} for its {}; found {}", target.op, wants, target.rule.name, found), hint);
}

// The attribute is of another kind than what was written.
std::nullopt_t report_kind(State& state, const ValueOf& target) {
  report(state, target, target.where, wanted(target.rule), fmt::format("'{}'", text_at(state, target.where)),
         target.hint);
  return std::nullopt;
}

template <class T>
std::nullopt_t report_range(State& state, const ValueOf& target, Span where, T value) {
  const bool low = static_cast<double>(value) < target.rule.minimum;
  const std::string written = text_at(state, where), number = fmt::format("{}", value);
  report(
      state, target, where,
      low ? fmt::format("at least {}", target.rule.minimum) : fmt::format("at most {}", target.rule.maximum),
      written == number ? number : fmt::format("'{}', which is {}", written, number), "");
  return std::nullopt;
}

bool is_in_range(const AttributeRule& rule, double value) {
  return value >= rule.minimum && value <= rule.maximum;
}

// Environment of the block that is being expanded.
const Environment& parameters(const State& state) {
  return state.frames.back().parameters;
}

std::optional<int64_t> integer_value(State& state, const ValueOf& target, const ast::Expression& expression) {
  const auto value = evaluate(state, parameters(state), expression);
  if (value && !is_in_range(target.rule, static_cast<double>(*value))) {
    return report_range(state, target, expression.where, *value);
  }
  return value;
}

std::optional<AttributeValue> real_value(State& state, const ValueOf& target,
                                         const ast::Expression& expression) {
  const auto value = evaluate_real(state, parameters(state), expression);
  if (!value) return std::nullopt;
  if (!is_in_range(target.rule, *value)) return report_range(state, target, expression.where, *value);
  return *value;
}

std::optional<AttributeValue> on_off_value(State& state, const ValueOf& target,
                                           const ast::Argument& argument) {
  const std::string* text = word(argument);
  if (!text || (*text != "on" && *text != "off")) return report_kind(state, target);
  return *text == "on";
}

std::optional<AttributeValue> word_value(State& state, const ValueOf& target, const ast::Argument& argument) {
  if (const std::string* text = chosen_word(target.rule, argument)) return *text;
  const std::string* text = word(argument);
  if (!text) return report_kind(state, target);
  const std::vector<std::string> choices(target.rule.choices.begin(), target.rule.choices.end());
  report(state, target, target.where, quoted_choices(target.rule),
         fmt::format("'{}'{}", *text, did_you_mean(*text, choices)), target.hint);
  return std::nullopt;
}

// Each of the expressions; empty if one has no value.
std::optional<std::vector<int64_t>> all_values(State& state, const ValueOf& target,
                                               const std::vector<ast::Expression>& expressions) {
  std::vector<int64_t> values;
  for (const ast::Expression& expression : expressions) {
    const auto value = integer_value(state, target, expression);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

// "3" → {3, 3}; "3x5" → {3, 5}
std::optional<std::vector<int64_t>> pair_value(State& state, const ValueOf& target,
                                               const ast::Argument& argument) {
  if (const auto* dimensions = std::get_if<ast::Dimensions>(&argument)) {
    if (dimensions->sizes.size() != 2) return report_kind(state, target);
    return all_values(state, target, dimensions->sizes);
  }
  const auto value = integer_value(state, target, std::get<ast::Expression>(argument));
  if (!value) return std::nullopt;
  return std::vector<int64_t>{*value, *value};
}

std::optional<AttributeValue> padding_value(State& state, const ValueOf& target,
                                            const std::vector<ast::Argument>& arguments) {
  if (arguments.size() == 1) {
    const std::string* text = word(arguments[0]);
    if (chosen_word(target.rule, arguments[0])) return *text;
    if (text && !is_parameter(state, arguments[0])) return report_kind(state, target);
    const auto pair = pair_value(state, target, arguments[0]);
    if (!pair) return std::nullopt;
    return std::vector<int64_t>{(*pair)[0], (*pair)[0], (*pair)[1], (*pair)[1]};
  }
  std::vector<ast::Expression> sides;
  for (const ast::Argument& argument : arguments) {
    if (const auto* side = std::get_if<ast::Expression>(&argument)) sides.push_back(*side);
  }
  if (sides.size() != 4) return report_kind(state, target);
  auto values = all_values(state, target, sides);
  if (!values) return std::nullopt;
  return std::move(*values);
}

// The axes of a map by their names.
std::optional<int64_t> axis_called(const ast::Argument& argument) {
  static constexpr std::array<std::string_view, 3> names = {"channels", "rows", "columns"};
  const std::string* text = word(argument);
  const auto found = std::find(names.begin(), names.end(), text ? *text : "");
  return found == names.end() ? std::nullopt : std::optional<int64_t>(found - names.begin());
}

// `1 -1` written for two axes, which reads as a difference.
bool is_written_as_two(const State& state, const ast::Expression& expression) {
  if (expression.kind != ast::Expression::Kind::subtract || expression.parenthesised) return false;
  const Span between{expression.operands.at(0).where.end, expression.operands.at(1).where.begin};
  const std::string minus = text_at(state, between);
  return minus.front() == ' ' && minus.back() == '-';
}

// The number of an axis, counted from the first.
std::optional<int64_t> counted_axis(State& state, const ValueOf& target, const ast::Expression& expression) {
  const auto value = evaluate(state, parameters(state), expression);
  if (!value) return std::nullopt;
  if (is_written_as_two(state, expression)) {
    error(state, expression.where,
          fmt::format("'{}' reads as a difference, {}", text_at(state, expression.where), *value), kAxesHint);
    return std::nullopt;
  }
  if (*value >= 0) return integer_value(state, target, expression);
  report(state, target, expression.where, "an axis from 0 on", fmt::format("{}", *value), kAxesHint);
  return std::nullopt;
}

std::optional<int64_t> axis_value(State& state, const ValueOf& target, const ast::Argument& argument) {
  const auto* expression = std::get_if<ast::Expression>(&argument);
  const bool is_unknown_word = word(argument) && !is_parameter(state, argument);
  if (is_unknown_word && axis_called(argument)) return axis_called(argument);
  if (!expression || is_unknown_word) return report_kind(state, target);
  return counted_axis(state, target, *expression);
}

std::optional<AttributeValue> axes_value(State& state, const ValueOf& target,
                                         const std::vector<ast::Argument>& arguments) {
  std::vector<int64_t> axes;
  for (const ast::Argument& argument : arguments) {
    const auto axis = axis_value(state, target, argument);
    if (!axis) return std::nullopt;
    axes.push_back(*axis);
  }
  return axes;
}

std::optional<AttributeValue> shape_value(State& state, const ValueOf& target,
                                          const ast::Argument& argument) {
  const auto* dimensions = std::get_if<ast::Dimensions>(&argument);
  if (dimensions && static_cast<int64_t>(dimensions->sizes.size()) > limits::kRank)
    return report_kind(state, target);
  auto sizes = all_values(
      state, target,
      dimensions ? dimensions->sizes : std::vector<ast::Expression>{std::get<ast::Expression>(argument)});
  if (!sizes) return std::nullopt;
  return std::move(*sizes);
}

}  // namespace

const std::string* word(const ast::Argument& argument) {
  const auto* expression = std::get_if<ast::Expression>(&argument);
  const bool is_word =
      expression && expression->kind == ast::Expression::Kind::name && !expression->parenthesised;
  return is_word ? &expression->text : nullptr;
}

const std::string* chosen_word(const AttributeRule& rule, const ast::Argument& argument) {
  const std::string* text = word(argument);
  const auto begin = rule.choices.begin(), end = rule.choices.end();
  return text && std::find(begin, end, *text) != end ? text : nullptr;
}

bool is_parameter(const State& state, const ast::Argument& argument) {
  const std::string* text = word(argument);
  return text && parameters(state).count(*text) > 0;
}

std::string example_of(const AttributeRule& rule) {
  if (!rule.example.empty()) return std::string(rule.example);
  switch (rule.kind) {
    case AttributeKind::integer:
      return "64";
    case AttributeKind::real:
      return "0.5";
    case AttributeKind::pair:
      return "3x3";
    case AttributeKind::padding:
      return "1";
    case AttributeKind::word:
      return std::string(rule.choices.back());
    case AttributeKind::shape:
      return "3x6x40x40";
    default:
      return "off";
  }
}

std::string keyword_usage(const AttributeRule& rule) {
  const std::string_view name = rule.name;
  switch (rule.kind) {
    case AttributeKind::integer:
      return fmt::format("write '{} {}'", name, rule.example.empty() ? "2" : rule.example);
    case AttributeKind::pair:
      return fmt::format("write '{0} 2' or, for height and width, '{0} 2x1'", name);
    case AttributeKind::padding:
      return rule.choices.empty()
                 ? fmt::format("write '{0} 1', '{0} 1x2' or '{0} 0 1 0 1'", name)
                 : fmt::format("write '{0} 1', '{0} 1x2', '{0} 0 1 0 1' or '{0} same'", name);
    default:
      return fmt::format("write '{} {}'", name, example_of(rule));
  }
}

std::optional<AttributeValue> value_of(State& state, const ValueOf& target,
                                       const std::vector<ast::Argument>& arguments) {
  const ast::Argument& first = arguments.front();
  const bool has_parameters = !parameters(state).empty();
  const AttributeKind kind = target.rule.kind;
  const bool may_be_word = kind == AttributeKind::on_off || kind == AttributeKind::word ||
                           kind == AttributeKind::padding || kind == AttributeKind::axis ||
                           kind == AttributeKind::axes;
  const auto* expression = std::get_if<ast::Expression>(&first);
  const bool is_infinite = kind == AttributeKind::real && expression && is_infinity(*expression);
  if (!has_parameters && !may_be_word && word(first) && !is_infinite) return report_kind(state, target);
  switch (kind) {
    case AttributeKind::on_off:
      return on_off_value(state, target, first);
    case AttributeKind::word:
      return word_value(state, target, first);
    case AttributeKind::padding:
      return padding_value(state, target, arguments);
    case AttributeKind::pair: {
      auto pair = pair_value(state, target, first);
      if (!pair) return std::nullopt;
      return std::move(*pair);
    }
    case AttributeKind::shape:
      return shape_value(state, target, first);
    case AttributeKind::axes:
      return axes_value(state, target, arguments);
    case AttributeKind::axis: {
      const auto axis = axis_value(state, target, first);
      if (!axis) return std::nullopt;
      return *axis;
    }
    case AttributeKind::real:
      return expression ? real_value(state, target, *expression) : report_kind(state, target);
    default: {
      if (!expression) return report_kind(state, target);
      const auto value = integer_value(state, target, *expression);
      if (!value) return std::nullopt;
      return *value;
    }
  }
}

}  // namespace cnnc::elaboration
